import { addressOf, networkOf, type Cidr } from '#lib/wire/addr.ts'
import type { Dev } from './devs.ts'
import type { Edit } from './edit.ts'
import type { Route } from './linux.ts'
import { LINUX_TABLES, netns, space, VPC_TABLES, withSpace, withTable, type Netns, type Space, type TableName, type Tables, type Topology } from './topology.ts'

/** An edit that fits no row, or more than one, or a space or table that is not there. The message names all of it. */
export class EditError extends Error {
  override readonly name = 'EditError'
  readonly edit: Edit
  constructor(edit: Edit, message: string) {
    super(`${edit.in}.${edit.table}: ${message}`)
    this.edit = edit
  }
}

/**
 * The topology with one row changed by a person, and what the kernel changes with it:
 * - a device deleted: its routes, neighbours, FDB entries and rules of the bridge ports that it was go; a veth takes its peer with it;
 * - a device set down: its routes and neighbours go, permanent ones too (neigh_ifdown), FDB entries stay;
 * - a device set up: its connected routes come back, nothing else does;
 * - its addresses changed: connected routes follow;
 * - a row of `daemons` deleted: its TUN device goes, since a TUN is not persistent (tun.c, __tun_detach).
 * Untouched spaces, tables and rows are shared with the topology given. Throws EditError unless del and set match exactly one row.
 */
export function apply(t: Topology, e: Edit): Topology {
  const s = space(t, e.in)
  if (s === undefined) throw new EditError(e, `there is no namespace or VPC called ${e.in}; there are ${some(t.source.names)}`)
  const tables: readonly string[] = s.kind === 'vpc' ? VPC_TABLES : LINUX_TABLES
  if (!tables.includes(e.table)) throw new EditError(e, `a ${s.kind === 'vpc' ? 'VPC' : 'namespace'} has no such table; it has ${tables.join(', ')}`)
  const rows = tableOf(s, e.table)
  if (e.op === 'add') {
    const grown = withSpace(t, withTable(s, e.table, [...rows, e.row]))
    return e.table === 'devs' && s.kind === 'netns' ? connect(grown, s.name, null, e.row as Dev) : grown
  }
  const at = only(e, rows)
  const before = rows[at]!
  if (e.op === 'del') {
    const without = withSpace(t, withTable(s, e.table, rows.toSpliced(at, 1)))
    if (e.table === 'devs') return detach(without, s.name, before as Dev)
    if (e.table === 'daemons') return loseTun(without, s.name, (before as Tables['daemons']).tun)
    return without
  }
  const after = { ...before, ...e.to } as Tables[TableName]
  const changed = withSpace(t, withTable(s, e.table, rows.with(at, after)))
  return e.table === 'devs' ? connect(changed, s.name, before as Dev, after as Dev) : changed
}

/** Edits one after the other. Throws EditError at the first that does not fit. */
export function applyAll(t: Topology, edits: readonly Edit[]): Topology {
  return edits.reduce(apply, t)
}

function tableOf(s: Space, table: TableName): readonly Tables[TableName][] {
  return (s as unknown as { readonly [T in TableName]: readonly Tables[TableName][] })[table]
}

/** The one row that `where` names. */
function only(e: Edit & { readonly op: 'del' | 'set' }, rows: readonly Tables[TableName][]): number {
  const fields = Object.entries(e.where)
  const found: number[] = []
  rows.forEach((row, i) => { if (fields.every(([k, v]) => same(field(row, k), v))) found.push(i) })
  if (found.length === 1 && found[0] !== undefined) return found[0]
  const where = JSON.stringify(e.where)
  if (found.length > 1) throw new EditError(e, `${found.length} rows match ${where}, an edit changes one; add fields that tell them apart: ${found.slice(0, 3).map((i) => JSON.stringify(rows[i])).join(' or ')}`)
  throw new EditError(e, `no row matches ${where} (${rows.length} rows); ${closest(fields, rows)}`)
}

/** The rows that agree with most of the fields asked for. */
function closest(fields: readonly [string, unknown][], rows: readonly Tables[TableName][]): string {
  if (rows.length === 0) return 'the table is empty'
  const scored = rows.map((row, i) => ({ i, score: fields.filter(([k, v]) => same(field(row, k), v)).length }))
  const best = scored.toSorted((a, b) => b.score - a.score || a.i - b.i).slice(0, 3)
  return `closest: ${best.map(({ i }) => JSON.stringify(rows[i])).join(' or ')}`
}

