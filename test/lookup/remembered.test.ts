import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NfRule } from '#lib/topology/rows.ts'
import { emptyNetns, type Netns } from '#lib/topology/topology.ts'
import { evaluate, type NfQuestion } from '#lib/lookup/netfilter.ts'
import { lookupRoute } from '#lib/lookup/route.ts'
import { RUNS } from '../arbitraries.ts'

/* The last few answers of a look-up are kept: whatever was asked before, a question has the answer that it has alone. */

const rules: readonly NfRule[] = [
  {
    table: 'filter',
    chain: 'INPUT',
    dstType: 'LOCAL',
    dport: 80,
    proto: 'tcp',
    target: { type: 'DROP' },
  },
  { table: 'filter', chain: 'INPUT', iif: 'eth0', target: { type: 'JUMP', chain: 'more' } },
  { table: 'filter', chain: 'more', ctstate: ['ESTABLISHED'], target: { type: 'ACCEPT' } },
  { table: 'filter', chain: 'more', mark: { value: 1, mask: 1 }, target: { type: 'DROP' } },
  {
    table: 'filter',
    chain: 'more',
    sport: 53,
    proto: 'udp',
    target: { type: 'MARK', op: 'set', value: 4, mask: 4 },
  },
  {
    table: 'filter',
    chain: 'more',
    src: '10.0.0.0/31',
    target: { type: 'REJECT', with: 'icmp-port-unreachable' },
  },
  {
    table: 'filter',
    chain: 'more',
    dst: '10.0.0.9/32',
    statistic: { probability: 0.5 },
    target: { type: 'DROP' },
  },
] as readonly NfRule[]
const chains = [{ table: 'filter', chain: 'INPUT', policy: 'ACCEPT' }] as const
const node = (address: '10.0.0.8/24' | '10.0.0.9/24'): Netns => ({
  ...emptyNetns('n', 'n', 'node'),
  devs: [
    {
      kind: 'nic',
      name: 'eth0',
      mac: '02:00:00:00:00:01',
      mtu: 1500,
      up: true,
      addrs: [address],
      wire: { vpc: 'vpc', eni: 'eni-1' },
    },
  ],
  routes: [
    { table: 'main', dst: '10.0.0.0/24', dev: 'eth0' },
    { table: 'main', dst: '10.0.0.8/30', type: 'blackhole' },
    { table: 'other', dst: '0.0.0.0/0', dev: 'eth0', via: '10.0.0.1' },
  ],
  rules: [
    { priority: 0, table: 'local' },
    { priority: 10, table: 'other', fwmark: { value: 1, mask: 1 } },
    { priority: 20, table: 'other', iif: 'eth1' },
    { priority: 30, table: 'other', from: '10.0.0.1/32' },
    { priority: 40, table: 'main' },
  ],
  netfilter: rules,
  chains,
})
const SHARED = [node('10.0.0.8/24'), node('10.0.0.9/24')] as const
const copy = (n: Netns): Netns => ({
  ...n,
  devs: [...n.devs],
  routes: [...n.routes],
  rules: [...n.rules],
  netfilter: [...n.netfilter],
  chains: [...n.chains],
})
/** Asked when more others were asked before than are kept. */
const alone: typeof lookupRoute = (n, dst, by) => {
  for (let i = 0; i < 20; i += 1) lookupRoute(n, `192.0.2.${i}`, {})
  return lookupRoute(n, dst, by)
}
const address = fc.constantFrom('10.0.0.0', '10.0.0.1', '10.0.0.8', '10.0.0.9')

describe('what was answered lately', () => {
  it('of a firewall’s chain is the answer to that question only', () => {
    // Questions that differ in one thing, so that they come again.
    const plain = {
      src: '10.0.0.1',
      dst: '10.0.0.8',
      proto: 6,
      sport: 1024,
      dport: 80,
      iif: 'eth0',
      oif: null,
      mark: 0,
      ctmark: 0,
      ctstate: 'new',
    } as const
    const others: readonly Partial<NfQuestion>[] = [
      {},
      { src: '10.0.0.7' },
      { dst: '10.0.0.9' },
      { dst: '10.0.0.9', draw: 1 },
      { dst: '10.0.0.9', draw: 2 },
      { proto: 17 },
      { proto: 17, sport: 53 },
      { dport: 443 },
      { iif: 'eth1' },
      { mark: 1 },
      { mark: 1, markedBy: [{ in: 'n', table: 'netfilter', row: 9 }] },
      { ctmark: 2 },
      { ctstate: 'established' },
    ]
    const question = fc.record({
      of: fc.constantFrom(0, 1),
      q: fc.constantFrom(...others).map((other) => ({ ...plain, src: '10.0.0.7', ...other })),
    })
    const asked = { table: 'filter', hook: 'INPUT' } as const
    fc.assert(
      fc.property(fc.array(question, { minLength: 1, maxLength: 12 }), (questions) => {
        for (const { of, q } of questions as readonly { of: 0 | 1; q: NfQuestion }[])
          expect(evaluate(SHARED[of], asked, q)).toEqual(evaluate(copy(SHARED[of]), asked, q))
      }),
      RUNS,
    )
  })

  it('of the routes is the answer to that question only', () => {
    const question = fc.record({
      of: fc.constantFrom(0, 1),
      dst: address,
      src: fc.option(address, { nil: undefined }),
      iif: fc.option(fc.constantFrom('eth0', 'eth1'), { nil: undefined }),
      mark: fc.constantFrom(0, 1),
    })
    fc.assert(
      fc.property(fc.array(question, { minLength: 1, maxLength: 30 }), (questions) => {
        const answers = questions.map(({ of, dst, src, iif, mark }) => {
          const by = {
            mark,
            ...(src === undefined ? {} : { src }),
            ...(iif === undefined ? {} : { iif }),
          }
          const n = SHARED[of as 0 | 1]
          return { said: lookupRoute(n, dst, by), again: () => alone(n, dst, by) }
        })
        for (const { said, again } of answers) expect(said).toEqual(again())
      }),
      RUNS,
    )
  })

  it('is told again without being looked for', () => {
    const by = { src: '10.0.0.1', mark: 0 }
    expect(lookupRoute(SHARED[0], '10.0.0.7', by)).toBe(lookupRoute(SHARED[0], '10.0.0.7', by))
  })
})
