import { asked } from './asked.ts'
import { saying } from './edit-words.ts'
import { changed, deleted, letGo, refusal } from './consequences.ts'
import { settled } from './without-device.ts'
import { withoutRowAt, withRow, withRowAt } from './descent.ts'
import type { Dev } from './devs.ts'
import { cut, EditError, same, type Edit, type Splice } from './edit.ts'
import { rowsLike } from './keyed.ts'
import { spliced } from './splice.ts'
import {
  LINUX_TABLES,
  netns,
  space,
  VPC_TABLES,
  withSpace,
  withTable,
  type Space,
  type TableName,
  type Tables,
  type Topology,
} from './topology.ts'

/**
 * The topology with one row changed by a person, and what the kernel changes with it:
 * - a device deleted: its routes, neighbours, FDB entries and rules of the bridge ports that it was go, and its sysctls; a veth takes its peer with it;
 * - a device added: it has the sysctls of `default`; a VXLAN with another VNI, port or udpcsum is deleted and added;
 * - a device set down: its routes and neighbours go, permanent ones too (neigh_ifdown), and what was learned on it; other FDB entries stay;
 * - a device set up: its connected routes come back, nothing else does;
 * - its addresses changed: connected routes follow; with an address the main table's routes that have it as their source go, with the last one all;
 * - its MAC changed: its neighbours go; its name: all but rules and firewall rules follow; its bridge: what that knew of the port goes;
 * - a row of `daemons` deleted: its TUN device goes, since a TUN is not persistent (tun.c, __tun_detach);
 * - a route without `dev` goes with the device that its next hop was on (fib_check_nh).
 * A splice changes its rows and nothing else (see invert). Untouched spaces, tables and rows are shared with the topology given. Throws
 * EditError unless del and set match exactly one row, for what the kernel refuses (where askLinux() was called), and for anything that is no edit.
 */
export function apply(t: Topology, e: Edit | Splice): Topology {
  shaped(e)
  const s = space(t, e.in)
  if (s === undefined) throw new EditError(e, saying().noSpace(cut(e.in), some(t.source.names)))
  const tables: readonly string[] = s.kind === 'vpc' ? VPC_TABLES : LINUX_TABLES
  if (!tables.includes(e.table))
    throw new EditError(
      e,
      s.kind === 'vpc' ? saying().noTableOfVpc(tables) : saying().noTableOfNamespace(tables),
    )
  if (e.op === 'splice') return spliced(t, e)
  const after = edited(t, s, e)
  return e.table === 'devs' || e.table === 'routes' || e.table === 'daemons'
    ? settled(t, after)
    : after
}

function edited(t: Topology, s: Space, e: Edit): Topology {
  const rows = tableOf(s, e.table)
  const accepted = (to: Topology, before: Dev | null, after: Dev | null): Topology => {
    const no =
      refusal(netns(to, s.name)!, before, after) ??
      (after === null ? null : asked.noStanding(to, s.name, { before, after }))
    if (no !== null) throw new EditError(e, no)
    return to
  }
  const linux = (to: Topology, row: object): Topology => {
    const n = netns(to, s.name)
    const no = n === undefined ? null : asked.refusedNow(n, e.table, row)
    if (no !== null) throw new EditError(e, no)
    return to
  }
  if (e.op === 'add') {
    const grown = linux(withSpace(t, withTable(s, e.table, withRow(rows, e.row))), e.row)
    return e.table === 'devs'
      ? changed(accepted(grown, null, e.row as Dev), s.name, {
          before: null,
          after: e.row as Dev,
        })
      : grown
  }
  const at = only(e, rows)
  const before = rows[at]!
  if (e.op === 'del') {
    const without = withSpace(t, withTable(s, e.table, withoutRowAt(rows, at)))
    if (e.table === 'devs')
      return deleted(accepted(without, before as Dev, null), s.name, before as Dev)
    if (e.table === 'daemons') return letGo(without, s.name, (before as Tables['daemons']).tun)
    return without
  }
  const after = Object.fromEntries(
    Object.entries({ ...before, ...e.to }).filter(([, value]) => value !== undefined),
  ) as unknown as Tables[TableName]
  const set = linux(withSpace(t, withTable(s, e.table, withRowAt(rows, at, after))), after)
  return e.table === 'devs'
    ? changed(accepted(set, before as Dev, after as Dev), s.name, {
        before: before as Dev,
        after: after as Dev,
      })
    : set
}

const NEEDS = [
  ['add', ['row']],
  ['del', ['where']],
  ['set', ['where', 'to']],
] as const

/** Is it an edit at all? Whoever made it: a link, a file, a program. */
function shaped(e: Edit | Splice): void {
  const given = e as unknown
  if (!isRecord(given)) throw new EditError({} as Edit, saying().noEdit(told(given)))
  const wrong = (message: string): never => {
    throw new EditError(e, message)
  }
  if (typeof given['in'] !== 'string' || typeof given['table'] !== 'string') wrong(saying().noPlace)
  if (given['op'] === 'splice') return
  const needs = NEEDS.find(([op]) => op === given['op'])
  if (needs === undefined) return wrong(saying().noOp)
  for (const key of needs[1]) if (!isRecord(given[key])) wrong(saying().noRow(key))
}

function isRecord(x: unknown): x is Readonly<Record<string, unknown>> {
  return typeof x === 'object' && x !== null && !Array.isArray(x)
}

/** Edits one after the other. Throws EditError at the first that does not fit. */
export function applyAll(t: Topology, edits: readonly (Edit | Splice)[]): Topology {
  return edits.reduce<Topology>(apply, t)
}

function tableOf(s: Space, table: TableName): readonly Tables[TableName][] {
  return (s as unknown as { readonly [T in TableName]: readonly Tables[TableName][] })[table]
}

/** The one row that `where` names. */
function only(
  e: Edit & { readonly op: 'del' | 'set' },
  rows: readonly Tables[TableName][],
): number {
  const fields = Object.entries(e.where)
  const matches = (i: number): boolean => fields.every(([k, v]) => same(field(rows[i]!, k), v))
  const found = (rowsLike(e.table, rows, e.where) ?? rows.map((_, i) => i)).filter(matches)
  if (found.length === 1 && found[0] !== undefined) return found[0]
  const where = told(e.where)
  if (found.length > 1)
    throw new EditError(
      e,
      saying().manyRows(
        found.length,
        where,
        found.slice(0, 3).map((i) => told(rows[i], 120)),
      ),
    )
  throw new EditError(
    e,
    rows.length === 0
      ? saying().noMatchEmpty(where)
      : saying().noMatch(where, rows.length, closest(fields, rows)),
  )
}

/** The rows that agree with most of the fields asked for. */
function closest(
  fields: readonly [string, unknown][],
  rows: readonly Tables[TableName][],
): readonly string[] {
  const scored = rows.map((row, i) => ({
    i,
    score: fields.filter(([k, v]) => same(field(row, k), v)).length,
  }))
  const best = scored.toSorted((a, b) => b.score - a.score || a.i - b.i).slice(0, 3)
  return best.map(({ i }) => told(rows[i], 120))
}

function field(row: object, key: string): unknown {
  return (row as Readonly<Record<string, unknown>>)[key]
}

/** A value as JSON, cut where it gets long. */
function told(x: unknown, most = 60): string {
  try {
    return cut(JSON.stringify(x) ?? saying().nothing, most)
  } catch {
    return saying().noJson
  }
}

function some(names: readonly string[]): string {
  return names.length <= 8
    ? names.join(', ')
    : saying().andMore(names.slice(0, 8), names.length - 8)
}
