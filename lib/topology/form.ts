import * as v from 'valibot'
import { CHECKS } from './checks.ts'
import { problemsOf, remedyOf } from './problem.ts'
import type { TableName } from './topology.ts'

/* What a person is asked for a row: read out of what rows are held to, so that a form knows no table. */

/** What a value may be. `hint`: what a text that is none of these is told to be. */
export type Shape =
  | { readonly kind: 'text'; readonly code: string; readonly hint: string }
  | { readonly kind: 'number'; readonly hint: string }
  | { readonly kind: 'flag' }
  | { readonly kind: 'null' }
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'group'; readonly fields: readonly FormField[] }
  /** One of several; `fits` says of which a value is. */
  | { readonly kind: 'either'; readonly of: readonly Shape[]; readonly fits: Fits }
/** A field of a row, as a form asks for it: its name, and what may stand there. */
export interface FormField {
  readonly name: string
  readonly optional: boolean
  readonly shape: Shape
}
type Fits = (value: unknown) => number

/** The part of a schema's object that says what it is: valibot types it for each kind apart. */
interface Schema {
  readonly type: string
  readonly entries?: Readonly<Record<string, Schema>>
  readonly options?: readonly unknown[]
  readonly literal?: string
  readonly item?: Schema
  readonly items?: readonly Schema[]
  readonly wrapped?: Schema
  readonly pipe?: readonly (Schema & { readonly kind: string })[]
}

/** Codes of sentences that ask for a number, or for what begins with one. */
const NUMBERS: ReadonlySet<string> = new Set(['whole', 'share', 'icmp-type'])

/** What a row of a table may be. */
export function rowForm(table: TableName): Shape {
  return shapeOf(CHECKS[table].schema as unknown as Schema)
}

function shapeOf(schema: Schema): Shape {
  const s = schema.pipe?.findLast((x) => x.kind === 'schema') ?? schema
  switch (s.type) {
    case 'exact_optional':
      return shapeOf(s.wrapped!)
    case 'boolean':
      return { kind: 'flag' }
    case 'picklist':
      return { kind: 'words', words: s.options as readonly string[] }
    case 'literal':
      return { kind: 'words', words: [s.literal!] }
    case 'array':
      return { kind: 'list', of: shapeOf(s.item!) }
    case 'tuple':
      return { kind: 'list', of: shapeOf(s.items![0]!) }
    case 'strict_object':
      return { kind: 'group', fields: Object.entries(s.entries!).map(fieldOf) }
    case 'nullable':
      return either([s.wrapped!, null])
    case 'variant':
    case 'union':
      return either(flat(s))
    default:
      return single(schema)
  }
}

const fieldOf = ([name, schema]: [string, Schema]): FormField => ({
  name,
  optional: schema.type === 'exact_optional',
  shape: shapeOf(schema),
})

/** A variant's options may be variants. */
const flat = (s: Schema): readonly Schema[] =>
  (s.options as readonly Schema[]).flatMap((o) => (o.type === 'variant' ? flat(o) : [o]))

function either(options: readonly (Schema | null)[]): Shape {
  const is = (o: Schema | null, value: unknown): boolean =>
    o === null ? value === null : v.is(o as unknown as v.GenericSchema, value)
  return {
    kind: 'either',
    of: options.map((o) => (o === null ? { kind: 'null' } : shapeOf(o))),
    fits: (value) => options.findIndex((o) => is(o, value)),
  }
}

/** Of a test of ours all that can be asked is what it says of something that is nothing. */
function single(schema: Schema): Shape {
  const read = v.safeParse(schema as unknown as v.GenericSchema, '')
  const problem = read.success ? undefined : problemsOf(read.issues)[0]
  const hint = problem === undefined ? '' : remedyOf(problem)
  const code = problem?.code ?? ''
  return NUMBERS.has(code) ? { kind: 'number', hint } : { kind: 'text', code, hint }
}
