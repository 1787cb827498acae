import { renumbered } from '#lib/wire/renumber.ts'
import { fromSpaces, spaces, type Space } from '#lib/topology/topology.ts'
import type { Scenario } from '#lib/worlds/scenario.ts'

/* The same network on other addresses: what was learned of one is asked of another. */

const ADDRESSES = /(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3})(?:\/(\d{1,2}))?(?![\d.])/g

function renamed(x: unknown, seed: number): unknown {
  if (typeof x === 'string')
    return x.replace(ADDRESSES, (_, address: string, bits: string | undefined) =>
      bits === undefined
        ? renumbered(address, null, seed)
        : `${renumbered(address, Number(bits), seed)}/${bits}`,
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
