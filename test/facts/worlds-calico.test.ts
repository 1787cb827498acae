import { describe, expect, it } from 'vitest'
import { find, ipLength } from '#lib/wire/packet.ts'
import type { Address } from '#lib/wire/addr.ts'
import type { Edit } from '#lib/topology/edit.ts'
import { netns } from '#lib/topology/topology.ts'
import { fdbText } from '#lib/topology/tables/fdb/row.ts'
import { neighText } from '#lib/topology/tables/neigh/row.ts'
import { routeText } from '#lib/topology/tables/routes/row.ts'
import { ruleText } from '#lib/topology/tables/netfilter/row.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Frame, Walk } from '#lib/trace/walk.ts'
import { walk } from '#lib/walk/walk.ts'
import { caliName } from '#lib/worlds/calico/cni.ts'
import { OVERHEAD, TUNNEL, type Mode } from '#lib/worlds/calico/modes.ts'
import { ping, tcp } from '#lib/worlds/cluster/seed.ts'
import { CALI, calicoLab, GW, P1, P1_IP, P2, P2_IP, Q1, Q1_IP, R1, R1_IP } from './calico-lab.ts'
import { framesOf, hop, ips, mtu, told } from './see.ts'

/* Section 2 of the facts about worlds: Calico, measured on Linux 6.1. The worlds' own rows are those of 2.1; here they stand on the switch and behind the router of the lab. */

const MODES: readonly Mode[] = ['ipip', 'cross-subnet', 'vxlan', 'bgp']
const M = (mode: Mode): number => 1500 - OVERHEAD[mode]
interface Asked {
  readonly edits?: readonly Edit[]
  readonly cold?: boolean
}
const ask = (mode: Mode, flow: Flow, { edits = [], cold = false }: Asked = {}): Walk =>
  walk(calicoLab(mode, edits), flow, { warm: !cold })
const node = (mode: Mode, name = 'node-1') => netns(calicoLab(mode), name)!
const set = (name: string, key: string, value: number): Edit => ({
  op: 'set',
  in: name,
  table: 'sysctls',
  where: { key },
  to: { value },
})
const route = (op: 'del', name: string, dst: string, more: object = {}): Edit => ({
  op,
  in: name,
  table: 'routes',
  where: { table: 'main', dst, ...more },
})
const down = (name: string, dev: string): Edit => ({
  op: 'set',
  in: name,
  table: 'devs',
  where: { name: dev },
  to: { up: false },
})
const [BLOCK_1, BLOCK_2] = ['10.1.15.0/26', '10.1.20.0/26'] as const
/** Who an address is told to whom the packet reaches last. */
const seenAs = (w: Walk, label: string): string | undefined => {
  const last = framesOf(w, label).at(-1)
  return last === undefined ? undefined : ips(last).at(-1)?.src
}
const probe = (to: Address, ttl: number): Flow => ({ ...ping(P1, to), ttl })
const df = (to: Address, bytes: number): Flow => ({ ...ping(P1, to, bytes - 28), df: true })

