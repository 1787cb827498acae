import { same, type Edit } from './edit.ts'
import { space, withSpace, type Topology } from './topology.ts'

/** Fold rows the kernel wrote into a topology: plainly, without consequences (see apply for an author's edits).
 *  add appends, set changes the first row that matches, del removes it. A row that is not there: RangeError. */
export function writeAll(t: Topology, edits: readonly Edit[]): Topology {
  const tables = new Map<string, Map<string, Written>>()
  for (const e of edits) {
    const s = space(t, e.in)
    if (s === undefined) throw new RangeError(`no space ${e.in}`)
    const mine = tables.get(e.in) ?? new Map<string, Written>()
    tables.set(e.in, mine)
    const w = mine.get(e.table) ?? {
      rows: [...((s as unknown as Record<string, readonly unknown[]>)[e.table] ?? [])],
      found: new Map<string, number>(),
    }
    mine.set(e.table, w)
    if (e.op === 'add') {
      w.rows.push(e.row)
      continue
    }
    const at = find(w, e.where)
    if (at < 0) throw new RangeError(`${e.in}.${e.table}: no row with ${JSON.stringify(e.where)}`)
    if (e.op === 'del') {
      w.rows.splice(at, 1)
      w.found.clear()
    } else w.rows[at] = { ...(w.rows[at] as object), ...e.to }
  }
  let out = t
  for (const [name, changed] of tables)
    out = withSpace(out, {
      ...space(t, name)!,
      ...Object.fromEntries([...changed].map(([table, w]) => [table, w.rows])),
    } as ReturnType<typeof space> & object)
  return out
}

/** A table while it is written, and where rows were found: a storm writes the same entry thousands of times. */
interface Written {
  readonly rows: unknown[]
  readonly found: Map<string, number>
}

/** The first row that matches; what was found before is tried first. Rows before it do not come to match: a set leaves the fields alone that find its row. */
function find({ rows, found }: Written, where: Readonly<Record<string, unknown>>): number {
  const key = JSON.stringify(where)
  const before = found.get(key)
  if (before !== undefined && matches(rows[before], where)) return before
  const at = rows.findIndex((row) => matches(row, where))
  if (at >= 0) found.set(key, at)
  return at
}

/** Are the fields named in `where` equal in the row? Objects and arrays are compared by content. */
export function matches(row: unknown, where: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(where).every(([k, v]) => same((row as Record<string, unknown>)[k], v))
}
