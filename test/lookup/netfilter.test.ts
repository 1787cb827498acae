import { describe, expect, it } from 'vitest'
import { PROTO, type Packet } from '#lib/wire/packet.ts'
import type { NfChain, NfRule, Tuple } from '#lib/topology/rows.ts'
import { evaluate, hasRules, usesConntrack, type NfQuestion } from '#lib/lookup/netfilter.ts'
import { link, LO, ns } from './spaces.ts'

const devs = [LO, link('eth0', ['192.168.0.100/24']), link('eth1', ['192.168.0.110/24'])]
const Q: NfQuestion = {
  src: '10.1.15.2',
  dst: '10.1.20.3',
  proto: 6,
  sport: 40000,
  dport: 8080,
  iif: 'eth0',
  oif: 'eni7',
  mark: 0,
  ctmark: 0,
  ctstate: 'new',
}
const at = (rule: Omit<NfRule, 'table' | 'chain'>, chain = 'FORWARD'): NfRule => ({
  table: 'filter',
  chain,
  ...rule,
})
const ask = (rows: NfRule[], q: Partial<NfQuestion> = {}, chains: NfChain[] = []) =>
  evaluate(
    ns({ devs, netfilter: rows, chains }),
    { table: 'filter', hook: 'FORWARD' },
    { ...Q, ...q },
  )
const DROP = { target: { type: 'DROP' } } as const
const OURS: Tuple = { src: '10.1.15.2', dst: '10.96.0.1', sport: 40000, dport: 80 }
const DNATTED: Tuple = { src: '10.1.20.3', dst: '10.1.15.2', sport: 8080, dport: 40000 }
const SNATTED: Tuple = { src: '10.96.0.1', dst: '192.168.0.100', sport: 80, dport: 40000 }
const l4 = (h: object): Packet => ({
  headers: [h as Packet['headers'][number]],
  payload: new Uint8Array(),
})
const SYN_PACKET = l4({ kind: 'tcp', flags: 2, options: [] })
const ERROR_PACKET = l4({ kind: 'icmp', type: 3, code: 4, rest: 1400 })

describe('targets that go on', () => {
  it('-g comes back to where the last jump came from', () => {
    const rows = [
      at({ target: { type: 'JUMP', chain: 'A' } }),
      at({ ...DROP, dst: '10.1.20.3/32' }),
      at({ target: { type: 'GOTO', chain: 'B' } }, 'A'),
      at(DROP, 'A'),
      at({ target: { type: 'LOG' } }, 'B'),
    ]
    expect(ask(rows)).toMatchObject({ verdict: 'DROP', rule: 1, touched: [0, 2, 4] })
    // From a built-in chain: its policy is next.
    expect(
      ask([at({ target: { type: 'GOTO', chain: 'B' } }), at(DROP), ...rows.slice(4)]),
    ).toMatchObject({ verdict: 'ACCEPT', rule: null, touched: [0, 2] })
  })
  it('NOTRACK makes it UNTRACKED at once, unless it has its connection', () => {
    const rows = [at({ target: { type: 'NOTRACK' } }), at({ ctstate: ['UNTRACKED'], ...DROP })]
    expect(ask(rows, { original: null })).toMatchObject({ verdict: 'DROP', untracked: true })
    expect(ask(rows, { original: OURS })).toMatchObject({ verdict: 'ACCEPT', untracked: false })
  })
  it('TCPMSS is kept for the packet, in order', () => {
    const [a, b] = [
      { type: 'TCPMSS', mss: 1400 },
      { type: 'TCPMSS', clampToPmtu: true },
    ] as const
    expect(
      ask([at({ target: a }), at({ target: { type: 'NFLOG' } }), at({ target: b })]),
    ).toMatchObject({
      verdict: 'ACCEPT',
      clamps: [a, b],
      touched: [0, 1, 2],
    })
  })
  it('CONNMARK does nothing to what has no connection', () => {
    const restore = at({ target: { type: 'CONNMARK', op: 'restore', nfmask: 255, ctmask: 255 } })
    expect(ask([restore], { mark: 7, original: null, ctstate: 'invalid' }).mark).toBe(7)
    expect(ask([restore], { mark: 7, original: OURS }).mark).toBe(0)
  })
  it('what looks at more than a question is compared by is asked anew', () => {
    const n = ns({ devs, netfilter: [at({ proto: 'tcp', tcpFlags: 'SYN SYN', ...DROP })] })
    const of = (packet: Packet): string =>
      evaluate(n, { table: 'filter', hook: 'FORWARD' }, { ...Q, packet }).verdict
    expect([of(SYN_PACKET), of(l4({ kind: 'tcp', flags: 16, options: [] }))]).toEqual([
      'DROP',
      'ACCEPT',
    ])
  })
})