function field(row: object, key: string): unknown {
  return (row as Readonly<Record<string, unknown>>)[key]
}

/** Equal in depth, as JSON values are. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((k) => k in b && same(field(a, k), field(b, k)))
}

function some(names: readonly string[]): string {
  return names.length <= 8 ? names.join(', ') : `${names.slice(0, 8).join(', ')} and ${names.length - 8} more`
}

/** The namespace with some rows of some tables kept; tables that lose nothing stay the same array. */
function keep(n: Netns, rules: { readonly [T in 'devs' | 'routes' | 'neigh' | 'fdb']?: (row: Tables[T]) => boolean }): Netns {
  let out = n
  for (const [table, test] of Object.entries(rules) as ['devs', (row: Dev) => boolean][]) {
    const rows = out[table].filter(test)
    if (rows.length !== out[table].length) out = { ...out, [table]: rows }
  }
  return out
}

/** Is the route one that needs this device? Without `dev` it is found through the next hop, so it is the device whose prefix holds that. */
function uses(r: Route, name: string): boolean {
  return r.dev === name
}

function detach(t: Topology, name: string, gone: Dev): Topology {
  const n = netns(t, name)
  if (n === undefined) return t
  let left = keep(n, { routes: (r) => !uses(r, gone.name), neigh: (x) => x.dev !== gone.name, fdb: (f) => f.dev !== gone.name && f.master !== gone.name })
  if (gone.kind === 'tun' && left.daemons.some((d) => d.tun === gone.name)) left = { ...left, daemons: left.daemons.filter((d) => d.tun !== gone.name) }
  if (gone.kind === 'bridge' && left.devs.some((d) => d.master === gone.name)) left = { ...left, devs: left.devs.map((d) => (d.master === gone.name ? freed(d) : d)) }
  const out = withSpace(t, left)
  if (gone.kind !== 'veth') return out
  const other = netns(out, gone.peer.netns)
  const peer = other?.devs.find((d) => d.name === gone.peer.dev)
  if (other === undefined || peer === undefined || peer.kind !== 'veth' || peer.peer.netns !== name) return out
  return detach(withSpace(out, keep(other, { devs: (d) => d !== peer })), other.name, peer)
}

/** A port whose bridge is gone. */
function freed(d: Dev): Dev {
  const { master: _master, hairpin: _hairpin, ...rest } = d
  return rest as Dev
}

function loseTun(t: Topology, name: string, tun: string): Topology {
  const n = netns(t, name)
  const d = n?.devs.find((x) => x.name === tun && x.kind === 'tun')
  return n === undefined || d === undefined ? t : detach(withSpace(t, keep(n, { devs: (x) => x !== d })), name, d)
}

/** Routes and neighbours follow a device's state and addresses. */
function connect(t: Topology, name: string, before: Dev | null, after: Dev): Topology {
  const n = netns(t, name)
  if (n === undefined) return t
  if (!after.up) return before?.up === true ? withSpace(t, keep(n, { routes: (r) => !uses(r, after.name), neigh: (x) => x.dev !== after.name })) : t
  const old: readonly Cidr[] = before?.up === true ? before.addrs : []
  const gone = old.filter((a) => !after.addrs.includes(a)).map((a) => connectedRoute(after.name, a))
  const come = after.addrs.filter((a) => !old.includes(a)).map((a) => connectedRoute(after.name, a)).filter((r) => r !== null)
  const routes = n.routes.filter((r) => !gone.some((g) => g !== null && isConnected(r, g)))
  const fresh = after.kind === 'loopback' ? [] : come.filter((c) => !routes.some((r) => isConnected(r, c)))
  return routes.length === n.routes.length && fresh.length === 0 ? t : withSpace(t, { ...n, routes: [...routes, ...fresh] })
}

/** The route that comes with an address; none with a /32. */
function connectedRoute(dev: string, addr: Cidr): Route | null {
  return addr.endsWith('/32') ? null : { table: 'main', dst: networkOf(addr), dev, proto: 'kernel', scope: 'link', src: addressOf(addr) }
}

function isConnected(r: Route, c: Route): boolean {
  return r.table === c.table && r.dst === c.dst && r.dev === c.dev && r.proto === 'kernel' && r.src === c.src
}
