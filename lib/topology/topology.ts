import type { Cidr, Ipv4 } from '#lib/wire/addr.ts'
import type { Dev } from './devs.ts'
import type { LinuxTables } from './linux.ts'
import type { VpcTables } from './vpc.ts'

export type Tables = LinuxTables & VpcTables
export type TableName = keyof Tables
type Rows<T> = { readonly [K in keyof T]: readonly T[K][] }

/** A network namespace. `role` says what it is to a person; nothing that forwards may look at it. */
export type Netns = {
  readonly kind: 'netns'; readonly name: string
  /** The machine it is on: pods carry their node's name, a node its own. */
  readonly node: string
  readonly role: 'pod' | 'container' | 'node' | 'host'
} & Rows<LinuxTables>
export type Vpc = { readonly kind: 'vpc'; readonly name: string; readonly cidrs: readonly Cidr[] } & Rows<VpcTables>
export type Space = Netns | Vpc

/** Where the rows of a space come from when a walk first enters it. A file with all rows written out and a cluster file are both sources. */
export interface Source {
  readonly names: readonly string[]
  /** The space of that name as the author wrote it; the same object each time. */
  derive(name: string): Space | undefined
  /** Names of no space that stand for an address: what the cluster's DNS answers for a Service. */
  readonly services?: ReadonlyMap<string, Ipv4>
}

/** Everything there is: named spaces holding tables of rows. `edited` overlays the source: spaces that differ from what was written. */
export interface Topology {
  readonly source: Source
  readonly edited: ReadonlyMap<string, Space>
}

/** One row: what a decision rested on, and what a panel highlights. */
export interface Ref { readonly in: string; readonly table: TableName; readonly row: number }

export const LINUX_TABLES = ['devs', 'rules', 'routes', 'neigh', 'fdb', 'chains', 'netfilter', 'conntrack', 'sockets', 'sysctls', 'daemons', 'leases'] as const satisfies readonly (keyof LinuxTables)[]
export const VPC_TABLES = ['enis', 'subnets', 'vpcRoutes', 'sgRules', 'aclRules', 'sgFlows', 'gateways', 'outside'] as const satisfies readonly (keyof VpcTables)[]

export function fromSpaces(spaces: readonly Space[]): Topology {
  const byName = new Map(spaces.map((s) => [s.name, s]))
  return { source: { names: spaces.map((s) => s.name), derive: (name) => byName.get(name) }, edited: new Map() }
}

/** The space of that name, edits applied; undefined if there is none. */
export function space(t: Topology, name: string): Space | undefined {
  return t.edited.get(name) ?? t.source.derive(name)
}

export function netns(t: Topology, name: string): Netns | undefined {
  const s = space(t, name)
  return s?.kind === 'netns' ? s : undefined
}

export function vpc(t: Topology, name: string): Vpc | undefined {
  const s = space(t, name)
  return s?.kind === 'vpc' ? s : undefined
}

/** All spaces, in the author's order. Derives every one: not for large clusters. */
export function spaces(t: Topology): Space[] {
  return t.source.names.map((name) => space(t, name)).filter((s) => s !== undefined)
}

export function dev(n: Netns, name: string): Dev | undefined {
  return n.devs.find((d) => d.name === name)
}

export function rowAt(t: Topology, ref: Ref): Tables[TableName] | undefined {
  const s = space(t, ref.in) as { readonly [K in TableName]?: readonly Tables[K][] } | undefined
  return s?.[ref.table]?.[ref.row]
}

/** The space with one table replaced. */
export function withTable<T extends TableName>(s: Space, table: T, rows: readonly Tables[T][]): Space {
  return { ...s, [table]: rows } as Space
}

export function withSpace(t: Topology, s: Space): Topology {
  const edited = new Map(t.edited)
  edited.set(s.name, s)
  return { source: t.source, edited }
}

/** What `ip rule` shows in a new namespace (fib_default_rules_init). */
const BORN: readonly LinuxTables['rules'][] = [{ priority: 0, table: 'local' }, { priority: 32766, table: 'main' }, { priority: 32767, table: 'default' }]

/** A new namespace, to be filled by a patch. */
export function emptyNetns(name: string, node: string, role: Netns['role']): Netns {
  return { kind: 'netns', name, node, role, devs: [], rules: BORN, routes: [], neigh: [], fdb: [], chains: [], netfilter: [], conntrack: [], sockets: [], sysctls: [], daemons: [], leases: [] }
}

export function emptyVpc(name: string, cidrs: readonly Cidr[]): Vpc {
  return { kind: 'vpc', name, cidrs, enis: [], subnets: [], vpcRoutes: [], sgRules: [], aclRules: [], sgFlows: [], gateways: [], outside: [] }
}