describe('2.1: the state of a node', () => {
  it('the pod', () => {
    const pod = node('ipip', P1)
    expect(pod.devs.find((d) => d.name === 'eth0')!.addrs).toEqual(['10.1.15.2/32'])
    expect(pod.routes.map(routeText)).toEqual([
      'default via 169.254.1.1 dev eth0',
      '169.254.1.1 dev eth0 scope link',
    ])
    expect(pod.neigh).toEqual([])
  })
  it('its end on the node, and what Felix writes for it', () => {
    const n = node('ipip')
    expect(CALI).toBe('cali2a1b4577390')
    expect(n.devs.find((d) => d.name === CALI)).toMatchObject({
      mac: 'ee:ee:ee:ee:ee:ee',
      addrs: [],
      mtu: 1480,
    })
    expect(n.routes.map(routeText)).toContain(`10.1.15.2 dev ${CALI} scope link`)
    expect(n.neigh.map(neighText)).toContain(
      `10.1.15.2 dev ${CALI} lladdr 36:00:0a:01:0f:02 PERMANENT`,
    )
    expect(
      n.sysctls.filter((s) => s.key.includes(CALI)).map((s) => `${s.key.slice(9)}=${s.value}`),
    ).toEqual([
      `conf.${CALI}.route_localnet=1`,
      `neigh.${CALI}.proxy_delay=0`,
      `conf.${CALI}.proxy_arp=1`,
      `conf.${CALI}.forwarding=1`,
      `conf.${CALI}.rp_filter=1`,
    ])
  })
  it.each([
    [
      'ipip',
      [
        'blackhole 10.1.15.0/26 proto bird',
        '10.1.20.0/26 via 192.168.0.200 dev tunl0 proto bird onlink',
        '10.1.30.0/26 via 192.168.1.30 dev tunl0 proto bird onlink',
      ],
    ],
    [
      'cross-subnet',
      [
        'blackhole 10.1.15.0/26 proto bird',
        '10.1.20.0/26 via 192.168.0.200 dev eth0 proto bird',
        '10.1.30.0/26 via 192.168.1.30 dev tunl0 proto bird onlink',
      ],
    ],
    [
      'vxlan',
      [
        'blackhole 10.1.15.0/26',
        '10.1.20.0/26 via 10.1.20.0 dev vxlan.calico onlink',
        '10.1.30.0/26 via 10.1.30.0 dev vxlan.calico onlink',
      ],
    ],
    [
      'bgp',
      [
        'blackhole 10.1.15.0/26 proto bird',
        '10.1.20.0/26 via 192.168.0.200 dev eth0 proto bird',
        // BIRD's next hop is node-3, which the router leads to; nobody has told the router.
        '10.1.30.0/26 via 192.168.0.1 dev eth0 proto bird',
      ],
    ],
  ] as const)('%s: the routes to blocks', (mode, routes) =>
    expect(
      node(mode)
        .routes.map(routeText)
        .filter((r) => r.includes('/26')),
    ).toEqual(routes),
  )
  it('the tunnels', () => {
    expect(node('ipip').devs[1]).toMatchObject({
      kind: 'ipip',
      name: 'tunl0',
      mtu: 1480,
      addrs: ['10.1.15.0/32'],
    })
    expect(node('vxlan').devs.at(-3)).toMatchObject({
      name: 'vxlan.calico',
      vni: 4096,
      port: 4789,
      learning: false,
      mtu: 1450,
      addrs: ['10.1.15.0/32'],
      local: '192.168.0.100',
    })
    expect(node('bgp').devs.map((d) => d.kind)).toEqual(['loopback', 'veth', 'veth', 'veth'])
  })
  it('vxlan: a permanent neighbour and a forwarding entry for each other node', () => {
    expect(node('vxlan').neigh.map(neighText).slice(-4, -2)).toEqual([
      '10.1.20.0 dev vxlan.calico lladdr 66:00:00:00:14:00 PERMANENT',
      '10.1.30.0 dev vxlan.calico lladdr 66:00:00:00:1e:00 PERMANENT',
    ])
    expect(node('vxlan').fdb.map(fdbText)).toEqual([
      '66:00:00:00:14:00 dev vxlan.calico dst 192.168.0.200 self permanent',
      '66:00:00:00:1e:00 dev vxlan.calico dst 192.168.1.30 self permanent',
    ])
  })
})

