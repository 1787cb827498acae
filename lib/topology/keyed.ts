import { grouped } from './indexed.ts'
import type { Table } from './table.ts'
import { TABLES, type TableName } from './topology.ts'

/* Rows of a long table are found by the field in which they mostly differ. */

const keyColumn = (table: TableName): string | undefined =>
  (TABLES[table] as Table<object, 'netns'>).key
const field = (row: object, name: string): unknown =>
  (row as Readonly<Record<string, unknown>>)[name]
const KEYS = (Object.keys(TABLES) as TableName[])
  .map(keyColumn)
  .filter((name) => name !== undefined)
const INDEXES = new Map(
  [...new Set(KEYS)].map((name) => [
    name,
    grouped<object, '', unknown>((row, put) => put('', field(row, name))),
  ]),
)
/** Shorter tables are read through as fast. */
const WORTH = 64
const NONE: readonly number[] = []

/** Numbers of the rows that are like `fields` in the field that tells rows of the table apart, ascending. Null where that says nothing, and every row has to be looked at. */
export function rowsLike(
  table: TableName,
  rows: readonly object[],
  fields: object,
): readonly number[] | null {
  const name = keyColumn(table)
  if (name === undefined || rows.length < WORTH) return null
  const value = field(fields, name)
  return typeof value === 'string' || typeof value === 'number'
    ? (INDEXES.get(name)!(rows).get('')?.get(value) ?? NONE)
    : null
}
