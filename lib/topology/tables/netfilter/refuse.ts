import { HOOKS, isHook } from '../../grammar.ts'
import type { Refuse } from '../../refuse.ts'
import type { Netns } from '../../topology.ts'
import type { NfRule, SetMatch } from './row.ts'

/** Has a table a chain: built in, or one of its own? */
function exists(n: Netns, table: NfRule['table'], chain: string): boolean {
  return isHook(chain)
    ? HOOKS[table]?.includes(chain) === true
    : n.chains.some((c) => c.table === table && c.chain === chain)
}

/** iptables 1.8.9: a rule goes into a chain that is there, and leads to one that is. The same rule may stand there twice. */
export const netfilter: Refuse<'netfilter'> = {
  now: (n, { table, chain, target, sets }) => {
    if (typeof chain !== 'string' || typeof target !== 'object') return null
    const gone = Array.isArray(sets)
      ? (sets as readonly SetMatch[]).find((s) => !n.ipsets.some((x) => x.name === s.name))
      : undefined
    if (gone !== undefined) return `Set ${gone.name} doesn't exist: add it to ipsets first`
    if (!exists(n, table, chain))
      return `No chain/target/match by that name: table ${table} has no chain ${chain}; ${isHook(chain) ? `it has ${(HOOKS[table] ?? []).join(', ')}` : 'add it to chains first'}`
    if (!('chain' in target) || isHook(target.chain) || exists(n, table, target.chain)) return null
    return `Chain '${target.chain}' does not exist in table ${table}; add it to chains first`
  },
}
