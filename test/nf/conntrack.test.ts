import { describe, expect, it } from 'vitest'
import { applyAll, netns, tableAsTool, walk, type Topology } from '#lib/index.ts'
import { nextState } from '#lib/lookup/conntrack-tcp.ts'
import { ACK, FIN, PSH, RST, SYN } from '#lib/wire/packet.ts'
import { SCENARIOS, clusterOf } from '#lib/worlds/all.ts'
import { labelOf } from '#lib/words/index.ts'

/* A reset that is the first answer frees the entry (nf_conntrack_tcp_packet); errors are limited per address (inet_peer_xrlim_allow). */

const { topology, flows } = SCENARIOS['docker-bridge']!
const published = Object.values(flows).find((f) => f.proto === 'tcp' && f.dport === 8080)!
const rows = (t: Topology, ns: string) => netns(t, ns)!.conntrack

describe('a connection that is refused', () => {
  const silent = applyAll(topology, [
    { op: 'del', in: 'backend-service-2', table: 'sockets', where: { port: 80 } },
  ])
  const refused = walk(silent, published)

  it('is freed where its reset passes, and no longer listed', () => {
    expect(refused.loss?.drop.reason).toBe('no-socket')
    expect(rows(refused.after, 'node-2').map((c) => [c.state, c.gone])).toEqual([['CLOSE', true]])
    expect(tableAsTool(netns(refused.after, 'node-2')!, 'conntrack').lines).toEqual([])
  })

  it('uses its freed row again when it is opened once more', () => {
    const again = walk(
      applyAll(refused.after, [
        {
          op: 'add',
          in: 'backend-service-2',
          table: 'sockets',
          row: { proto: 'tcp', port: 80, program: 'httpd' },
        },
      ]),
      published,
    )
    expect(again.delivered).toBe(true)
    expect(rows(again.after, 'node-2').map((c) => [c.state, c.gone, c.replied])).toEqual([
      ['TIME_WAIT', false, true],
    ])
    expect(tableAsTool(netns(again.after, 'node-2')!, 'conntrack').lines).toHaveLength(1)
  })
})

describe('TCP’s states', () => {
  it.each([
    ['original', SYN, 'NONE', 'SYN_SENT'],
    ['original', SYN | ACK, 'NONE', 'invalid'],
    ['original', FIN | ACK, 'NONE', 'invalid'],
    ['original', RST, 'NONE', 'invalid'],
    ['original', 0, 'ESTABLISHED', 'invalid'],
    ['reply', SYN | ACK, 'SYN_SENT', 'SYN_RECV'],
    ['reply', RST | ACK, 'SYN_SENT', 'GONE'],
    ['original', PSH | ACK, 'SYN_RECV', 'ESTABLISHED'],
    ['original', FIN | ACK, 'CLOSE_WAIT', 'LAST_ACK'],
    ['original', SYN, 'TIME_WAIT', 'SYN_SENT'],
  ] as const)('%s, flags %i in %s: %s', (dir, flags, state, next) =>
    expect(nextState(dir, flags, { state, loose: true })).toBe(next),
  )
  it('the middle of a connection begins one, if loose', () =>
    expect(
      [true, false].map((loose) => nextState('original', PSH | ACK, { state: 'NONE', loose })),
    ).toEqual(['ESTABLISHED', 'invalid']))

  it('a SYN on a connection that is over frees it and begins another', () => {
    const first = walk(topology, published)
    const again = walk(first.after, published)
    expect(rows(first.after, 'node-2').map((c) => c.state)).toEqual(['TIME_WAIT'])
    expect(again.delivered).toBe(true)
    expect(rows(again.after, 'node-2').map((c) => [c.state, c.gone])).toEqual([
      ['TIME_WAIT', false],
    ])
    expect(
      again.steps
        .flatMap((s) => (s.in === 'node-2' ? s.writes : []))
        .filter((x) => x.table === 'conntrack'),
    ).toContainEqual(expect.objectContaining({ op: 'set', to: { state: 'CLOSE', gone: true } }))
  })
})

