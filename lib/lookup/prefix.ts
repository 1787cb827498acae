import { maskOf, parseCidr } from '#lib/wire/addr.ts'

/** Prefixes hashed by length: one Map per length that occurs, longest first. Values are row numbers, best first. Keys are signed 32-bit, as `&` gives them. */
export interface Prefixes {
  readonly lengths: readonly number[]
  readonly masks: readonly number[]
  readonly maps: readonly ReadonlyMap<number, readonly number[]>[]
}

/** Build from (row number, prefix) pairs; rows with the same prefix keep the order they are given in. Throws RangeError on a malformed prefix. */
export function buildPrefixes(rows: Iterable<readonly [row: number, cidr: string]>): Prefixes {
  const byLength: (Map<number, number[]> | undefined)[] = []
  for (const [row, text] of rows) {
    const { base, bits } = parseCidr(text)
    const map = (byLength[bits] ??= new Map<number, number[]>())
    const same = map.get(base | 0)
    if (same === undefined) map.set(base | 0, [row])
    else same.push(row)
  }
  const lengths: number[] = []
  const masks: number[] = []
  const maps: Map<number, number[]>[] = []
  for (let bits = 32; bits >= 0; bits -= 1) {
    const map = byLength[bits]
    if (map === undefined) continue
    lengths.push(bits)
    masks.push(maskOf(bits) | 0)
    maps.push(map)
  }
  return { lengths, masks, maps }
}

/** The rows that contain the address (a number), longest prefix first. */
export function containing(p: Prefixes, address: number): number[] {
  const found: number[] = []
  for (let i = 0; i < p.maps.length; i += 1) {
    const rows = p.maps[i]!.get(address & p.masks[i]!)
    if (rows !== undefined) found.push(...rows)
  }
  return found
}

/** The row with the longest prefix that contains the address (a number), or -1. */
export function longest(p: Prefixes, address: number): number {
  for (let i = 0; i < p.maps.length; i += 1) {
    const rows = p.maps[i]!.get(address & p.masks[i]!)
    if (rows !== undefined) return rows[0]!
  }
  return -1
}
