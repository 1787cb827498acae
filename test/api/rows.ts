/** `npm run api` writes into contract.md what fields a row of each table has, as files are held to them. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { CHECKS } from '#lib/topology/checks.ts'

/** The part of a schema's object that says what it is: valibot types it for each kind apart. */
interface Schema {
  readonly type: string
  readonly entries?: Fields
  readonly options?: readonly (string | Schema)[]
  readonly literal?: string
  readonly item?: Schema
  readonly wrapped?: Schema
  readonly pipe?: readonly (Schema & { readonly kind: string })[]
}

type Fields = Readonly<Record<string, Schema>>

/** What a value may be, as far as its schema has it in words: its fields, or the words there are. Empty for a number, a name, an address. */
function values(schema: Schema): string {
  const s = schema.pipe?.findLast((x) => x.kind === 'schema') ?? schema
  const several = (s.options ?? []).map((x) => (typeof x === 'string' ? x : values(x)))
  switch (s.type) {
    case 'exact_optional':
      return values(s.wrapped!)
    case 'nullable':
      return `${values(s.wrapped!) || '…'} | null`
    case 'array':
      return values(s.item!) === '' ? '[ … ]' : `[ ${values(s.item!)} ]`
    case 'tuple':
      return '[ …, … ]'
    case 'strict_object':
      return fieldsIn(s.entries!)
    default:
      return s.literal ?? eitherOf(several)
  }
}
/** One of several; what has no words beside those that have is an ellipsis. */
function eitherOf(several: readonly string[]): string {
  const said = several.filter((x) => x !== '')
  return [...(said.length > 0 && said.length < several.length ? ['…'] : []), ...said].join(' | ')
}
function fieldsIn(entries: Fields): string {
  const one = ([key, s]: [string, Schema]): string =>
    [s.type === 'exact_optional' ? `${key}?` : key, values(s)].filter((x) => x !== '').join(': ')
  return `{ ${Object.entries(entries).map(one).join(', ')} }`
}

/** A line for each table, for devices one for each kind. */
export function rowsShown(): string[] {
  return Object.entries(CHECKS).flatMap(([table, { fields }]) =>
    fields.map((entries) => `${table}: ${fieldsIn(entries as unknown as Fields)}`),
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = fileURLToPath(new URL('../../contract.md', import.meta.url))
  const page = readFileSync(path, 'utf8')
  const rows = /(?<=```text rows\n)[^`]*(?=```)/
  if (!rows.test(page)) throw new Error('contract.md has no block ```text rows')
  writeFileSync(
    path,
    page.replace(rows, () => `${rowsShown().join('\n')}\n`),
  )
}
