import { space, tablesOf, tablesToEdit, type Space, type TableName } from '#lib/index.ts'
import { yours, type Printed } from '#components/drawer/rows.ts'
import type { Built } from './build.ts'

/** One table as its tool prints it, with its rows, which lines name by number. */
export interface Looked {
  readonly there: Space
  readonly table: TableName
  readonly tables: readonly TableName[]
  /** Those that changes have put there and taken away are marked. */
  readonly output: Printed
  readonly rows: readonly object[]
}

/** What is looked at, in the network as it is and as it was. */
export function lookedAt(
  built: Built,
  unchanged: Built,
  [where, asked]: readonly [string, TableName],
): Looked | null {
  const { topology } = built.scenario
  const { names } = topology.source
  const there = space(topology, names.includes(where) ? where : (names[0] ?? ''))
  if (there === undefined) return null
  const tables = [...new Set([...tablesToEdit(there), ...tablesOf(there)])]
  const table = tables.includes(asked) ? asked : tables[0]!
  const rows = (there as unknown as Record<string, readonly object[]>)[table] ?? []
  const own = unchanged.scenario.topology
  return { there, table, tables, rows, output: yours(there.name, table, { own, now: topology }) }
}
