import type { Edit } from '#lib/topology/edit.ts'
import type { Recent } from '#lib/topology/rows.ts'
import type { Noted } from '#lib/lookup/verdict.ts'
import type { Live } from '#lib/run/run.ts'

/** ip_list_tot: a list that is full gives up who was put there first (recent_entry_init()). */
const ROOM = 100

/** What rules have kept is known from now on, and what they did to lists of `-m recent` is written. No file shows what is left in a bucket of `-m limit`. */
export function written(l: Live, noted: readonly Noted[]): Edit[] {
  return noted.flatMap((x): Edit[] => {
    if (x.op === 'left') {
      l.noted = [...(l.noted ?? []).filter((o) => o.op !== 'left' || o.rule !== x.rule), x]
      return []
    }
    const there = listOf(l, x.list)
    const known = there.find((r) => r.ip === x.ip)
    l.noted = [...(l.noted ?? []), x]
    const { list, ip } = x
    const at = { in: l.n.name, table: 'recent' } as const
    if (x.op === 'del')
      return known === undefined ? [] : [{ op: 'del', ...at, where: { list, ip } }]
    if (known !== undefined)
      return (known.ago ?? 0) === 0
        ? []
        : [{ op: 'set', ...at, where: { list, ip }, to: { ago: 0 } }]
    const oldest = there.toSorted((a, b) => (b.ago ?? 0) - (a.ago ?? 0))[0]
    const add: Edit = { op: 'add', ...at, row: { list, ip } }
    if (there.length < ROOM || oldest === undefined) return [add]
    l.noted = [...l.noted, { op: 'del', list, ip: oldest.ip }]
    return [{ op: 'del', ...at, where: { list, ip: oldest.ip } }, add]
  })
}

/** Who is in a list now. */
function listOf(l: Live, list: string): readonly Recent[] {
  return (l.noted ?? []).reduce<readonly Recent[]>(
    (now, x) =>
      x.op === 'left' || x.list !== list
        ? now
        : [...now.filter((r) => r.ip !== x.ip), ...(x.op === 'put' ? [{ list, ip: x.ip }] : [])],
    l.n.recent.filter((r) => r.list === list),
  )
}