describe('2.2: p1 → q1, an echo of 84 bytes', () => {
  /** Tap, bytes of the frame, TTLs outermost first; the switch left out. */
  const rows = (w: Walk, label: string): string[] =>
    framesOf(w, label)
      .filter((f) => f.in !== 'switch')
      .map((f) => {
        const [tap, , , , ttl, sizes] = hop(f)
        return `${tap} ${sizes.split('/')[1]} ttl ${ttl}`
      })
  const FAR = caliName(Q1)
  it.each([
    [
      'ipip',
      ['node-1/tunl0 out 84 ttl 63', 'node-1/eth0 out 118 ttl 63/63'],
      ['node-2/eth0 in 118 ttl 63/63', 'node-2/tunl0 in 84 ttl 63'],
    ],
    [
      'vxlan',
      ['node-1/vxlan.calico out 98 ttl 63', 'node-1/eth0 out 148 ttl 64/63'],
      ['node-2/eth0 in 148 ttl 64/63', 'node-2/vxlan.calico in 98 ttl 63'],
    ],
    ['bgp', ['node-1/eth0 out 98 ttl 63'], ['node-2/eth0 in 98 ttl 63']],
    ['cross-subnet', ['node-1/eth0 out 98 ttl 63'], ['node-2/eth0 in 98 ttl 63']],
  ] as const)('%s: rows 1 to 8', (mode, out, into) =>
    expect(rows(ask(mode, ping(P1, Q1_IP)), 'echo request')).toEqual([
      `${P1}/eth0 out 98 ttl 64`,
      `node-1/${CALI} in 98 ttl 64`,
      ...out,
      ...into,
      `node-2/${FAR} out 98 ttl 62`,
      `${Q1}/eth0 in 98 ttl 62`,
    ]),
  )
  const outerOf = (mode: Mode, label: string): Frame =>
    framesOf(ask(mode, ping(P1, Q1_IP)), label).find(
      (f) => f.dev === 'eth0' && f.dir === 'out' && f.in.startsWith('node-'),
    )!
  it('row 4, ipip: the outer packet has DF where the inner has; an echo reply has none', () => {
    const outer = (label: string) => ips(outerOf('ipip', label))[0]!
    expect(outer('echo request')).toMatchObject({ src: '192.168.0.100', dst: '192.168.0.200' })
    expect([outer('echo request').df, outer('echo reply').df]).toEqual([
      ips(outerOf('ipip', 'echo request'))[1]!.df,
      false,
    ])
    expect(
      ips(
        framesOf(ask('ipip', df(Q1_IP, 84)), 'echo request').find(
          (f) => f.dev === 'eth0' && f.in === 'node-1',
        )!,
      )[0]!.df,
    ).toBe(true)
  })
  it('row 4, vxlan: no DF, to port 4789, VNI 4096', () => {
    const { packet } = outerOf('vxlan', 'echo request')
    expect(ips({ packet } as Frame)[0]!.df).toBe(false)
    expect([find(packet, 'udp')!.dport, find(packet, 'vxlan')!.vni]).toEqual([4789, 4096])
  })
  it('row 7: the node’s end has its MAC, and asks nobody for the pod’s', () => {
    const w = ask('ipip', ping(P1, Q1_IP), { cold: true })
    const f = framesOf(w, 'echo request').find((x) => x.dev === FAR)!
    expect(hop(f)[1]).toBe('ee:ee:ee:ee:ee:ee>36:00:0a:01:14:03')
  })
  it('same node, p1 → p2: routed, TTL 63', () =>
    expect(rows(ask('ipip', ping(P1, P2_IP)), 'echo request')).toEqual([
      `${P1}/eth0 out 98 ttl 64`,
      `node-1/${CALI} in 98 ttl 64`,
      `node-1/${caliName(P2)} out 98 ttl 63`,
      `${P2}/eth0 in 98 ttl 63`,
    ]))
  it('cross subnet by tunl0: the router takes 1 from the outer packet, r1 sees 62', () => {
    const all = rows(ask('cross-subnet', ping(P1, R1_IP)), 'echo request')
    expect([all[3], all.find((r) => r.startsWith('node-3/eth0')), all.at(-1)]).toEqual([
      'node-1/eth0 out 118 ttl 63/63',
      'node-3/eth0 in 118 ttl 62/63',
      `${R1}/eth0 in 98 ttl 62`,
    ])
  })
  it.each([P1, Q1] as const)(
    'cold: %s asks once for 169.254.1.1, and its node answers in the same instant; for a pod nobody asks',
    (pod) => {
      const w = ask('ipip', ping(P1, Q1_IP), { cold: true })
      const arps = w.frames.flatMap((f) => {
        const a = find(f.packet, 'arp')
        return a === undefined ? [] : [{ f, a }]
      })
      const own = arps.filter(({ f }) => f.in === pod)
      expect(own.map(({ a }) => [a.op, a.op === 'request' ? a.tpa : a.sha])).toEqual([
        ['request', '169.254.1.1'],
        ['reply', 'ee:ee:ee:ee:ee:ee'],
      ])
      expect(arps.some(({ a }) => a.op === 'request' && a.tpa.startsWith('10.1.'))).toBe(false)
    },
  )
  it.each([
    ['ipip', 1034],
    ['vxlan', 1064],
    ['bgp', 1014],
  ] as const)('%s: of a datagram of 1000 bytes there are %d on node-1’s eth0', (mode, bytes) => {
    const flow: Flow = { from: P1, to: Q1_IP, proto: 'udp', dport: 5001, size: 972, ttl: 64 }
    const f = framesOf(ask(mode, flow), 'datagram').find(
      (x) => x.in === 'node-1' && x.dev === 'eth0',
    )!
    expect(hop(f)[5].split('/')[1]).toBe(String(bytes))
  })
})

