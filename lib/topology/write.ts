import type { Edit } from './edit.ts'
import { space, withSpace, type Topology } from './topology.ts'

/** Fold rows the kernel wrote into a topology: plainly, without consequences (see apply for an author's edits).
 *  add appends, set changes the first row that matches, del removes it. A row that is not there: RangeError. */
export function writeAll(t: Topology, edits: readonly Edit[]): Topology {
  const tables = new Map<string, Map<string, unknown[]>>()
  for (const e of edits) {
    const s = space(t, e.in)
    if (s === undefined) throw new RangeError(`no space ${e.in}`)
    const mine = tables.get(e.in) ?? new Map<string, unknown[]>()
    tables.set(e.in, mine)
    const rows = mine.get(e.table) ?? [...((s as unknown as Record<string, readonly unknown[]>)[e.table] ?? [])]
    mine.set(e.table, rows)
    if (e.op === 'add') { rows.push(e.row); continue }
    const at = rows.findIndex((row) => matches(row, e.where))
    if (at < 0) throw new RangeError(`${e.in}.${e.table}: no row with ${JSON.stringify(e.where)}`)
    if (e.op === 'del') rows.splice(at, 1)
    else rows[at] = { ...(rows[at] as object), ...e.to }
  }
  let out = t
  for (const [name, changed] of tables) out = withSpace(out, { ...space(t, name)!, ...Object.fromEntries(changed) } as ReturnType<typeof space> & object)
  return out
}

/** Are the fields named in `where` equal in the row? Objects and arrays are compared by content. */
export function matches(row: unknown, where: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(where).every(([k, v]) => same((row as Record<string, unknown>)[k], v))
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const x = Object.entries(a)
  return x.length === Object.keys(b).length && x.every(([k, v]) => same(v, (b as Record<string, unknown>)[k]))
}
