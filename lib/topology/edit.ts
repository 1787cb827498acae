import type { TableName, Tables } from './topology.ts'

/** One row changed: by an author, by a reader's what-if, or by the kernel itself (ARP, FDB learning, conntrack). `where` names fields that must be equal; a field of `to` that is undefined is taken away. */
export type Edit = {
  [T in TableName]:
    | { readonly op: 'add'; readonly in: string; readonly table: T; readonly row: Tables[T] }
    | {
        readonly op: 'del'
        readonly in: string
        readonly table: T
        readonly where: Readonly<Record<string, unknown>>
      }
    | {
        readonly op: 'set'
        readonly in: string
        readonly table: T
        readonly where: Readonly<Record<string, unknown>>
        readonly to: Readonly<Partial<Tables[T]>>
      }
}[TableName]

/** One stretch of a table: the rows `out` that stand at `at` go, the rows `put` come there. */
export interface Cut {
  readonly at: number
  readonly out: readonly object[]
  readonly put: readonly object[]
}
/** Rows of one table put where they belong, plainly: nothing follows from it and nothing is refused. What undoes an edit is made of these. `at` counts in the table as it was before, the first cut first. */
export interface Splice {
  readonly op: 'splice'
  readonly in: string
  readonly table: TableName
  readonly cuts: readonly Cut[]
}

/** An edit that fits no row, or more than one, a space or table that is not there, or what the kernel refuses. The message names all of it. */
export class EditError extends Error {
  override readonly name = 'EditError'
  readonly edit: Edit | Splice
  constructor(edit: Edit | Splice, message: string) {
    super(
      `${[edit.in, edit.table].map((x: unknown) => (typeof x === 'string' ? cut(x) : 'edit')).join('.')}: ${message}`,
    )
    this.edit = edit
  }
}

/** A text, cut where it gets long. */
export function cut(text: string, most = 60): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}

/** Equal in depth, as JSON values are. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every(
      (k) => k in b && same((a as Record<string, unknown>)[k], (b as Record<string, unknown>)[k]),
    )
  )
}

/** An edit as a text of JSON. JSON has no undefined: the fields that `set` takes away stand in `unset`. */
export function editToJson(e: Edit | Splice): string {
  if (e.op !== 'set') return JSON.stringify(e)
  const unset = Object.entries(e.to).flatMap(([key, value]) => (value === undefined ? [key] : []))
  return JSON.stringify(unset.length === 0 ? e : { ...e, unset })
}

/** The edit in a text of editToJson(). Only its form is JSON's: whether it fits is for apply() to say. SyntaxError if it is no JSON. */
export function editFromJson(text: string): Edit | Splice {
  const read = JSON.parse(text) as Edit & { readonly unset?: readonly string[] }
  if (read.op !== 'set' || !Array.isArray(read.unset)) return read
  const { unset, ...rest } = read
  return {
    ...rest,
    to: { ...rest.to, ...Object.fromEntries(unset.map((key: string) => [key, undefined])) },
  } as Edit
}