describe('one rule matches', () => {
  const cases: [string, Partial<NfRule>, Partial<NfQuestion>, boolean][] = [
    ['everything', {}, {}, true],
    ['source', { src: '10.1.15.0/24' }, {}, true],
    ['another source', { src: '10.1.16.0/24' }, {}, false],
    ['! source', { src: '10.1.15.0/24', not: ['src'] }, {}, false],
    ['! another source', { src: '10.1.16.0/24', not: ['src'] }, {}, true],
    ['a high source', { src: '192.168.0.0/16' }, { src: '192.168.3.4' }, true],
    ['destination', { dst: '10.1.20.3/32' }, {}, true],
    ['! destination', { dst: '10.1.20.3/32', not: ['dst'] }, {}, false],
    ['protocol', { proto: 'tcp' }, {}, true],
    ['another protocol', { proto: 'udp' }, {}, false],
    ['! protocol', { proto: 'udp', not: ['proto'] }, {}, true],
    ['port', { proto: 'tcp', dport: 8080 }, {}, true],
    ['another port', { proto: 'tcp', dport: 80 }, {}, false],
    ['! another port', { proto: 'tcp', dport: 80, not: ['dport'] }, {}, true],
    ['one of several ports', { proto: 'tcp', dports: [80, 8080] }, {}, true],
    ['none of several ports', { proto: 'tcp', dports: [80, 443] }, {}, false],
    ['none of several ports of ICMP', { dports: [0] }, { proto: 1, dport: 0 }, false],
    ['a range of ports', { proto: 'tcp', dport: '8000:8080' }, {}, true],
    ['a range that begins later', { proto: 'tcp', dport: '8081:9000' }, {}, false],
    ['! a range that ends before', { proto: 'tcp', dport: '1:8079', not: ['dport'] }, {}, true],
    ['one of several ranges', { proto: 'tcp', dports: [80, '8079:8081'] }, {}, true],
    ['! several ports', { proto: 'tcp', dports: [80, 8080], not: ['dports'] }, {}, false],
    ['one of several source ports', { proto: 'tcp', sports: [80, 40000] }, {}, true],
    ['none of several source ports', { proto: 'tcp', sports: [80, 8080] }, {}, false],
    ['a port of either end', { proto: 'tcp', ports: [1, 40000] }, {}, true],
    ['a port of the other end', { proto: 'tcp', ports: [1, 8080] }, {}, true],
    ['! another state', { ctstate: ['ESTABLISHED'], not: ['ctstate'] }, {}, true],
    ['! state', { ctstate: ['NEW', 'RELATED'], not: ['ctstate'] }, {}, false],
    ['what is not tracked', { ctstate: ['UNTRACKED'] }, { ctstate: 'untracked' }, true],
    [
      'what has no connection is not that',
      { ctstate: ['UNTRACKED'] },
      { ctstate: 'invalid' },
      false,
    ],
    ['a translated destination', { ctstate: ['DNAT'] }, { original: OURS, reply: DNATTED }, true],
    [
      '! a translated destination',
      { ctstate: ['DNAT'], not: ['ctstate'] },
      { original: OURS, reply: DNATTED },
      false,
    ],
    ['a translated source', { ctstate: ['SNAT'] }, { original: OURS, reply: SNATTED }, true],
    [
      'the other end is translated',
      { ctstate: ['SNAT'] },
      { original: OURS, reply: DNATTED },
      false,
    ],
    ['a state beside it', { ctstate: ['NEW', 'SNAT'] }, { original: OURS, reply: DNATTED }, true],
    ['flags of a SYN', { proto: 'tcp', tcpFlags: 'SYN,RST SYN' }, { packet: SYN_PACKET }, true],
    [
      'flags that it has not',
      { proto: 'tcp', tcpFlags: 'SYN,ACK SYN,ACK' },
      { packet: SYN_PACKET },
      false,
    ],
    [
      '! flags',
      { proto: 'tcp', tcpFlags: 'SYN SYN', not: ['tcpFlags'] },
      { packet: SYN_PACKET },
      false,
    ],
    ['a type of ICMP', { proto: 'icmp', icmpType: 3 }, { proto: 1, packet: ERROR_PACKET }, true],
    ['with its code', { proto: 'icmp', icmpType: '3/4' }, { proto: 1, packet: ERROR_PACKET }, true],
    [
      'with another code',
      { proto: 'icmp', icmpType: '3/1' },
      { proto: 1, packet: ERROR_PACKET },
      false,
    ],
    [
      '! another type',
      { proto: 'icmp', icmpType: 8, not: ['icmpType'] },
      { proto: 1, packet: ERROR_PACKET },
      true,
    ],
    ['a range of sources', { srcRange: '10.1.15.0-10.1.15.2' }, {}, true],
    ['a range that ends before', { srcRange: '10.1.15.0-10.1.15.1' }, {}, false],
    [
      '! a range of destinations',
      { dstRange: '10.1.20.3-10.1.20.3', not: ['dstRange'] },
      {},
      false,
    ],
    ['a high range', { srcRange: '192.168.0.0-192.168.9.9' }, { src: '192.168.3.4' }, true],
    ['the connection’s mark', { connmark: { value: 5, mask: 255 } }, { ctmark: 0x105 }, true],
    [
      '! the connection’s mark',
      { connmark: { value: 5, mask: 255 }, not: ['connmark'] },
      { ctmark: 5 },
      false,
    ],
    [
      '! a mark of no connection',
      { connmark: { value: 5, mask: 255 }, not: ['connmark'] },
      { original: null },
      false,
    ],
    ['IP in IP', { proto: 'ipencap' }, { proto: 4 }, true],
    ['source port', { proto: 'tcp', sport: 40000 }, {}, true],
    ['no port of ICMP', { dport: 8080 }, { proto: 1 }, false],
    ['no ! port of ICMP', { dport: 80, not: ['dport'] }, { proto: 1 }, false],
    ['input device', { iif: 'eth0' }, {}, true],
    ['a name that only begins so', { iif: 'eth' }, {}, false],
    ['wildcard', { oif: 'eni+' }, {}, true],
    ['wildcard of another name', { oif: 'vlan+' }, {}, false],
    ['! wildcard', { oif: 'vlan+', not: ['oif'] }, {}, true],
    ['no device where there is none', { iif: 'eth0' }, { iif: null }, false],
    ['! device where there is none', { iif: 'eth0', not: ['iif'] }, { iif: null }, true],
    ['mark', { mark: { value: 0x80, mask: 0x80 } }, { mark: 0x4080 }, true],
    ['no mark', { mark: { value: 0x80, mask: 0x80 } }, { mark: 0x4000 }, false],
    [
      'the top bit of a mark',
      { mark: { value: 0x80000000, mask: 0x80000000 } },
      { mark: 0x80000001 },
      true,
    ],
    ['! mark', { mark: { value: 0x80, mask: 0x80 }, not: ['mark'] }, { mark: 0 }, true],
    ['a state', { ctstate: ['RELATED', 'ESTABLISHED'] }, { ctstate: 'related' }, true],
    ['another state', { ctstate: ['RELATED', 'ESTABLISHED'] }, {}, false],
    ['local destination', { dstType: 'LOCAL' }, { dst: '192.168.0.110' }, true],
    ['no local destination', { dstType: 'LOCAL' }, {}, false],
    ['! local destination', { dstType: 'LOCAL', not: ['dstType'] }, {}, true],
    ['local source', { srcType: 'LOCAL' }, { src: '127.0.0.1' }, true],
    [
      'local on the input device',
      { dstType: 'LOCAL', limitIfaceIn: true },
      { dst: '192.168.0.100' },
      true,
    ],
    [
      'local, but on another device',
      { dstType: 'LOCAL', limitIfaceIn: true },
      { dst: '192.168.0.110' },
      false,
    ],
    [
      'this machine’s, of another device: of two matches each has its own limit',
      {
        srcType: 'LOCAL',
        limitIfaceOut: true,
        not: ['srcType'],
        addrtypes: [{ srcType: 'LOCAL' }],
      },
      { src: '192.168.0.110', oif: 'eth0' },
      true,
    ],
    [
      'the output device’s own',
      {
        srcType: 'LOCAL',
        limitIfaceOut: true,
        not: ['srcType'],
        addrtypes: [{ srcType: 'LOCAL' }],
      },
      { src: '192.168.0.100', oif: 'eth0' },
      false,
    ],
    [
      'nobody’s here',
      {
        srcType: 'LOCAL',
        limitIfaceOut: true,
        not: ['srcType'],
        addrtypes: [{ srcType: 'LOCAL' }],
      },
      { src: '10.1.15.2', oif: 'eth0' },
      false,
    ],
    [
      'a third match, turned round and of the input device',
      {
        addrtypes: [
          { srcType: 'LOCAL' },
          { dstType: 'LOCAL', limitIfaceIn: true, not: ['dstType'] },
        ],
      },
      { src: '127.0.0.1', dst: '192.168.0.110' },
      true,
    ],
    [
      'all of several',
      {
        src: '10.1.15.0/24',
        dst: '10.1.20.0/24',
        proto: 'tcp',
        dport: 8080,
        iif: 'eth0',
        oif: 'eni7',
      },
      {},
      true,
    ],
    [
      'not when one of several fails',
      { src: '10.1.15.0/24', dst: '10.1.21.0/24', proto: 'tcp', dport: 8080 },
      {},
      false,
    ],
  ]
  it.each(cases)('%s', (_, rule, q, hit) => {
    expect(ask([at({ ...rule, ...DROP })], q)).toMatchObject(
      hit ? { verdict: 'DROP', rule: 0 } : { verdict: 'ACCEPT', rule: null },
    )
  })
})

