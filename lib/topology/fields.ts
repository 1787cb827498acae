import { noKind } from './devs/check.ts'
import * as v from 'valibot'
import type { Check } from './check.ts'
import { CHECKS } from './checks.ts'
import { keyText, problem, problemsOf, words, type Problem } from './problem.ts'
import type { TableName } from './topology.ts'

/* Is a value a row of a table, or some fields of one? */

const checkOf = (table: TableName): Check<TableName> => CHECKS[table] as Check<TableName>

/** The schemas of one field: one, but for a device's fields, which may belong to several kinds. No entry: no row of the table has such a field. */
const FIELDS: ReadonlyMap<TableName, ReadonlyMap<string, readonly v.GenericSchema[]>> = new Map(
  (Object.keys(CHECKS) as TableName[]).map((table) => {
    const fields = new Map<string, v.GenericSchema[]>()
    for (const entries of checkOf(table).fields) {
      for (const [key, schema] of Object.entries(entries) as [string, v.GenericSchema][]) {
        // Which of several words the key has differs by kind of device only for `kind` itself.
        const known = fields.get(key)
        if (known === undefined) fields.set(key, [schema])
        else if (!known.includes(schema)) known.push(schema)
      }
    }
    return [table, fields]
  }),
)

export function fieldsOf(table: TableName): readonly string[] {
  return [...FIELDS.get(table)!.keys()]
}

/** What keeps a value from being a row of the table; `path` is where it stands. */
export function rowProblems(table: TableName, row: unknown, path: string): readonly Problem[] {
  const read = v.safeParse(checkOf(table).schema, row)
  return read.success ? [] : problemsOf(read.issues, path)
}

/** Fields that no row of the table has, and values that none can have in them. */
export function fieldProblems(
  table: TableName,
  fields: Readonly<Record<string, unknown>>,
  path: string,
): readonly Problem[] {
  return Object.entries(fields).flatMap(([key, value]) => {
    const place = `${path}${keyText(key, path === '')}`
    const schemas = FIELDS.get(table)!.get(key)
    if (schemas === undefined) return [problem(place, 'edit-key', table, words(fieldsOf(table)))]
    const results = schemas.map((schema) => v.safeParse(schema, value))
    if (results.some((r) => r.success)) return []
    return problemsOf((key === 'kind' ? v.safeParse(kind, value) : results[0]!).issues ?? [], place)
  })
}
const kind = v.custom<string>(
  () => false,
  (i) => noKind(i.input),
)
