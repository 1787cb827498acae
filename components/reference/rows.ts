import { provenance, spaces, type Scenario, type Space, type TableName } from '#lib/index.ts'
import { reference } from '#components/words/en/reference.ts'
import { writers } from '#components/words/en/writers.ts'
import type { Seen } from './seen.ts'

/* Rows of a table in the worlds that ship: who writes them, and where some stand. */

/** Rows that are enough to see how they are printed. */
export const ENOUGH = 8

const rowsIn = (s: Space, table: TableName): readonly object[] =>
  (s as unknown as Readonly<Record<string, readonly object[]>>)[table] ?? []

/** Who writes rows of a table: into the worlds as they ship, and while packets travel. */
export function writersOf(
  table: TableName,
  all: readonly Scenario[],
  seen: readonly Seen[],
): string[] {
  const found = new Set<string>()
  for (const { topology } of all)
    for (const s of spaces(topology))
      rowsIn(s, table).forEach((_, row) => {
        const by = provenance(topology, { in: s.name, table, row })
        if (by !== null) found.add(writers.wrote(by.who, by.after))
      })
  const written = seen.some(({ walk }) =>
    walk.steps.some((step) => step.writes.some((e) => e.table === table)),
  )
  return [...found, ...(written ? [reference.walked(writers.walked(table))] : [])]
}

/** A space that has rows of a table. */
export interface Holder {
  readonly world: Scenario
  readonly space: Space
}

/** The space whose rows show best how the table is printed: one with a few. */
export function holderOf(table: TableName, all: readonly Scenario[]): Holder | null {
  const holders = all.flatMap((world) =>
    spaces(world.topology)
      .filter((space) => rowsIn(space, table).length > 0)
      .map((space) => ({ world, space, count: rowsIn(space, table).length })),
  )
  const few = holders.filter((h) => h.count <= ENOUGH).toSorted((a, b) => b.count - a.count)
  return few[0] ?? holders.toSorted((a, b) => a.count - b.count)[0] ?? null
}

/** A holder after a walk has written rows: what no world ships with is written by packets. */
export function holderAfter(table: TableName, seen: readonly Seen[]): Holder | null {
  for (const { world, walk } of seen)
    for (const space of spaces(walk.after))
      if (rowsIn(space, table).length > 0) return { world, space }
  return null
}