describe('chains', () => {
  it('take the first rule that decides', () => {
    expect(
      ask([at({ dst: '10.9.0.0/16', ...DROP }), at({ target: { type: 'ACCEPT' } }), at(DROP)]),
    ).toMatchObject({ verdict: 'ACCEPT', rule: 1, touched: [] })
  })
  it('of a user are jumped into and come back at their end', () => {
    const rows = [
      at({ target: { type: 'JUMP', chain: 'MINE' } }),
      at({ dst: '1.1.1.1/32', ...DROP }, 'MINE'),
      at(DROP),
    ]
    expect(ask(rows)).toMatchObject({ verdict: 'DROP', rule: 2, touched: [0] })
  })
  it('return early on RETURN', () => {
    const rows = [
      at({ target: { type: 'JUMP', chain: 'MINE' } }),
      at({ target: { type: 'RETURN' } }, 'MINE'),
      at(DROP, 'MINE'),
    ]
    expect(ask(rows)).toMatchObject({ verdict: 'ACCEPT', rule: null, touched: [0, 1] })
  })
  it('that are built in take RETURN and their end as the policy', () => {
    const policy: NfChain[] = [{ table: 'filter', chain: 'FORWARD', policy: 'DROP' }]
    expect(
      ask([at({ target: { type: 'RETURN' } }), at({ target: { type: 'ACCEPT' } })], {}, policy),
    ).toMatchObject({ verdict: 'DROP', rule: null, target: null, touched: [0] })
    expect(ask([], {}, policy).verdict).toBe('DROP')
    expect(ask([]).verdict).toBe('ACCEPT')
  })
  it('keep apart tables and hooks', () => {
    const n = ns({ devs, netfilter: [{ ...at(DROP), table: 'mangle' }, at(DROP, 'INPUT')] })
    expect(evaluate(n, { table: 'filter', hook: 'FORWARD' }, Q).verdict).toBe('ACCEPT')
    expect(evaluate(n, { table: 'mangle', hook: 'FORWARD' }, Q)).toMatchObject({
      verdict: 'DROP',
      rule: 0,
    })
    expect(evaluate(n, { table: 'filter', hook: 'INPUT' }, Q)).toMatchObject({
      verdict: 'DROP',
      rule: 1,
    })
  })
  it('that loop are refused, as iptables does', () => {
    expect(() =>
      ask([
        at({ target: { type: 'JUMP', chain: 'A' } }),
        at({ target: { type: 'JUMP', chain: 'A' } }, 'A'),
      ]),
    ).toThrow('chain A of table filter is reached again from itself')
  })
  it('that loop, but that nothing leads to, are no matter', () => {
    expect(ask([at({ target: { type: 'JUMP', chain: 'A' } }, 'A')]).verdict).toBe('ACCEPT')
  })
  it('that jump too deep are refused, one after the other or not', () => {
    const down = (n: number) =>
      ask(
        Array.from({ length: n }, (_, i) =>
          at({ target: { type: 'JUMP', chain: `C${i + 1}` } }, i === 0 ? undefined : `C${i}`),
        ),
      )
    expect(down(900).verdict).toBe('ACCEPT')
    expect(() => down(1100)).toThrow('jump more than 1000 deep')
  })
  it('name the target of nat', () => {
    const target = { type: 'DNAT', to: '10.1.20.3', port: 8080 } as const
    expect(
      evaluate(
        ns({ devs, netfilter: [{ table: 'nat', chain: 'PREROUTING', target }] }),
        { table: 'nat', hook: 'PREROUTING' },
        Q,
      ),
    ).toMatchObject({ verdict: 'DNAT', rule: 0, target })
  })
})

