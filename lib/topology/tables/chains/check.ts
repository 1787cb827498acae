import * as v from 'valibot'
import { HOOKS, isHook } from '../../grammar.ts'
import type { Netns } from '../../topology.ts'
import { fields, type Check, type SayRow } from '../../check.ts'
import { oneOf } from '../../problem.ts'
import { chain, netfilterTable } from '../../schema.ts'

export const chains: Check<'chains'> = {
  ...fields({ table: netfilterTable, chain, policy: v.nullable(oneOf(['ACCEPT', 'DROP'])) }),
  later: ({ space: n }, say) => repeated(n, say),
}

function repeated(n: Netns, say: SayRow): void {
  const first = new Map<string, number>()
  n.chains.forEach((c, row) => {
    const before = first.get(`${c.table} ${c.chain}`)
    if (before !== undefined) say(row, 'chain-twice', c.table, c.chain, before)
    else first.set(`${c.table} ${c.chain}`, row)
    if (!isHook(c.chain)) {
      if (c.policy !== null) say(row, 'policy-user', c.chain)
    } else if (!HOOKS[c.table].includes(c.chain))
      say(row, 'no-hook', c.table, c.chain, HOOKS[c.table])
    else if (c.policy === null) say(row, 'policy-missing', c.chain)
    else if (c.policy === 'DROP' && c.table === 'nat') say(row, 'nat-drop')
  })
}
