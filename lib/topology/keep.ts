import type { Netns } from './topology.ts'
import type { Dev } from './devs.ts'

/** The namespace with some rows of some tables kept; tables that lose nothing stay the same array. */
export function keep(
  n: Netns,
  rules: {
    readonly [T in 'devs' | 'routes' | 'neigh' | 'fdb' | 'sysctls']?: (
      row: Netns[T][number],
    ) => boolean
  },
): Netns {
  let out = n
  for (const [table, test] of Object.entries(rules) as ['devs', (row: Dev) => boolean][]) {
    const rows = out[table].filter(test)
    if (rows.length !== out[table].length) out = { ...out, [table]: rows }
  }
  return out
}
