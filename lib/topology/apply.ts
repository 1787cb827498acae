import { changed, deleted, letGo, refusal, settled } from './consequences.ts'
import type { Dev } from './devs.ts'
import type { Edit } from './edit.ts'
import { LINUX_TABLES, netns, space, VPC_TABLES, withSpace, withTable, type Space, type TableName, type Tables, type Topology } from './topology.ts'

/** An edit that fits no row, or more than one, a space or table that is not there, or what the kernel refuses. The message names all of it. */
export class EditError extends Error {
  override readonly name = 'EditError'
  readonly edit: Edit
  constructor(edit: Edit, message: string) {
    super(`${[edit.in, edit.table].map((x: unknown) => (typeof x === 'string' ? cut(x) : 'edit')).join('.')}: ${message}`)
    this.edit = edit
  }
}

/**
 * The topology with one row changed by a person, and what the kernel changes with it:
 * - a device deleted: its routes, neighbours, FDB entries and rules of the bridge ports that it was go; a veth takes its peer with it;
 * - a device set down: its routes and neighbours go, permanent ones too (neigh_ifdown), and what was learned on it; other FDB entries stay;
 * - a device set up: its connected routes come back, nothing else does;
 * - its addresses changed: connected routes follow; with an address the main table's routes that have it as their source go, with the last one all;
 * - its MAC changed: its neighbours go; its name: all but rules and firewall rules follow; its bridge: what that knew of the port goes;
 * - a row of `daemons` deleted: its TUN device goes, since a TUN is not persistent (tun.c, __tun_detach);
 * - a route without `dev` goes with the device that its next hop was on (fib_check_nh).
 * Untouched spaces, tables and rows are shared with the topology given. Throws EditError unless del and set match exactly one row,
 * for what the kernel refuses, and for anything that is no edit.
 */
export function apply(t: Topology, e: Edit): Topology {
  shaped(e)
  const s = space(t, e.in)
  if (s === undefined) throw new EditError(e, `there is no namespace or VPC called ${cut(e.in)}; there are ${some(t.source.names)}`)
  const tables: readonly string[] = s.kind === 'vpc' ? VPC_TABLES : LINUX_TABLES
  if (!tables.includes(e.table)) throw new EditError(e, `a ${s.kind === 'vpc' ? 'VPC' : 'namespace'} has no such table; it has ${tables.join(', ')}`)
  const after = edited(t, s, e)
  return e.table === 'devs' || e.table === 'routes' || e.table === 'daemons' ? settled(t, after) : after
}

function edited(t: Topology, s: Space, e: Edit): Topology {
  const rows = tableOf(s, e.table)
  const accepted = (to: Topology, before: Dev | null, after: Dev | null): Topology => {
    const no = refusal(netns(to, s.name)!, before, after)
    if (no !== null) throw new EditError(e, no)
    return to
  }
  if (e.op === 'add') {
    const grown = withSpace(t, withTable(s, e.table, [...rows, e.row]))
    return e.table === 'devs' ? changed(accepted(grown, null, e.row as Dev), s.name, null, e.row as Dev) : grown
  }
  const at = only(e, rows)
  const before = rows[at]!
  if (e.op === 'del') {
    const without = withSpace(t, withTable(s, e.table, rows.toSpliced(at, 1)))
    if (e.table === 'devs') return deleted(accepted(without, before as Dev, null), s.name, before as Dev)
    if (e.table === 'daemons') return letGo(without, s.name, (before as Tables['daemons']).tun)
    return without
  }
  const after = { ...before, ...e.to } as Tables[TableName]
  const set = withSpace(t, withTable(s, e.table, rows.with(at, after)))
  return e.table === 'devs' ? changed(accepted(set, before as Dev, after as Dev), s.name, before as Dev, after as Dev) : set
}

const NEEDS = [['add', ['row']], ['del', ['where']], ['set', ['where', 'to']]] as const

/** Is it an edit at all? Whoever made it: a link, a file, a program. */
function shaped(e: Edit): void {
  const given = e as unknown
  if (!isRecord(given)) throw new EditError({} as Edit, `${told(given)} is no edit; write { op, in, table, … }`)
  const wrong = (message: string): never => { throw new EditError(e, message) }
  if (typeof given['in'] !== 'string' || typeof given['table'] !== 'string') wrong('an edit says where: write in, the name of a namespace or VPC, and table')
  const needs = NEEDS.find(([op]) => op === given['op'])
  if (needs === undefined) return wrong('op is add, del or set; write one of them')
  for (const key of needs[1]) if (!isRecord(given[key])) wrong(`${key} is missing or no object; write ${key}: { … } with the fields of a row`)
}

function isRecord(x: unknown): x is Readonly<Record<string, unknown>> {
  return typeof x === 'object' && x !== null && !Array.isArray(x)
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
  const where = told(e.where)
  if (found.length > 1) throw new EditError(e, `${found.length} rows match ${where}, an edit changes one; add fields that tell them apart: ${found.slice(0, 3).map((i) => told(rows[i], 120)).join(' or ')}`)
  throw new EditError(e, `no row matches ${where} (${rows.length} rows); ${closest(fields, rows)}`)
}

/** The rows that agree with most of the fields asked for. */
function closest(fields: readonly [string, unknown][], rows: readonly Tables[TableName][]): string {
  if (rows.length === 0) return 'the table is empty'
  const scored = rows.map((row, i) => ({ i, score: fields.filter(([k, v]) => same(field(row, k), v)).length }))
  const best = scored.toSorted((a, b) => b.score - a.score || a.i - b.i).slice(0, 3)
  return `closest: ${best.map(({ i }) => told(rows[i], 120)).join(' or ')}`
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

function cut(text: string, most = 60): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}

/** A value as JSON, cut where it gets long. */
function told(x: unknown, most = 60): string {
  try {
    return cut(JSON.stringify(x) ?? 'nothing', most)
  } catch {
    return 'what is no JSON'
  }
}

function some(names: readonly string[]): string {
  return names.length <= 8 ? names.join(', ') : `${names.slice(0, 8).join(', ')} and ${names.length - 8} more`
}