describe('marks', () => {
  const mark = (op: 'set' | 'or' | 'xor' | 'and', value: number, mask: number) =>
    at({ target: { type: 'MARK', op, value, mask } })
  it.each([
    ['set', 0x80, 0x80, 0x4000, 0x4080],
    ['set', 0x1, 0xffffffff, 0x4000, 0x1],
    ['set', 0x80000000, 0x80000000, 1, 0x80000001],
    ['or', 0x4000, 0, 0x80, 0x4080],
    ['xor', 0xff, 0, 0x80, 0x7f],
    ['and', 0xff, 0, 0x4080, 0x80],
  ] as const)('%s %i with mask %i makes of %i %i', (op, value, mask, before, after) => {
    expect(ask([mark(op, value, mask)], { mark: before })).toMatchObject({
      verdict: 'ACCEPT',
      mark: after,
      touched: [0],
    })
  })
  it('set here are seen by the rules after', () => {
    expect(
      ask([mark('or', 0x80, 0), at({ mark: { value: 0x80, mask: 0x80 }, ...DROP })]),
    ).toMatchObject({ verdict: 'DROP', rule: 1, mark: 0x80 })
  })
  it('of the connection are set, saved and restored as xt_connmark does', () => {
    const connmark = (target: NfRule['target']) => [at({ target })]
    expect(
      ask(connmark({ type: 'CONNMARK', op: 'set', value: 0x80, mask: 0x80 }), { ctmark: 0x4080 }),
    ).toMatchObject({ ctmark: 0x4080, mark: 0 })
    expect(
      ask(connmark({ type: 'CONNMARK', op: 'save', nfmask: 0x80, ctmask: 0x80 }), {
        mark: 0x4080,
        ctmark: 0x1,
      }),
    ).toMatchObject({ ctmark: 0x81, mark: 0x4080 })
    expect(
      ask(connmark({ type: 'CONNMARK', op: 'restore', nfmask: 0x80, ctmask: 0x80 }), {
        mark: 0x4080,
        ctmark: 0x1,
      }),
    ).toMatchObject({ ctmark: 0x1, mark: 0x4000 })
    expect(
      ask(connmark({ type: 'CONNMARK', op: 'restore', nfmask: 0x80, ctmask: 0x80 }), {
        mark: 0,
        ctmark: 0x80,
      }),
    ).toMatchObject({ mark: 0x80 })
  })
})

