import { same, type Edit } from '#lib/topology/edit.ts'
import { netns, type LinuxTables, type Netns, type Topology } from '#lib/topology/topology.ts'

/* The same network by another encapsulation, as what a person and flanneld change in it. */

/** What goes goes first, and a device before what names it. */
const TABLES = ['devs', 'daemons', 'leases', 'neigh', 'fdb', 'routes'] as const

/** The edits that make of one network the other, where both have the same spaces: rows that the second has not go, MTUs change, what is new is added. */
export function changesBetween(was: Topology, is: Topology): readonly Edit[] {
  return was.source.names.flatMap((name) => {
    const [before, after] = [netns(was, name), netns(is, name)]
    return before === undefined || after === undefined ? [] : changesOf(before, after)
  })
}

function changesOf(before: Netns, after: Netns): readonly Edit[] {
  const at = before.name
  const mtus = before.devs.flatMap((d): Edit[] => {
    const later = after.devs.find((x) => x.name === d.name)
    return later === undefined || later.mtu === d.mtu
      ? []
      : [{ op: 'set', in: at, table: 'devs', where: { name: d.name }, to: { mtu: later.mtu } }]
  })
  const named = new Set(before.devs.map((d) => d.name))
  const rows = (n: Netns, table: (typeof TABLES)[number]): readonly LinuxTables[typeof table][] =>
    table === 'devs' ? n.devs.filter((d) => !named.has(d.name)) : n[table]
  const only = (a: Netns, b: Netns) =>
    TABLES.flatMap((table) =>
      rows(a, table)
        .filter((row) => !rows(b, table).some((x) => same(row, x)))
        .map((row) => ({ table, row })),
    )
  return [
    ...only(before, after).map(
      ({ table, row }) => ({ op: 'del', in: at, table, where: { ...row } }) as Edit,
    ),
    ...mtus,
    ...only(after, before).map(({ table, row }) => ({ op: 'add', in: at, table, row }) as Edit),
  ]
}
