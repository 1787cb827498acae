import type { Cidr, Address } from '#lib/wire/addr.ts'
import { foundations, type Dev } from './devs.ts'
import { TABLES } from './rows.ts'
import type { Table } from './table.ts'

type All = typeof TABLES
type In<K extends keyof All> = All[K]['in']
type Row<K extends keyof All> = All[K] extends Table<infer R, In<K>> ? R : never
/** The row of each table of a namespace, and of each of a VPC. */
export type LinuxTables = { [K in keyof All as In<K> extends 'netns' ? K : never]: Row<K> }
/** The tables of a VPC by name: what a row of each is. */
export type VpcTables = { [K in keyof All as In<K> extends 'vpc' ? K : never]: Row<K> }
/** Every table there is, by name: what a row of it is. */
export type Tables = LinuxTables & VpcTables
/** The name of a table, of a namespace or of a VPC. */
export type TableName = keyof Tables
type Rows<T> = { readonly [K in keyof T]: readonly T[K][] }
export { TABLES }

/** A network namespace. `role` says what it is to a person; nothing that forwards may look at it. */
export type Netns = {
  readonly kind: 'netns'
  readonly name: string
  /** The machine it is on: pods carry their node's name, a node its own. */
  readonly node: string
  readonly role: 'pod' | 'container' | 'node' | 'host'
} & Rows<LinuxTables>
/** A VPC: no Linux, a fabric between machines. `cidrs` are its address ranges, `cloud` says whose it is where it is not AWS's; nothing that forwards may look at that. */
export type Vpc = {
  readonly kind: 'vpc'
  readonly name: string
  readonly cidrs: readonly Cidr[]
  readonly cloud?: 'google'
} & Rows<VpcTables>
/** What has tables of its own: a network namespace or a VPC. */
export type Space = Netns | Vpc

/** Where the rows of a space come from when a walk first enters it. A file with all rows written out and a cluster file are both sources. */
export interface Source {
  readonly names: readonly string[]
  /** The space of that name as the author wrote it; the same object each time. */
  derive(name: string): Space | undefined
  /** The spaces of which devices stand on devices of the named one, itself where it has such; left out: there is none anywhere. */
  readonly standing?: (name: string) => readonly string[]
  /** Names of no space that stand for an address: what the cluster's DNS answers for a Service. */
  readonly services?: ReadonlyMap<string, Address>
}

/** Everything there is: named spaces holding tables of rows. `edited` overlays the source: spaces that differ from what was written. */
export interface Topology {
  readonly source: Source
  readonly edited: ReadonlyMap<string, Space>
}

/** One row: what a decision rested on, and what a panel highlights. */
export interface Ref {
  readonly in: string
  readonly table: TableName
  readonly row: number
}

const TABLE_NAMES = Object.keys(TABLES) as TableName[]
/** The tables of a network namespace, in the order of a file. */
export const LINUX_TABLES = TABLE_NAMES.filter(
  (table): table is keyof LinuxTables => TABLES[table].in === 'netns',
)
/** The tables of a VPC, in the order of a file. */
export const VPC_TABLES = TABLE_NAMES.filter(
  (table): table is keyof VpcTables => TABLES[table].in === 'vpc',
)
/** The tables that a space has. */
export const tablesOf = (s: Space): readonly TableName[] =>
  s.kind === 'vpc' ? VPC_TABLES : LINUX_TABLES

/** A topology of spaces that are written out. Of two of one name the last counts. */
export function fromSpaces(spaces: readonly Space[]): Topology {
  const byName = new Map(spaces.map((s) => [s.name, s]))
  const names = spaces.map((s) => s.name)
  const above = new Map<string, string[]>()
  for (const s of byName.values())
    if (s.kind === 'netns')
      for (const below of foundations(s.devs))
        above.set(below, [...(above.get(below) ?? []), s.name])
  const standing = above.size === 0 ? {} : { standing: (name: string) => above.get(name) ?? [] }
  return {
    source: { names, derive: (name) => byName.get(name), ...standing },
    edited: new Map(),
  }
}

/** The space of that name, edits applied; undefined if there is none. */
export function space(t: Topology, name: string): Space | undefined {
  return t.edited.get(name) ?? t.source.derive(name)
}

/** The network namespace of that name, edits applied; undefined if there is none, or it is a VPC. */
export function netns(t: Topology, name: string): Netns | undefined {
  const s = space(t, name)
  return s?.kind === 'netns' ? s : undefined
}

/** The VPC of that name, edits applied; undefined if there is none, or it is a network namespace. */
export function vpc(t: Topology, name: string): Vpc | undefined {
  const s = space(t, name)
  return s?.kind === 'vpc' ? s : undefined
}

/** All spaces, in the author's order. Derives every one: not for large clusters. */
export function spaces(t: Topology): Space[] {
  return t.source.names.map((name) => space(t, name)).filter((s) => s !== undefined)
}

/** The device of that name; undefined if the namespace has none. */
export function dev(n: Netns, name: string): Dev | undefined {
  return n.devs.find((d) => d.name === name)
}

/** The device of that name in the namespace of that name, if there is one. */
export function deviceAt(t: Topology, name: string, device: string | null): Dev | undefined {
  const n = netns(t, name)
  return n === undefined || device === null ? undefined : dev(n, device)
}

/** The row that a Ref names, edits applied; undefined if it is not there. */
export function rowAt(t: Topology, ref: Ref): Tables[TableName] | undefined {
  const s = space(t, ref.in) as { readonly [K in TableName]?: readonly Tables[K][] } | undefined
  return s?.[ref.table]?.[ref.row]
}

/** The space with one table replaced. */
export function withTable<T extends TableName>(
  s: Space,
  table: T,
  rows: readonly Tables[T][],
): Space {
  return { ...s, [table]: rows } as Space
}

/** The topology with this space in place of the one of its name. The source stays as it is. */
export function withSpace(t: Topology, s: Space): Topology {
  const edited = new Map(t.edited)
  edited.set(s.name, s)
  return { source: t.source, edited }
}

/** The tables of a new space, with what stands in them from the beginning. */
function born<T extends TableName>(
  tables: readonly T[],
): { readonly [K in T]: readonly Tables[K][] } {
  return Object.fromEntries(tables.map((table) => [table, TABLES[table].born])) as never
}

/** A new namespace, to be filled by a patch. */
export function emptyNetns(name: string, node: string, role: Netns['role']): Netns {
  return { kind: 'netns', name, node, role, ...born(LINUX_TABLES) }
}

/** A new VPC without any row, to be filled. */
export function emptyVpc(name: string, cidrs: readonly Cidr[]): Vpc {
  return { kind: 'vpc', name, cidrs, ...born(VPC_TABLES) }
}