describe('what a namespace needs', () => {
  it('knows where there is nothing to ask', () => {
    const n = ns({
      netfilter: [at(DROP)],
      chains: [
        { table: 'filter', chain: 'INPUT', policy: 'DROP' },
        { table: 'filter', chain: 'OUTPUT', policy: 'ACCEPT' },
        { table: 'filter', chain: 'MINE', policy: null },
      ],
    })
    expect([
      hasRules(n, 'filter', 'FORWARD'),
      hasRules(n, 'filter', 'INPUT'),
      hasRules(n, 'filter', 'OUTPUT'),
      hasRules(n, 'mangle', 'FORWARD'),
    ]).toEqual([true, true, false, false])
  })
  it.each([
    ['nothing', [], false],
    ['a filter rule', [at(DROP)], false],
    ['a state match', [at({ ctstate: ['NEW'], ...DROP })], true],
    [
      'a connection mark',
      [at({ target: { type: 'CONNMARK', op: 'set', value: 1, mask: 1 } })],
      true,
    ],
    ['a nat rule', [{ table: 'nat', chain: 'POSTROUTING', target: { type: 'MASQUERADE' } }], true],
  ] as [string, NfRule[], boolean][])(
    'tracks connections for %s: decided',
    (_, netfilter, needed) => expect(usesConntrack(ns({ netfilter }))).toBe(needed),
  )
  it('sees a policy change though the rules did not', () => {
    const n = ns({ netfilter: [at({ src: '1.1.1.1/32', ...DROP })] })
    expect(evaluate(n, { table: 'filter', hook: 'FORWARD' }, Q).verdict).toBe('ACCEPT')
    expect(
      evaluate(
        { ...n, chains: [{ table: 'filter', chain: 'FORWARD', policy: 'DROP' }] },
        { table: 'filter', hook: 'FORWARD' },
        Q,
      ).verdict,
    ).toBe('DROP')
    expect(evaluate(n, { table: 'filter', hook: 'FORWARD' }, Q).verdict).toBe('ACCEPT')
  })
})

