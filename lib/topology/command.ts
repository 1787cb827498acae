import { same, type Cut, type Edit, type Splice } from './edit.ts'
import type { NfRule } from './rows.ts'
import { quoted, quotedRow } from './shell.ts'
import { TOOLS } from './tools.ts'
import { space, TABLES, type TableName, type Topology } from './topology.ts'

/**
 * One line that a person would type for the edit, on the machine that `e.in` names (a comment says which): one command for each
 * field that changes, joined by &&. What cannot be changed is deleted and added; what no command says stands behind it as a comment.
 * With the topology it applies to, del and set show the whole row instead of the fields that find it.
 */
export function command(e: Edit, t?: Topology): string {
  try {
    return lineOf(e, t)
  } catch {
    // A link may hold anything, and who is told that an edit does not fit reads this.
    return `# ${quoted(String(JSON.stringify(e)).slice(0, 200))}`
  }
}

/** What one would type for an edit, or for what takes one back: a line for each row that changes, what goes before what comes. */
export function commands(e: Edit | Splice, t?: Topology): string[] {
  return e.op === 'splice'
    ? e.cuts.flatMap((cut) => editsOf(e, cut)).map((x) => command(x, t))
    : [command(e, t)]
}

/** Rows that stand where others stood are those changed, as far as there are as many. */
function editsOf({ in: name, table }: Splice, { out, put }: Cut): Edit[] {
  const changed = Math.min(out.length, put.length)
  const sets = put.slice(0, changed).map((row, n) => {
    const gone = Object.keys(out[n]!).filter((key) => !(key in row))
    const to = { ...Object.fromEntries(gone.map((key) => [key, undefined])), ...row }
    return { op: 'set', in: name, table, where: out[n]!, to }
  })
  return [
    ...out.slice(changed).map((row) => ({ op: 'del', in: name, table, where: row })),
    ...sets,
    ...put.slice(changed).map((row) => ({ op: 'add', in: name, table, row })),
  ] as unknown as Edit[]
}

function lineOf(e: Edit, t?: Topology): string {
  const s =
    t === undefined
      ? undefined
      : (space(t, e.in) as unknown as { readonly [K in TableName]?: readonly object[] } | undefined)
  const rows = s?.[e.table] ?? []
  const where = e.op === 'add' ? {} : e.where
  const at =
    e.op === 'add'
      ? -1
      : rows.findIndex((row) =>
          Object.entries(where).every(([k, v]) =>
            same((row as Readonly<Record<string, unknown>>)[k], v),
          ),
        )
  const beside = (row: object): boolean =>
    (['table', 'chain'] as const).every(
      (k) => (row as Partial<NfRule>)[k] === (rows[at] as Partial<NfRule>)[k],
    )
  const nth = e.table === 'netfilter' && at >= 0 ? rows.slice(0, at + 1).filter(beside).length : 0
  const before = e.op === 'add' ? null : { ...rows[at], ...where }
  const after = e.op === 'add' ? e.row : e.op === 'set' ? { ...before, ...e.to } : null
  // Only what is another afterwards is changed.
  const to =
    e.op === 'set'
      ? Object.fromEntries(
          Object.entries(e.to).filter(
            ([k, v]) => at < 0 || !same((before as Readonly<Record<string, unknown>>)[k], v),
          ),
        )
      : {}
  const say = TOOLS[e.table].command as (c: unknown) => string
  const line = say({
    op: e.op,
    in: quoted(e.in),
    before: quotedRow(before),
    after: quotedRow(after),
    to: quotedRow(Object.keys(to).length > 0 || e.op !== 'set' ? to : e.to),
    nth,
    raw: after ?? before,
    rows,
  })
  return TABLES[e.table].in === 'vpc' ? line : `${line}  # ${quoted(e.in)}`
}
