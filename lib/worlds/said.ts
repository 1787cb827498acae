import { part } from '#lib/words/language/index.ts'
import type { Entry } from './entry.ts'

/** The texts of an entry. */
export type Said<E extends Entry = Entry> = {
  readonly title: string
  readonly short: string
  readonly whatIfs: { readonly [W in keyof E['whatIfs']]: string }
  readonly leavesOut: readonly [string, ...string[]]
}

/** English stands in the entries themselves. */
const other = part<{ readonly [id in string]?: Said }>('worlds', {})

/** What is said of a world, in the language that is spoken. */
export function said(entry: Entry): Said {
  return other()[entry.id] ?? entry
}