describe('2.3: who is seen as source', () => {
  const TUN_1 = '10.1.15.0'
  const NODE_1 = '192.168.0.100'
  it.each(MODES)('%s: p1 → q1, p1 → node-1: itself', (mode) => {
    expect(seenAs(ask(mode, tcp(P1, Q1_IP, 8080)), 'SYN')).toBe(P1_IP)
    expect(seenAs(ask(mode, ping(P1, '192.168.0.100')), 'echo request')).toBe(P1_IP)
  })
  it.each([
    ['ipip', TUN_1],
    ['cross-subnet', NODE_1],
    ['vxlan', TUN_1],
    ['bgp', NODE_1],
  ] as const)('%s: a process of node-1 → q1: %s', (mode, as) => {
    const w = ask(mode, tcp('node-1', Q1_IP, 8080))
    expect([w.delivered, seenAs(w, 'SYN')]).toEqual([true, as])
  })
  it.each([
    ['ipip', TUN_1],
    ['cross-subnet', TUN_1],
    ['vxlan', TUN_1],
  ] as const)('%s: a process of node-1 → r1: %s', (mode, as) => {
    const w = ask(mode, tcp('node-1', R1_IP, 8080))
    expect([w.delivered, seenAs(w, 'SYN')]).toEqual([true, as])
  })
  it('bgp: a process of node-1 → r1: unreachable', () =>
    expect(ask('bgp', tcp('node-1', R1_IP, 8080)).delivered).toBe(false))
  it.each([
    ['ipip', TUN_1],
    ['cross-subnet', TUN_1],
    ['vxlan', NODE_1],
    ['bgp', NODE_1],
  ] as const)('%s: a process of node-1 → p2, its own pod: %s, of the oldest device', (mode, as) => {
    const w = ask(mode, tcp('node-1', P2_IP, 8080))
    expect([w.delivered, seenAs(w, 'SYN')]).toEqual([true, as])
  })
  it.each([
    ['ipip', 'tunl0'],
    ['vxlan', 'vxlan.calico'],
  ] as const)(
    '%s: a process of node-1 that speaks as 192.168.0.100 → q1: %s’s address, and another port',
    (mode, dev) => {
      // The route says as whom, since a flow says nothing of it.
      const w = ask(mode, tcp('node-1', Q1_IP, 8080), {
        edits: [
          {
            op: 'set',
            in: 'node-1',
            table: 'routes',
            where: { table: 'main', dst: BLOCK_2 },
            to: { src: NODE_1 },
          },
        ],
      })
      expect([w.delivered, seenAs(w, 'SYN')]).toEqual([true, TUN_1])
      const ports = framesOf(w, 'SYN').map((f) => find(f.packet, 'tcp')!.sport)
      expect(new Set(ports).size).toBe(1)
      const sent = w.steps.find((s) => s.stage === 'app')!
      expect(find(sent.packet, 'tcp')!.sport).not.toBe(ports[0])
      expect(dev).toBe(TUNNEL[mode])
    },
  )
  it.each(MODES)(
    '%s: p1 → node-2, p1 → the router, which are in no pool: node-1, and never wrapped',
    (mode) => {
      for (const to of ['192.168.0.200', '192.168.0.1'] as const) {
        const w = ask(mode, ping(P1, to))
        expect([w.delivered, seenAs(w, 'echo request')]).toEqual([true, NODE_1])
        expect(w.frames.every((f) => ips(f).length === 1)).toBe(true)
      }
    },
  )
})

