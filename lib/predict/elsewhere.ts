import { fromNumber, maskOf, toNumber, type Address } from '#lib/wire/addr.ts'
import { fromSpaces, spaces, type Space } from '#lib/topology/topology.ts'
import type { Scenario } from '#lib/worlds/scenario.ts'

/* The same network on other addresses: what was learned of one is asked of another. */

/** How many there are of each network. */
export const SEEDS = 4

/** What is turned of an address, by the private range it is in: bits that leave the range and the last byte as they are, so that whatever held an address holds it still. */
const TURNS: readonly (readonly [base: number, mask: number, turns: readonly number[]])[] = [
  [0x0a000000, 0xff000000, [0x00243100, 0x00496200, 0x006e0b00, 0x00375400]],
  [0xac100000, 0xfff00000, [0x00002500, 0x00004b00, 0x00006e00, 0x00001300]],
  [0xc0a80000, 0xffff0000, [0x00002a00, 0x00005400, 0x00007f00, 0x00001500]],
]

function turned(address: string, bits: number | null, seed: number): string {
  const n = toNumber(address as Address) >>> 0
  const found = TURNS.find(([base, mask]) => (n & mask) >>> 0 === base)
  if (found === undefined) return address
  const other = (n ^ found[2][seed % SEEDS]!) >>> 0
  if (bits === null) return fromNumber(other)
  // A network stays one; an address of a device keeps its host's bits.
  const mask = maskOf(bits) >>> 0
  return fromNumber((n & ~mask) >>> 0 === 0 ? (other & mask) >>> 0 : other)
}

const ADDRESSES = /(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3})(?:\/(\d{1,2}))?(?![\d.])/g

function renamed(x: unknown, seed: number): unknown {
  if (typeof x === 'string')
    return x.replace(ADDRESSES, (_, address: string, bits: string | undefined) =>
      bits === undefined
        ? turned(address, null, seed)
        : `${turned(address, Number(bits), seed)}/${bits}`,
    )
  if (Array.isArray(x)) return x.map((y) => renamed(y, seed))
  if (typeof x !== 'object' || x === null) return x
  return Object.fromEntries(Object.entries(x).map(([k, y]) => [k, renamed(y, seed)]))
}

/** A world on other addresses; `seed` is a whole number from 0, and the same one is the same world. */
export function elsewhere(world: Scenario, seed: number): Scenario {
  const { topology, flows, whatIfs } = world
  return {
    ...world,
    topology: fromSpaces(spaces(topology).map((s) => renamed(s, seed) as Space)),
    flows: renamed(flows, seed) as Scenario['flows'],
    whatIfs: renamed(whatIfs, seed) as Scenario['whatIfs'],
  }
}
