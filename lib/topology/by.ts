import { rowAt, type Ref, type Space, type TableName, type Topology } from './topology.ts'

/** Who wrote a row (a program, or the kernel), and after which event, both as codes: `{ who: 'flanneld', after: 'lease-added' }`. */
export interface By {
  readonly who: string
  readonly after: string
}
/** Rows of one space by their tables, and who wrote them; without `by` nobody says. */
export interface Written {
  readonly by?: By
  readonly rows: { readonly [T in TableName]?: readonly object[] }
}

// Beside the rows, not in them: who wrote a row is no part of it where rows are compared, written to a file or printed.
const authors = new WeakMap<Space, readonly Written[]>()

/** Says who wrote the rows of a space as its source derives it. One note for all of them, however many there are. */
export function signed<S extends Space>(s: S, written: readonly Written[]): S {
  if (written.some((w) => w.by !== undefined)) authors.set(s, written)
  return s
}

/** Who wrote the row that stands there; null if nobody said, or if an edit has changed it since. Looks through what was written to its table. */
export function provenance(t: Topology, ref: Ref): By | null {
  const row = rowAt(t, ref)
  const source = t.source.derive(ref.in)
  const written = row === undefined || source === undefined ? [] : (authors.get(source) ?? [])
  return written.find((w) => w.rows[ref.table]?.includes(row!))?.by ?? null
}
