import { rowsLike } from './keyed.ts'
import { REFUSALS } from './refusals.ts'
import { readable, type Refuse } from './refuse.ts'
import type { LinuxTables, Netns, TableName } from './topology.ts'

/** Tables whose rows Linux may refuse. */
export type Refusing = keyof typeof REFUSALS
export const REFUSING = Object.keys(REFUSALS) as Refusing[]
const isRefusing = (table: string): table is Refusing => Object.hasOwn(REFUSALS, table)
/** What a table refuses, of rows of which only the table is known. */
const refuseOf = (table: Refusing): Refuse<keyof LinuxTables> =>
  REFUSALS[table] as unknown as Refuse<keyof LinuxTables>

/** EEXIST. */
const EXISTS = 'File exists: '

/** The rows of a table that cannot stand there, whenever they came, each with why and the remedy. */
export function refusedRows(
  n: Netns,
  table: Refusing,
  say: (row: number, why: string) => void,
): void {
  const { alone, one, replaces, exists = EXISTS } = refuseOf(table)
  const first = new Map<string, number>()
  n[table].forEach((x, row) => {
    const why = alone?.(n, x) ?? null
    if (why !== null) say(row, why)
    if (one === undefined) return
    const key = one(n, x)
    const before = first.get(key)
    if (before === undefined) first.set(key, row)
    else say(row, `${replaces ? '' : exists}row ${before} is a ${key} too; keep one of the two`)
  })
}

/** Why a row cannot be added or become so now: that, and what counts at the moment it is; null if it can. `n` has it. */
export function refusedNow(n: Netns, table: TableName, given: object): string | null {
  if (!isRefusing(table) || !readable(given)) return null
  const row = given as LinuxTables[Refusing]
  const { alone, one, replaces, exists = EXISTS, now } = refuseOf(table)
  const no = alone?.(n, row) ?? null
  if (no !== null) return no
  if (one !== undefined) {
    const key = one(n, row)
    const rows: readonly LinuxTables[Refusing][] = n[table]
    const like = rowsLike(table, rows, row)?.map((at) => rows[at]!) ?? rows
    if (like.some((x) => x !== row && readable(x) && one(n, x) === key))
      return `${replaces ? '' : exists}there is a ${key} already; change that one`
  }
  return now?.(n, row) ?? null
}
