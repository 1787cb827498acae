import {
  space,
  tableAsTool,
  tablesOf,
  tablesToEdit,
  type Space,
  type TableName,
} from '#lib/index.ts'
import type { Built } from './build.ts'

/** One table as its tool prints it, with its rows, which lines name by number. */
export interface Looked {
  readonly there: Space
  readonly table: TableName
  readonly tables: readonly TableName[]
  readonly output: ReturnType<typeof tableAsTool>
  readonly rows: readonly object[]
  /** Lines that changes have put there, and lines that they have taken away. */
  readonly put: ReadonlySet<string>
  readonly gone: readonly string[]
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
  const output = tableAsTool(there, table)
  const before = space(unchanged.scenario.topology, there.name)
  const texts = (lines: ReturnType<typeof tableAsTool>['lines']): readonly string[] =>
    lines.flatMap((l) => (l.row === null ? [] : [l.text]))
  const was = new Set(before === undefined ? [] : texts(tableAsTool(before, table).lines))
  const is = new Set(texts(output.lines))
  return {
    there,
    table,
    tables,
    rows,
    output,
    put: new Set([...is].filter((l) => !was.has(l))),
    gone: [...was].filter((l) => !is.has(l)),
  }
}