describe('the rules of the VPC CNI', () => {
  const nat = (chain: string, rule: Omit<NfRule, 'table' | 'chain'>): NfRule => ({
    table: 'nat',
    chain,
    ...rule,
  })
  const n = ns({
    devs,
    netfilter: [
      nat('PREROUTING', { iif: 'eni+', target: { type: 'JUMP', chain: 'AWS-CONNMARK-CHAIN-0' } }),
      nat('PREROUTING', {
        target: { type: 'CONNMARK', op: 'restore', nfmask: 0x80, ctmask: 0x80 },
      }),
      nat('POSTROUTING', { target: { type: 'JUMP', chain: 'AWS-SNAT-CHAIN-0' } }),
      nat('AWS-CONNMARK-CHAIN-0', { dst: '192.168.0.0/16', target: { type: 'RETURN' } }),
      nat('AWS-CONNMARK-CHAIN-0', {
        target: { type: 'CONNMARK', op: 'set', value: 0x80, mask: 0x80 },
      }),
      nat('AWS-SNAT-CHAIN-0', { dst: '192.168.0.0/16', target: { type: 'RETURN' } }),
      nat('AWS-SNAT-CHAIN-0', {
        oif: 'vlan+',
        dstType: 'LOCAL',
        not: ['oif', 'dstType'],
        target: { type: 'SNAT', to: '192.168.0.100', randomFully: true },
      }),
    ],
  })
  const pod: NfQuestion = { ...Q, src: '192.168.0.111', iif: 'eni7', oif: null }
  it('mark and translate what leaves the VPC', () => {
    expect(
      evaluate(n, { table: 'nat', hook: 'PREROUTING' }, { ...pod, dst: '203.0.113.5' }),
    ).toMatchObject({
      verdict: 'ACCEPT',
      rule: null,
      mark: 0x80,
      ctmark: 0x80,
      touched: [0, 4, 1],
    })
    expect(
      evaluate(
        n,
        { table: 'nat', hook: 'POSTROUTING' },
        { ...pod, dst: '203.0.113.5', iif: null, oif: 'eth0' },
      ),
    ).toMatchObject({ verdict: 'SNAT', rule: 6, touched: [2] })
  })
  it('leave alone what stays in it', () => {
    expect(
      evaluate(n, { table: 'nat', hook: 'PREROUTING' }, { ...pod, dst: '192.168.0.211' }),
    ).toMatchObject({
      mark: 0,
      ctmark: 0,
      touched: [0, 3, 1],
    })
    expect(
      evaluate(
        n,
        { table: 'nat', hook: 'POSTROUTING' },
        { ...pod, dst: '192.168.0.211', iif: null, oif: 'eth1' },
      ),
    ).toMatchObject({ verdict: 'ACCEPT', rule: null, touched: [2, 5] })
  })
})

