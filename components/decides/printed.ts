import { tableAsTool, type Netns } from '#lib/index.ts'

/** Tables are immutable: what was printed of one stays right. */
const known = new WeakMap<readonly object[], ReadonlyMap<number, string>>()

/** The rows of a table as their tool prints them. */
export function printedRows(n: Netns, table: 'rules' | 'netfilter'): ReadonlyMap<number, string> {
  const before = known.get(n[table])
  if (before !== undefined) return before
  const texts = new Map(
    tableAsTool(n, table).lines.flatMap(({ row, text }) => (row === null ? [] : [[row, text]])),
  )
  known.set(n[table], texts)
  return texts
}

/** A command, of its words. */
export const command = (...words: readonly string[]): string => words.join(' ')