describe('an answer whose question went another way', () => {
  const build = (edits: readonly Parameters<typeof applyAll>[1][number][] = []) =>
    applyAll(
      clusterOf({
        'packet-walk': 1,
        network: 'flannel-host-gw',
        bridge: 'cni0',
        podCidr: '10.44.0.0/16',
        vpc: { cidr: '10.20.0.0/16', subnets: [{ name: 'a', cidr: '10.20.0.0/24' }] },
        nodes: ['10', '20', '30'].map((x, i) => ({
          name: `n${i + 1}`,
          ip: `10.20.0.${x}`,
          subnet: 'a',
          podCidr: `10.44.${i + 1}.0/24`,
          sourceDestCheck: false,
        })),
        securityGroups: [
          {
            id: 'sg-node',
            ingress: [{ proto: 'all', peer: '0.0.0.0/0' }],
            egress: [{ proto: 'all', peer: '0.0.0.0/0' }],
          },
        ],
        pods: [
          { name: 'client', node: 'n1', ip: '10.44.1.5' },
          { name: 'web', node: 'n3', ip: '10.44.3.5' },
          { name: 'bystander', node: 'n2', ip: '10.44.2.5' },
        ],
        edits: [
          {
            op: 'set',
            in: 'n3',
            table: 'routes',
            where: { dst: '10.44.1.0/24' },
            to: { via: '10.20.0.20' },
          },
          {
            op: 'del',
            in: 'n2',
            table: 'netfilter',
            where: {
              table: 'nat',
              chain: 'POSTROUTING',
              target: { type: 'JUMP', chain: 'FLANNEL-POSTRTG' },
            },
          },
        ],
      }).topology,
      edits,
    )
  const call = {
    from: 'client',
    to: '10.44.3.5',
    proto: 'tcp',
    dport: 8080,
    size: 33,
    ttl: 64,
  } as const
  const drop = (ctstate: 'NEW' | 'INVALID') =>
    ({
      op: 'add',
      in: 'n2',
      table: 'netfilter',
      row: { table: 'mangle', chain: 'FORWARD', ctstate: [ctstate], target: { type: 'DROP' } },
    }) as const
  const lossOf = (...edits: Parameters<typeof build>[0] & object) => {
    const w = walk(build(edits), call)
    return w.loss === null
      ? 'delivered'
      : `${w.loss.drop.reason} in ${w.loss.in}: ${labelOf(w.messages[w.steps[w.loss.step]!.message]!)}`
  }
  const loose = (value: number) =>
    ({
      op: 'add',
      in: 'n2',
      table: 'sysctls',
      row: { key: 'net.netfilter.nf_conntrack_tcp_loose', value },
    }) as const

  it('is INVALID: kube-proxy’s rule drops it', () =>
    expect(lossOf(drop('INVALID'))).toBe('netfilter in n2: SYN-ACK'))
  it('passes where nothing drops what is INVALID', () => expect(lossOf()).toBe('delivered'))
  it('begins a connection in its middle, unless tcp_loose is 0', () =>
    expect([1, 0].map((v) => lossOf(loose(v), drop('NEW')))).toEqual([
      'netfilter in n2: ACK',
      'delivered',
    ]))
})

describe('ICMP errors', () => {
  const { topology: t } = SCENARIOS['flannel-vxlan']!
  const ping = Object.values(SCENARIOS['flannel-vxlan']!.flows).find((f) => f.proto === 'icmp')!
  const told = (limit: number | null, count: number) => {
    const edited =
      limit === null
        ? t
        : applyAll(t, [
            {
              op: 'add',
              in: 'node-1',
              table: 'sysctls',
              row: { key: 'net.ipv4.icmp_ratelimit', value: limit },
            },
          ])
    return walk(edited, { ...ping, ttl: 1, count }).messages.filter((m) => m.kind === 'error')
      .length
  }

  it.each([
    [null, 4, 4],
    [null, 10, 6],
    [1000, 10, 6],
    [0, 10, 10],
  ] as const)('icmp_ratelimit %s: of %i packets %i are answered', (limit, count, answered) => {
    expect(told(limit, count)).toBe(answered)
  })

  it('an echo request sent several times is done when all are answered', () => {
    const w = walk(t, { ...ping, count: 3 })
    expect(w.delivered).toBe(true)
    expect(w.messages.filter((m) => labelOf(m) === 'echo reply')).toHaveLength(3)
  })
})
