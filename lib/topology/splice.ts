import { saying } from './edit-words.ts'
import { withCuts } from './descent.ts'
import { EditError, same, type Cut, type Splice } from './edit.ts'
import { space, withSpace, withTable, type Topology } from './topology.ts'

/** The topology with the cuts made. EditError unless the rows that go stand where they are said to: the table is another than the one it was made for. */
export function spliced(t: Topology, e: Splice): Topology {
  const s = space(t, e.in)!
  const rows = (s as unknown as Readonly<Record<string, readonly object[]>>)[e.table]!
  const made: object[] = []
  let done = 0
  const cuts = readable(e)
  for (const cut of cuts) {
    if (
      cut.at < done ||
      cut.at + cut.out.length > rows.length ||
      !cut.out.every((row, n) => same(rows[cut.at + n], row))
    )
      throw new EditError(e, saying().undoneSince(cut.at))
    for (let n = done; n < cut.at; n += 1) made.push(rows[n]!)
    for (const row of cut.put) made.push(row)
    done = cut.at + cut.out.length
  }
  for (let n = done; n < rows.length; n += 1) made.push(rows[n]!)
  return withSpace(t, withTable(s, e.table, withCuts(made, rows, cuts) as never))
}

function readable(e: Splice): readonly Cut[] {
  const rows = (x: unknown): boolean =>
    Array.isArray(x) && x.every((row) => typeof row === 'object' && row !== null)
  const cuts: unknown = e.cuts
  if (
    !Array.isArray(cuts) ||
    !cuts.every((c: Partial<Cut> | null) => Number.isInteger(c?.at) && rows(c?.out) && rows(c?.put))
  )
    throw new EditError(e, saying().noCuts)
  return cuts as readonly Cut[]
}