describe('statistic', () => {
  const share = (probability: number, chain: string): NfRule =>
    at({ statistic: { probability }, target: { type: 'JUMP', chain } })
  const END = { target: { type: 'ACCEPT' } } as const
  /** kube-proxy's ladder for n endpoints: chain E0, E1 … */
  const ladder = (n: number): NfRule[] => [
    ...Array.from({ length: n - 1 }, (_, i) => share(1 / (n - i), `E${i}`)),
    at({ target: { type: 'JUMP', chain: `E${n - 1}` } }),
    ...Array.from({ length: n }, (_, i) => at(END, `E${i}`)),
  ]
  const chosen = (rows: NfRule[], q: Partial<NfQuestion>): string | undefined =>
    rows[ask(rows, q).rule!]?.chain

  it.each([2, 3])(
    '%d endpoints get the same share of 10,000 draws, and of 10,000 connections',
    (n) => {
      const rows = ladder(n)
      for (const q of [(i: number) => ({ draw: i }), (i: number) => ({ sport: 32768 + i })]) {
        const counts = new Map<string, number>()
        for (let i = 0; i < 10_000; i += 1) {
          const e = chosen(rows, q(i)) ?? 'none'
          counts.set(e, (counts.get(e) ?? 0) + 1)
        }
        expect([...counts.keys()].toSorted()).toEqual(Array.from({ length: n }, (_, i) => `E${i}`))
        for (const count of counts.values())
          expect(Math.abs(count / (10_000 / n) - 1)).toBeLessThan(0.05)
      }
    },
  )
  it('chooses the same each time, by the connection as it began and not as DNAT has left it', () => {
    const original: Tuple = { src: '10.1.15.2', dst: '10.1.20.3', sport: 40000, dport: 8080 }
    for (let draw = 0; draw < 50; draw += 1)
      expect(chosen(ladder(3), { draw, original, dst: '10.9.9.9', dport: 9 })).toBe(
        chosen(ladder(3), { draw }),
      )
  })
  it('says what was drawn and by which rule', () => {
    const v = ask(ladder(3), { draw: 1 })
    expect(v.draws.map((d) => d.rule)).toEqual(v.draws.map((_, i) => i))
    for (const d of v.draws) expect(d.value >= 0 && d.value < 1).toBe(true)
    expect(v.draws[0]!.probability).toBeCloseTo(1 / 3, 9)
  })
  it('with 0 never matches, with 1 always', () => {
    for (let draw = 0; draw < 200; draw += 1)
      expect([
        ask([at({ statistic: { probability: 0 }, ...DROP })], { draw }).verdict,
        ask([at({ statistic: { probability: 1 }, ...DROP })], { draw }).verdict,
      ]).toEqual(['ACCEPT', 'DROP'])
  })
  it('is not asked when another match fails', () =>
    expect(
      ask([at({ dst: '1.1.1.1/32', statistic: { probability: 0.5 }, ...DROP })]).draws,
    ).toEqual([]))
})

describe('many rules for one destination each', () => {
  const many = Array.from({ length: 300 }, (_, i) =>
    at({
      dst: `10.96.${i >> 4}.${i & 15}/32`,
      ...(i % 7 === 0 ? { proto: 'udp' as const } : {}),
      target: { type: 'JUMP', chain: `S${i % 5}` },
    }),
  )
  const rows = [
    at({ dst: '10.96.0.3/32', proto: 'icmp', ...DROP }),
    ...many.slice(0, 150),
    at({ dst: '10.96.0.0/16', src: '1.1.1.1/32', ...DROP }),
    ...many.slice(150),
    at({ dst: '10.96.3.3/32', not: ['dst'], src: '2.2.2.2/32', ...DROP }),
    ...[0, 1, 2].map((i) => at(DROP, `S${i}`)),
    at({ target: { type: 'RETURN' } }, 'S3'),
  ]
  /** What a scan of the rows says: those for another destination are taken out, so that none are in a row. */
  const scan = (q: Partial<NfQuestion>) =>
    rows.findIndex(
      (r) =>
        r.chain === 'FORWARD' &&
        (r.proto === undefined || PROTO[r.proto] === (q.proto ?? 6)) &&
        (r.src === undefined || r.src === `${q.src}/32`) &&
        (r.not !== undefined
          ? r.dst !== `${q.dst}/32`
          : r.dst === `${q.dst}/32` ||
            (r.dst === '10.96.0.0/16' && q.dst?.startsWith('10.96.') === true)),
    )
  it.each([
    '10.96.0.3',
    '10.96.1.2',
    '10.96.9.9',
    '10.96.18.11',
    '10.96.200.1',
    '10.97.0.1',
  ] as const)('%s is found as a scan finds it', (dst) => {
    for (const q of [{}, { proto: 17 }, { proto: 1 }, { src: '1.1.1.1' }, { src: '2.2.2.2' }]) {
      const v = ask(rows, { ...q, dst })
      const first = scan({ ...q, dst })
      expect(v.touched[0] ?? v.rule ?? -1).toBe(first)
    }
  })
})
