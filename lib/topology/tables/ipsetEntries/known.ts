import { indexed } from '../../indexed.ts'
import type { IpSetEntry } from './row.ts'

/** The rows of each set's entries, in their order. */
export const entriesOf = indexed(
  (rows: readonly IpSetEntry[]): ReadonlyMap<string, readonly number[]> => {
    const of = new Map<string, number[]>()
    rows.forEach(({ set }, row) => {
      const known = of.get(set)
      if (known === undefined) of.set(set, [row])
      else known.push(row)
    })
    return of
  },
)

/** What may stand in a script: letters, digits, and what tells the parts of an entry apart. */
export function isEntryText(x: string): boolean {
  return /^[\dA-Za-z][\w.:,/]{0,59}$/.test(x)
}
