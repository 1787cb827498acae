import { apply } from '#lib/topology/apply.ts'
import { EDITED_SPACES } from '#lib/topology/bounds.ts'
import { EditError, editFromJson, same } from '#lib/topology/edit.ts'
import { halves, problem, words, type Problem } from '#lib/topology/problem.ts'
import { fieldProblems, fieldsOf, rowProblems } from '#lib/topology/fields.ts'
import { TABLES } from '#lib/topology/rows.ts'
import {
  LINUX_TABLES,
  space,
  VPC_TABLES,
  type Space,
  type TableName,
  type Topology,
} from '#lib/topology/topology.ts'
import { validate } from '#lib/topology/validate.ts'
import type { ClusterFile } from './schema.ts'

type Written = NonNullable<ClusterFile['edits']>[number]
type Fields = Readonly<Record<string, unknown>>

/** The topology after the edits, in order, or everything that keeps one of them from being made. */
export function edited(
  t: Topology,
  edits: readonly Written[],
): { readonly topology: Topology } | { readonly problems: readonly Problem[] } {
  if (edits.length === 0) return { topology: t }
  const changed = new Set(edits.map((e) => e.in)).size
  if (changed > EDITED_SPACES)
    return {
      problems: [problem('edits', 'too-many', 'edited-spaces', changed, EDITED_SPACES)],
    }
  const problems: Problem[] = []
  let out = t
  edits.forEach((e, i) => {
    const wrong = problemsOfEdit(out, e, `edits[${i}]`)
    problems.push(...wrong)
    if (wrong.length > 0) return
    try {
      out = apply(out, editFromJson(JSON.stringify(e)))
    } catch (error) {
      if (!(error instanceof EditError)) throw error
      problems.push(problem(`edits[${i}]`, 'edit-misfit', ...halves(error.message)))
    }
  })
  if (problems.length > 0) return { problems }
  const touched = [...new Set(edits.flatMap((e) => (e.op === 'del' ? [] : [e.in])))]
  const last = new Map(edits.flatMap((e, i) => (e.op === 'del' ? [] : [[`${e.in} ${e.table}`, i]])))
  const found = validate(out, touched)
    .filter((f) => !f.odd)
    .map(({ path, code, args, message, ...f }): Problem => {
      const i = last.get(`${f.in} ${f.table}`)
      return { path: `${i === undefined ? 'edits' : `edits[${i}]`}: ${path}`, code, args, message }
    })
  return found.length > 0 ? { problems: found } : { topology: out }
}

/** What is wrong with one edit by itself: every value is looked at before anything is changed. */
function problemsOfEdit(t: Topology, e: Written, path: string): readonly Problem[] {
  const s = space(t, e.in)
  if (s === undefined) return [problem(`${path}.in`, 'edit-space', e.in, t.source.names)]
  if (!Object.hasOwn(TABLES, e.table))
    return [problem(`${path}.table`, 'edit-table', e.table, words(Object.keys(TABLES)))]
  const table = e.table as TableName
  const tables: readonly string[] = s.kind === 'vpc' ? VPC_TABLES : LINUX_TABLES
  if (!tables.includes(table))
    return [
      problem(
        `${path}.table`,
        'edit-foreign-table',
        s.kind === 'vpc' ? 'VPC' : 'namespace',
        table,
        words(tables),
      ),
    ]
  if (e.op === 'add') return rowProblems(table, e.row, `${path}.row`)
  const where = fieldProblems(table, e.where, `${path}.where`)
  if (Object.keys(e.where).length === 0) return [problem(`${path}.where`, 'edit-where')]
  if (e.op === 'del') return where
  const { to: fields = {}, unset = [] } = e
  const to = [
    ...fieldProblems(table, fields, `${path}.to`),
    ...unset.flatMap((key, i) =>
      fieldsOf(table).includes(key)
        ? []
        : [problem(`${path}.unset[${i}]`, 'edit-key', table, words(fieldsOf(table)))],
    ),
  ]
  if (Object.keys(fields).length + unset.length === 0)
    return [...where, problem(`${path}.to`, 'edit-to')]
  if (where.length + to.length > 0) return [...where, ...to]
  // Not exactly one row is for apply() to say.
  const rows = rowsOf(s, table).filter((row) =>
    Object.entries(e.where).every(([k, x]) => same(row[k], x)),
  )
  return rows.length === 1
    ? rowProblems(table, without({ ...rows[0], ...fields }, unset), `${path}.to`)
    : []
}

const without = (row: Fields, gone: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(row).filter(([key]) => !gone.includes(key)))

function rowsOf(s: Space, table: TableName): readonly Fields[] {
  return (s as unknown as { readonly [T in TableName]: readonly Fields[] })[table]
}
