import { fromNumber, maskOf, toNumber, type Address } from './addr.ts'

/** How many other numberings there are. */
export const SEEDS = 4

/** What is turned of an address, by the private range it is in: bits that leave the range and the last byte as they are, so that whatever held an address holds it still. */
const TURNS: readonly (readonly [base: number, mask: number, turns: readonly number[]])[] = [
  [0x0a000000, 0xff000000, [0x00243100, 0x00496200, 0x006e0b00, 0x00375400]],
  [0xac100000, 0xfff00000, [0x00002500, 0x00004b00, 0x00006e00, 0x00001300]],
  [0xc0a80000, 0xffff0000, [0x00002a00, 0x00005400, 0x00007f00, 0x00001500]],
]

/** An address of a private range, or a prefix's with its bits, as another of the same range; others stay. `seed` is a whole number from 0; so many after it the same come again. */
export function renumbered(address: string, bits: number | null, seed: number): string {
  const n = toNumber(address as Address) >>> 0
  const found = TURNS.find(([base, mask]) => (n & mask) >>> 0 === base)
  if (found === undefined) return address
  const other = (n ^ found[2][seed % SEEDS]!) >>> 0
  if (bits === null) return fromNumber(other)
  // A network stays one; an address of a device keeps its host's bits.
  const mask = maskOf(bits) >>> 0
  return fromNumber((n & ~mask) >>> 0 === 0 ? (other & mask) >>> 0 : other)
}