describe('2.3: who answers TTL probes', () => {
  const [FIRST, NODE_1] = ['ICMP 11/0 from 10.1.15.0', 'ICMP 11/0 from 192.168.0.100']
  it.each([
    ['ipip', FIRST],
    ['cross-subnet', FIRST],
    ['vxlan', NODE_1],
    ['bgp', NODE_1],
  ] as const)('%s, TTL 1: %s', (mode, says) => expect(told(ask(mode, probe(Q1_IP, 1)))).toBe(says))
  it.each([
    ['ipip', '10.1.20.0'],
    ['cross-subnet', '192.168.0.200'],
    ['vxlan', '10.1.20.0'],
    ['bgp', '192.168.0.200'],
  ] as const)('%s, TTL 2 to q1: %s', (mode, from) =>
    expect(told(ask(mode, probe(Q1_IP, 2)))).toBe(`ICMP 11/0 from ${from}`),
  )
  it.each(['ipip', 'cross-subnet'] as const)(
    '%s, TTL 2 to r1: silent, since the router ends the outer packet and tells node-1',
    (mode) => {
      const w = ask(mode, probe(R1_IP, 2))
      expect([w.delivered, w.loss?.icmp, w.loss?.drop.reason, w.loss?.in]).toEqual([
        false,
        null,
        'ttl-exceeded',
        GW,
      ])
    },
  )
  it('vxlan, TTL 2 to r1: 10.1.30.0', () =>
    expect(told(ask('vxlan', probe(R1_IP, 2)))).toBe('ICMP 11/0 from 10.1.30.0'))
  it.each(MODES)('%s, TTL 3: a reply', (mode) => {
    expect(ask(mode, probe(Q1_IP, 3)).delivered).toBe(true)
    expect(ask(mode, probe(R1_IP, 3)).delivered).toBe(mode !== 'bgp')
  })
})

describe('2.4: addresses inside and outside blocks', () => {
  const told1 = (mode: Mode, to: Address): Walk => ask(mode, ping(P1, to))
  it.each(MODES)(
    '%s: 169.254.1.1 is not the node: routed, masqueraded, and the router’s 3/0 comes back to p1',
    (mode) => {
      const w = told1(mode, '169.254.1.1')
      expect(told(w)).toBe('ICMP 3/0 from 192.168.0.1')
      const out = framesOf(w, 'echo request').find((f) => f.in === 'node-1' && f.dev === 'eth0')!
      expect(ips(out)[0]!.src).toBe('192.168.0.100')
    },
  )
  it.each(MODES)(
    '%s: a free address of its own block: silent, last seen on the node’s end',
    (mode) => {
      const w = told1(mode, '10.1.15.50')
      expect([told(w), w.frames.at(-1)!.dev]).toEqual(['silence: blackhole in node-1', CALI])
    },
  )
  it.each(MODES)('%s: a process of node-1 that sends there hears EINVAL', (mode) => {
    const w = ask(mode, ping('node-1', '10.1.15.50'))
    expect([w.frames.length, w.loss?.drop.reason]).toEqual([0, 'blackhole'])
  })
  it.each(MODES)('%s: a free address of node-2’s block: silent, dropped by node-2', (mode) =>
    expect(told(told1(mode, '10.1.20.50'))).toBe('silence: blackhole in node-2'),
  )
  it.each(MODES)(
    '%s: an address of the pool in nobody’s block reaches the router as 10.1.15.2: silent',
    (mode) => {
      const w = told1(mode, '10.1.99.9')
      expect([told(w), seenAs(w, 'echo request')]).toEqual([`silence: no-route in ${GW}`, P1_IP])
    },
  )
  it.each(MODES)('%s: a spoofed source is dropped in raw PREROUTING: silent', (mode) => {
    const w = ask(mode, ping(P1, Q1_IP), { edits: SPOOFED })
    expect(told(w)).toBe('silence: netfilter in node-1')
    expect(w.steps.find((s) => s.drop !== null)).toMatchObject({ stage: 'raw' })
  })
})

const SPOOFED: readonly Edit[] = [
  {
    op: 'set',
    in: P1,
    table: 'devs',
    where: { name: 'eth0' },
    to: { addrs: ['10.1.15.2/32', '10.1.77.7/32'] },
  },
  {
    op: 'set',
    in: P1,
    table: 'routes',
    where: { table: 'main', dst: '0.0.0.0/0' },
    to: { src: '10.1.77.7' },
  },
  {
    op: 'add',
    in: P1,
    table: 'neigh',
    row: { ip: '169.254.1.1', dev: 'eth0', lladdr: 'ee:ee:ee:ee:ee:ee', state: 'PERMANENT' },
  },
]

