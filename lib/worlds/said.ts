import { part } from '#lib/words/language/index.ts'
import type { Asks, Card, Entry } from './entry.ts'

/** What menus say of a world. */
export interface Titled {
  readonly title: string
  readonly short: string
}
/** All texts of a world. */
export type Said<E extends Entry = Entry> = Titled & Asks<E>

/** English stands in the entries themselves, and beside them. */
const other = part<{ readonly [id in string]?: Said }>('worlds', {})

/** How a world is called, in the language that is spoken. */
export function titled(entry: Card): Titled {
  return other()[entry.id] ?? entry
}

/** What is asked of a world, and what it leaves out, in the language that is spoken. */
export function said(entry: Entry, asks: Asks): Asks {
  return other()[entry.id] ?? asks
}
