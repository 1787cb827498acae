import { describe, expect, it } from 'vitest'
import { applyAll } from '#lib/topology/apply.ts'
import type { LinuxTables } from '#lib/topology/topology.ts'
import { emptyNetns, fromSpaces, netns, type Netns } from '#lib/topology/topology.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { editsBetween } from '#lib/worlds/between.ts'
import { hosts } from '#lib/worlds/docker-bridge/hosts.ts'

/** The rules of a namespace, each chain's in their order. */
const chains = (n: Netns): Readonly<Record<string, readonly object[]>> =>
  Object.fromEntries(
    [...new Set(n.netfilter.map((r) => `${r.table} ${r.chain}`))]
      .toSorted()
      .map((c) => [c, n.netfilter.filter((r) => `${r.table} ${r.chain}` === c)]),
  )

describe('userland-proxy: false', () => {
  it('leaves node-1 as dockerd makes it without a proxy, in the order of its rules too', () => {
    const s = SCENARIOS['docker-bridge']!
    const told = netns(applyAll(s.topology, s.whatIfs['userland-proxy-off']!.edits), 'node-1')!
    const made = netns(hosts({ userlandProxy: false }), 'node-1')!
    expect(chains(told)).toEqual(chains(made))
    for (const table of ['chains', 'devs', 'routes', 'sockets'] as const)
      expect(told[table]).toEqual(made[table])
    const byKey = (n: Netns) => n.sysctls.toSorted((a, b) => a.key.localeCompare(b.key))
    expect(byKey(told)).toEqual(byKey(made))
  })
})

describe('edits between two states', () => {
  const rule = (chain: string, dport: number): LinuxTables['netfilter'] => ({
    table: 'nat',
    chain,
    proto: 'tcp',
    dport,
    target: { type: 'RETURN' },
  })
  const A = [rule('A', 1), rule('A', 2), rule('B', 3)]
  it.each([
    ['nothing, where nothing changes', A, A, 0],
    ['a rule behind the others', A, [...A, rule('A', 9)], 1],
    ['a rule before them: those go and come again', A, [rule('A', 9), ...A], 5],
    ['a rule gone from the middle', A, [A[0]!, A[2]!], 1],
    ['two in the other order', A, [A[1]!, A[0]!, A[2]!], 2],
  ])('%s', (_, before, after, count) => {
    const edits = editsBetween('n', { netfilter: before }, { netfilter: after })
    expect(edits).toHaveLength(count)
    const own = (['A', 'B'] as const).map((chain) => ({
      table: 'nat' as const,
      chain,
      policy: null,
    }))
    const start = fromSpaces([{ ...emptyNetns('n', 'n', 'node'), chains: own, netfilter: before }])
    expect(chains(netns(applyAll(start, edits), 'n')!)).toEqual(
      chains({ ...emptyNetns('n', 'n', 'node'), netfilter: after }),
    )
  })
})