describe('2.5: the MTU of pod, its end and the tunnel', () => {
  it.each(MODES)('%s: M bytes with DF pass', (mode) => {
    expect(ask(mode, df(Q1_IP, M(mode))).delivered).toBe(true)
    expect(
      node(mode)
        .devs.filter((d) => d.name === CALI || d.name === TUNNEL[mode])
        .map((d) => d.mtu),
    ).toEqual(TUNNEL[mode] === null ? [M(mode)] : [M(mode), M(mode)])
  })
  const wide = [mtu(P1, 'eth0', 1500), mtu('node-1', CALI, 1500)]
  it.each([
    ['ipip', 'ICMP 3/4 mtu 1480 from 10.1.15.0'],
    ['vxlan', 'ICMP 3/4 mtu 1450 from 192.168.0.100'],
  ] as const)('%s: pod and its end 1500 by mistake, M + 1 with DF: %s', (mode, says) => {
    const w = ask(mode, df(Q1_IP, M(mode) + 1), { edits: wide })
    expect(told(w)).toBe(says)
    expect(quotedTtl(w)).toBe(64)
  })
  it('cross-subnet, the same within the subnet: node-2 says so, of its own end', () => {
    for (const bytes of [1481, 1500]) {
      const w = ask('cross-subnet', df(Q1_IP, bytes), { edits: wide })
      expect(told(w)).toBe('ICMP 3/4 mtu 1480 from 192.168.0.200')
      expect(quotedTtl(w)).toBe(63)
    }
  })
  it.each([
    ['ipip', 1476],
    ['vxlan', 1444],
  ] as const)(
    '%s, the same without DF: pieces of %d and the rest, each wrapped alone',
    (mode, first) => {
      const w = ask(mode, ping(P1, Q1_IP, M(mode) + 1 - 28), { edits: wide })
      const lengths = framesOf(w, 'echo request')
        .filter((f) => f.in === 'node-1' && f.dev === TUNNEL[mode])
        .map((f) => ipLength(f.packet))
      expect([w.delivered, lengths[0]]).toEqual([true, first])
      expect(lengths).toHaveLength(2)
    },
  )
  it.each(['ipip', 'vxlan'] as const)(
    '%s: pod 1500, its end M: M + 4 bytes pass, M + 5 vanish within the pair',
    (mode) => {
      const edits = [mtu(P1, 'eth0', 1500)]
      expect(ask(mode, ping(P1, Q1_IP, M(mode) + 4 - 28), { edits }).delivered).toBe(true)
      const w = ask(mode, ping(P1, Q1_IP, M(mode) + 5 - 28), { edits })
      expect([w.delivered, w.loss?.drop.reason]).toEqual([false, 'over-mtu-link'])
    },
  )
  // The router's link to node-3 is 1400: its route says so here.
  const narrow: readonly Edit[] = [
    { op: 'set', in: GW, table: 'routes', where: { dst: '192.168.1.0/24' }, to: { mtu: 1400 } },
  ]
  it('ipip, a link of 1400 behind the router, M bytes with DF: the first time node-1 alone is told', () => {
    const w = ask('ipip', df(R1_IP, 1480), { edits: narrow })
    expect([w.delivered, w.loss?.icmp, w.loss?.in]).toEqual([false, null, GW])
    expect(
      w.frames.some(
        (f) => f.in === 'node-1' && f.dir === 'in' && find(f.packet, 'icmp')?.type === 3,
      ),
    ).toBe(true)
  })
  it('ipip, the second time node-1 knows and says 1380', () => {
    const known: Edit = {
      op: 'add',
      in: 'node-1',
      table: 'routes',
      row: { table: 'cache', dst: '192.168.1.30/32', mtu: 1400 },
    }
    const w = ask('ipip', df(R1_IP, 1480), { edits: [...narrow, known] })
    expect(told(w)).toBe('ICMP 3/4 mtu 1380 from 10.1.15.0')
    expect(quotedTtl(w)).toBe(63)
  })
  it.each([
    ['vxlan', true],
    ['vxlan', false],
    ['ipip', false],
  ] as const)(
    '%s, the same with DF %s: the router cuts the outer packet, 1396 and 124, and it works',
    (mode, set) => {
      const w = ask(mode, { ...df(R1_IP, M(mode)), df: set }, { edits: narrow })
      expect(w.delivered).toBe(true)
      expect(
        framesOf(w, 'echo request')
          .filter((f) => f.in === GW && f.dir === 'out')
          .map((f) => ipLength(f.packet)),
      ).toEqual([1396, 124])
    },
  )
})

