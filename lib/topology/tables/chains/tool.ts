import { typed } from '../../shell.ts'
import { sets, type Tool } from '../../tool.ts'
import { saved, tableFlag } from '../netfilter/saved.ts'
import type { NfChain } from './row.ts'
import { isHook } from '../../grammar.ts'

const gone = (n: NfChain): string =>
  `iptables ${tableFlag(n.table)}${isHook(n.chain) ? `-P ${n.chain} ACCEPT` : `-X ${n.chain}`}`
const there = (n: NfChain): string =>
  `iptables ${tableFlag(n.table)}${isHook(n.chain) ? `-P ${n.chain} ${n.policy ?? 'ACCEPT'}` : `-N ${n.chain}`}`

export const chains: Tool<'chains'> = {
  command: (c) => {
    if (c.op === 'del') return gone(c.before!)
    if (c.op === 'add' || !sets(c, 'table', 'chain')) return there(c.after!)
    const [was, now] = [c.before!, c.after!]
    return !sets(c, 'table') && !isHook(was.chain) && !isHook(now.chain)
      ? `iptables ${tableFlag(was.table)}-E ${was.chain} ${now.chain}`
      : typed({ commands: [gone(was), there(now)] })
  },
  print: saved('chains'),
}
