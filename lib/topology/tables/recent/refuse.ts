import { indexed } from '../../indexed.ts'
import type { Refuse } from '../../refuse.ts'
import type { NfRule } from '../netfilter/row.ts'

/** The lists there are: those that rules name. */
const lists = indexed(
  (rules: readonly NfRule[]): ReadonlySet<string> =>
    new Set(rules.flatMap((r) => (r.recent === undefined ? [] : [r.recent.name]))),
)

export const recent: Refuse<'recent'> = {
  alone: ({ netfilter }, { list }) =>
    lists(netfilter).has(list)
      ? null
      : `/proc/net/xt_recent/${list}: No such file or directory; a list is there while a rule names it`,
  one: (_, { list, ip }) => `member ${ip} of ${list}`,
  replaces: true,
}