/** TTL of the packet that an ICMP error quotes, as its sender was told. */
const quotedTtl = (w: Walk): number | undefined =>
  w.frames.findLast((f) => f.in === P1 && f.dir === 'in' && find(f.packet, 'icmp') !== undefined)!
    .packet.payload[8]

describe('2.6: failures', () => {
  const conf = `net.ipv4.conf.${CALI}`
  it.each(MODES)(
    '%s: proxy_arp=0: three questions without an answer, then 3/1 by itself',
    (mode) => {
      const w = ask(mode, ping(P1, Q1_IP), {
        edits: [set('node-1', `${conf}.proxy_arp`, 0)],
        cold: true,
      })
      expect(told(w)).toBe(`ICMP 3/1 from ${P1_IP}`)
      expect(w.frames.filter((f) => f.in === 'node-1' && f.dev === CALI)).toHaveLength(3)
    },
  )
  it('proxy_delay left at 80: works, the answer to the first question is only late', () =>
    expect(
      ask('ipip', ping(P1, Q1_IP), {
        edits: [set('node-1', `net.ipv4.neigh.${CALI}.proxy_delay`, 80)],
        cold: true,
      }).delivered,
    ).toBe(true))
  it.each(MODES)('%s: node-1 has no default route: as without proxy_arp', (mode) => {
    const w = ask(mode, ping(P1, Q1_IP), {
      edits: [route('del', 'node-1', '0.0.0.0/0')],
      cold: true,
    })
    expect(told(w)).toBe(`ICMP 3/1 from ${P1_IP}`)
  })
  it.each(MODES)(
    '%s: the route to node-2’s block is missing: it leaks to the router, as 10.1.15.2, TTL 63',
    (mode) => {
      const w = ask(mode, ping(P1, Q1_IP), { edits: [route('del', 'node-1', BLOCK_2)] })
      expect(told(w)).toBe(`silence: no-route in ${GW}`)
      const last = ips(framesOf(w, 'echo request').at(-1)!)
      expect(last.map((h) => [h.src, h.ttl])).toEqual([[P1_IP, 63]])
    },
  )
  it.each(MODES)(
    '%s: the route back is missing on node-2: the answer goes to its router, as itself',
    (mode) => {
      const w = ask(mode, ping(P1, Q1_IP), { edits: [route('del', 'node-2', BLOCK_1)] })
      expect(told(w)).toBe(`silence: no-route in ${GW}`)
      expect(seenAs(w, 'echo request')).toBe(P1_IP)
      expect(seenAs(w, 'echo reply')).toBe(Q1_IP)
    },
  )
  const strict = (...names: readonly string[]): readonly Edit[] =>
    names.map((n) => set(n, 'net.ipv4.conf.all.rp_filter', 1))
  it.each(MODES)('%s: rp_filter=1 everywhere, the same way there and back: works', (mode) => {
    const edits = strict('node-1', 'node-2')
    expect(ask(mode, ping(P1, Q1_IP), { edits }).delivered).toBe(true)
    expect(ask(mode, tcp('node-1', Q1_IP, 8080), { edits }).delivered).toBe(true)
  })
  it.each([
    ['ipip', { via: '192.168.0.100', dev: 'eth0' }, 'tunl0'],
    ['cross-subnet', { via: '192.168.0.100', dev: 'tunl0', onlink: true }, 'eth0'],
  ] as const)(
    '%s: rp_filter=1 on node-2, which answers the other way: silent; with 0 it works',
    (mode, to, dev) => {
      const other: readonly Edit[] = [
        route('del', 'node-2', BLOCK_1),
        { op: 'add', in: 'node-2', table: 'routes', row: { table: 'main', dst: BLOCK_1, ...to } },
      ]
      const w = ask(mode, ping(P1, Q1_IP), { edits: [...strict('node-2'), ...other] })
      expect([told(w), w.frames.at(-1)!.dev]).toEqual(['silence: rp-filter in node-2', dev])
      expect(ask(mode, ping(P1, Q1_IP), { edits: other }).delivered).toBe(true)
    },
  )
  it.each(['ipip', 'cross-subnet'] as const)(
    '%s: the router drops protocol 4: silent; within a subnet nothing changes',
    (mode) => {
      const edits: readonly Edit[] = [
        {
          op: 'add',
          in: GW,
          table: 'netfilter',
          row: { table: 'filter', chain: 'FORWARD', proto: 'ipencap', target: { type: 'DROP' } },
        },
      ]
      expect(told(ask(mode, ping(P1, R1_IP), { edits }))).toBe(`silence: netfilter in ${GW}`)
      expect(ask(mode, ping(P1, Q1_IP), { edits }).delivered).toBe(true)
    },
  )
  it.each([
    ['ipip', 'node-2', Q1_IP, 'cali40all-hosts-net', '-A cali-INPUT -p ipencap -j DROP'],
    ['cross-subnet', 'node-3', R1_IP, 'cali40all-hosts-net', '-A cali-INPUT -p ipencap -j DROP'],
    [
      'vxlan',
      'node-2',
      Q1_IP,
      'cali40all-vxlan-net',
      '-A cali-INPUT -p udp -m multiport --dports 4789 -m addrtype --dst-type LOCAL -j DROP',
    ],
  ] as const)(
    '%s: node-1 is not in the set of hosts of %s: silent, dropped in INPUT',
    (mode, at, to, name, rule) => {
      const w = ask(mode, ping(P1, to), {
        edits: [
          {
            op: 'del',
            in: at,
            table: 'ipsetEntries',
            where: { set: name, entry: '192.168.0.100' },
          },
        ],
      })
      expect(told(w)).toBe(`silence: netfilter in ${at}`)
      const { decision } = w.steps.find((s) => s.drop !== null)!
      const matched = decision.kind === 'hook' ? decision.matched : null
      expect(ruleText(node(mode, at).netfilter[matched!.row]!)).toBe(rule)
    },
  )
  it.each([
    ['ipip', 'node-2', Q1_IP, 'no-tunnel'],
    ['cross-subnet', 'node-3', R1_IP, 'no-tunnel'],
    ['vxlan', 'node-2', Q1_IP, 'no-socket'],
  ] as const)(
    '%s: the tunnel of %s is down: p1 hears nothing, node-1 3/3; its routes are gone',
    (mode, at, to, reason) => {
      const edits = [down(at, TUNNEL[mode]!)]
      const w = ask(mode, ping(P1, to), { edits })
      expect(told(w)).toBe(`silence: ${reason} in ${at}`)
      const error = w.frames.find(
        (f) => f.in === at && f.dir === 'out' && find(f.packet, 'icmp') !== undefined,
      )!
      expect([ips(error)[0]!.dst, find(error.packet, 'icmp')]).toMatchObject([
        '192.168.0.100',
        { type: 3, code: 3 },
      ])
      // It quotes the outer packet: 104 bytes of IP in IP, 134 of VXLAN.
      expect(ipLength(error.packet)).toBe(mode === 'vxlan' ? 162 : 132)
      expect(
        netns(calicoLab(mode, edits), at)!.routes.filter((r) => r.dev === TUNNEL[mode]),
      ).toEqual([])
    },
  )
  it('bgp across subnets without a tunnel: the router has no route to the block', () =>
    expect(told(ask('bgp', ping(P1, R1_IP)))).toBe(`silence: no-route in ${GW}`))
  it.each(MODES)(
    '%s: q1’s pair is down: its route goes, the blackhole takes over; without one, node-2’s default route',
    (mode) => {
      const gone = down('node-2', caliName(Q1))
      expect(told(ask(mode, ping(P1, Q1_IP), { edits: [gone] }))).toBe(
        'silence: blackhole in node-2',
      )
      const w = ask(mode, ping(P1, Q1_IP), {
        edits: [gone, route('del', 'node-2', BLOCK_2, { type: 'blackhole' })],
      })
      expect(told(w)).toBe(`silence: no-route in ${GW}`)
      expect(ips(framesOf(w, 'echo request').at(-1)!)[0]!.ttl).toBe(62)
    },
  )
})
