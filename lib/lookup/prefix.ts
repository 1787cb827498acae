import { maskOf, parseCidr, toNumber } from '#lib/wire/addr.ts'
import { grouped, indexed, type Order, type RowsBy } from '#lib/topology/indexed.ts'

/** Prefixes hashed by length: one map per length that occurs, longest first. Values are row numbers, best first. Keys are signed 32-bit, as `&` gives them. */
export interface Prefixes {
  readonly lengths: readonly number[]
  readonly masks: readonly number[]
  readonly maps: readonly RowsBy<number>[]
}

/** `main/24` for each table and length: built once, since a new text must be hashed before it can be looked up. */
let levels = new Map<string, string[]>()
const MOST_LEVELS = 4096
function level(table: string, bits: number): string {
  let known = levels.get(table)
  if (known === undefined) {
    if (levels.size >= MOST_LEVELS) levels = new Map()
    levels.set(table, (known = []))
  }
  return (known[bits] ??= `${table}/${bits}`)
}

/**
 * The prefixes of rows, each in the table that its row is of; of rows with the same prefix the first is the best, unless `order`
 * says otherwise. RangeError on a malformed prefix.
 */
export function prefixes<Row extends object>(
  table: (row: Row) => string,
  prefix: (row: Row) => string,
  order?: Order<Row>,
): (rows: readonly Row[]) => ReadonlyMap<string, Prefixes> {
  const byLevel = grouped<Row, string, number>((row, put) => {
    const { base, bits } = parseCidr(prefix(row))
    put(level(table(row), bits), base | 0)
  }, order)
  const tablesOf = (rows: readonly Row[]): ReadonlyMap<string, Prefixes> => {
    const tables = new Map<string, [bits: number, map: RowsBy<number>][]>()
    for (const [name, map] of byLevel(rows)) {
      const slash = name.lastIndexOf('/')
      const [table, bits] = [name.slice(0, slash), Number(name.slice(slash + 1))]
      const found = tables.get(table)
      if (found === undefined) tables.set(table, [[bits, map]])
      else found.push([bits, map])
    }
    return new Map([...tables].map(([table, found]) => [table, longestFirst(found)]))
  }
  return indexed(tablesOf, (_known, _descent, rows) => tablesOf(rows))
}

function longestFirst(found: readonly (readonly [bits: number, map: RowsBy<number>])[]): Prefixes {
  const sorted = found.toSorted(([a], [b]) => b - a)
  return {
    lengths: sorted.map(([bits]) => bits),
    masks: sorted.map(([bits]) => maskOf(bits) | 0),
    maps: sorted.map(([, map]) => map),
  }
}

/** The row with the longest prefix that contains the address, or -1; as a table that nothing else of an address is asked of has it. */
export function longestFor(p: Prefixes, ip: string): number {
  return longest(p, toNumber(ip))
}

/** The rows that contain the address, longest prefix first. */
export function containing(p: Prefixes, ip: string): number[] {
  const address = toNumber(ip)
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
