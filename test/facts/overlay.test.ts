import { describe, expect, it } from 'vitest'
import { find } from '#lib/wire/packet.ts'
import { parseQuote } from '#lib/wire/quote.ts'
import type { Edit } from '#lib/topology/edit.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { arrivalTtl, framesOf, hop, ips, mtu, podMtu, see, told, type Hop } from './see.ts'
import { labelOf } from '#lib/words/index.ts'

/* Section 6 (the seed's walk, hop by hop) and section 8 (test vectors) of the overlay facts, all measured on Linux. */

const UDP = 'flannel-udp',
  VXLAN = 'flannel-vxlan',
  GW = 'flannel-host-gw'
const POD = '02:42:0a:01:0f:02',
  DOCKER0 = '02:42:aa:00:00:01',
  ETH0 = '0a:00:00:00:00:64',
  ETH0_2 = '0a:00:00:00:00:c8',
  DOCKER0_2 = '02:42:aa:00:00:02',
  POD_2 = '02:42:0a:01:14:03'
const VTEP = '5a:00:00:00:0f:00',
  VTEP_2 = '5a:00:00:00:14:00'
const INNER = '10.1.15.2>10.1.20.3',
  OUTER = '192.168.0.100>192.168.0.200',
  PORTS = '41000>8080'
/** IP lengths of the data that the sender put on its device. */
const sent = (w: Walk): string[] =>
  w.frames
    .filter(
      (f) =>
        f.in === w.flow.from && f.dir === 'out' && labelOf(w.messages[f.message]!) === 'request',
    )
    .map((f) => hop(f)[5].split('/')[0]!)
const BIG = podMtu('web-app-frontend-1', 'veth0', 'node-1', 1500)

const FROM_POD: readonly Hop[] = [
  ['web-app-frontend-1/eth0 out', `${POD}>${DOCKER0}`, INNER, PORTS, '64', '60/74'],
  ['node-1/veth0 in otherhost', `${POD}>${DOCKER0}`, INNER, PORTS, '64', '60/74'],
  ['node-1/docker0 in', `${POD}>${DOCKER0}`, INNER, PORTS, '64', '60/74'],
]
/** docker0, veth and pod of node 2. */
function toPod(ttl: string): Hop[] {
  return ['node-2/docker0 out', 'node-2/veth1 out', 'backend-service-2/eth0 in'].map((tap) => [
    tap,
    `${DOCKER0_2}>${POD_2}`,
    INNER,
    PORTS,
    ttl,
    '60/74',
  ])
}
const syn = (id: string, c: Parameters<typeof see>[2] = {}): Walk =>
  see(id, 'frontend-1-to-backend-2', { ...c, flow: { sport: 41000, ...c.flow } })

describe('6.2: udp, hop by hop', () => {
  it('the SYN', () =>
    expect(framesOf(syn(UDP), 'SYN').map(hop)).toEqual([
      ...FROM_POD,
      ['node-1/flannel0 out', 'none', INNER, PORTS, '63', '60/60'],
      [
        'node-1/eth0 out',
        `${ETH0}>${ETH0_2}`,
        `${OUTER} | ${INNER}`,
        `8285>8285 | ${PORTS}`,
        '64/62',
        '88/102',
      ],
      // Whose MAC the VPC shows a guest as source within a subnet is not documented: as delivered.
      [
        'node-2/eth0 in',
        `${ETH0}>${ETH0_2}`,
        `${OUTER} | ${INNER}`,
        `8285>8285 | ${PORTS}`,
        '64/62',
        '88/102',
      ],
      ['node-2/flannel0 in', 'none', INNER, PORTS, '61', '60/60'],
      ...toPod('60'),
    ]))
  it('outer DF is set, UDP length 68', () => {
    const outer = framesOf(syn(UDP), 'SYN').find((f) => f.in === 'node-1' && f.dev === 'eth0')!
    expect(ips(outer)[0]).toMatchObject({ df: true, proto: 17 })
  })
  it('the answer is the mirror image: the client sees TTL 60', () =>
    expect(arrivalTtl(syn(UDP), 'SYN-ACK')).toBe(60))
  it('node 2 hands the packet to PREROUTING twice, and the second time to the connection inside', () => {
    const states = syn(UDP).steps.filter(
      (s) =>
        s.in === 'node-2' &&
        s.stage === 'conntrack' &&
        s.decision.kind === 'conntrack' &&
        s.message === 0,
    )
    expect(new Set(states.map((s) => s.dev)).size).toBeGreaterThan(1)
  })
  it('the largest packet: inner 1472, outer 1500, frame 1514; MSS 1432', () => {
    const w = see(UDP, 'large')
    expect(
      framesOf(w, 'echo request')
        .filter((f) => f.in === 'node-1' && f.dev === 'eth0')
        .map((f) => hop(f)[5]),
    ).toEqual(['1500/1514'])
    expect(mssOf(syn(UDP))).toBe(1432)
  })
})

describe('6.3: vxlan, hop by hop', () => {
  it('the SYN', () =>
    expect(framesOf(syn(VXLAN), 'SYN').map(hop)).toEqual([
      ...FROM_POD,
      ['node-1/flannel.1 out', `${VTEP}>${VTEP_2}`, INNER, PORTS, '63', '60/74'],
      [
        'node-1/eth0 out',
        `${ETH0}>${ETH0_2} | ${VTEP}>${VTEP_2}`,
        `${OUTER} | ${INNER}`,
        `hash>8472 | ${PORTS}`,
        '64/63',
        '110/124',
      ],
      [
        'node-2/eth0 in',
        `${ETH0}>${ETH0_2} | ${VTEP}>${VTEP_2}`,
        `${OUTER} | ${INNER}`,
        `hash>8472 | ${PORTS}`,
        '64/63',
        '110/124',
      ],
      ['node-2/flannel.1 in', `${VTEP}>${VTEP_2}`, INNER, PORTS, '63', '60/74'],
      ...toPod('62'),
    ]))
  it('VNI 1, outer DF clear, source port in 32768–60998', () => {
    const p = framesOf(syn(VXLAN), 'SYN').find((f) => f.in === 'node-1' && f.dev === 'eth0')!.packet
    expect(find(p, 'vxlan')).toMatchObject({ vni: 1, flags: 8 })
    expect(find(p, 'ipv4')).toMatchObject({ df: false })
    expect(find(p, 'udp')!.sport).toBeGreaterThanOrEqual(32768)
    expect(find(p, 'udp')!.sport).toBeLessThanOrEqual(60998)
  })
  it('the largest packet: inner 1450, outer 1500, frame 1514; MSS 1410', () => {
    expect(
      framesOf(see(VXLAN, 'large'), 'echo request')
        .filter((f) => f.in === 'node-1' && f.dev === 'eth0')
        .map((f) => hop(f)[5]),
    ).toEqual(['1500/1514'])
    expect(mssOf(syn(VXLAN))).toBe(1410)
  })
  it('with both pods left at MTU 1500 the SYN offers MSS 1460, the first full segment draws 3/4 from 10.1.15.1, and the data goes again in smaller ones', () => {
    const w = syn(VXLAN, {
      edits: [...BIG, ...podMtu('backend-service-2', 'veth1', 'node-2', 1500)],
      flow: { size: 3000 },
    })
    expect(mssOf(w)).toBe(1460)
    expect(ips(framesOf(w, 'fragmentation needed')[0]!)[0]!.src).toBe('10.1.15.1')
    expect(sent(w)).toEqual(['1500', '1500', '156', '1450', '1450', '256'])
    expect(told(w)).toBe('reply, TTL 62')
  })
  it('with one of them at 1450 nothing is too large: a segment is no larger than the peer’s MSS', () => {
    const w = syn(VXLAN, { edits: BIG, flow: { size: 3000 } })
    expect([mssOf(w), sent(w)]).toEqual([1460, ['1450', '1450', '256']])
  })
})

describe('6.3: host-gw', () => {
  it('one frame between the nodes: TTL 63 on the wire, 62 at the pod', () => {
    const frames = framesOf(syn(GW, { whatIf: 'src-dst-check-off' }), 'SYN').map(hop)
    expect(frames).toContainEqual([
      'node-1/eth0 out',
      `${ETH0}>${ETH0_2}`,
      INNER,
      PORTS,
      '63',
      '60/74',
    ])
    expect(frames.slice(-3)).toEqual(toPod('62'))
  })
})

describe('6.1: ARP with cold caches', () => {
  it.each([UDP, VXLAN])(
    '%s: the pod asks for its bridge, eth0 for the other node, docker0 for the pod, all in 42 bytes; tunnels never ask',
    (id) => {
      const asked = syn(id, { cold: true }).frames.filter(
        (f) =>
          f.packet.headers[1]?.kind === 'arp' &&
          f.packet.headers[1].op === 'request' &&
          f.dir === 'out',
      )
      const own = asked.filter((f) =>
        ['web-app-frontend-1/eth0', 'node-1/eth0', 'node-2/docker0'].includes(`${f.in}/${f.dev}`),
      )
      expect(
        own.map((f) => [
          `${f.in}/${f.dev}`,
          find(f.packet, 'arp')!.spa,
          find(f.packet, 'arp')!.tpa,
          hop(f)[5].split('/')[1],
        ]),
      ).toEqual([
        ['web-app-frontend-1/eth0', '10.1.15.2', '10.1.15.1', '42'],
        ['node-1/eth0', '192.168.0.100', '192.168.0.200', '42'],
        ['node-2/docker0', '10.1.20.1', '10.1.20.3', '42'],
      ])
      expect(asked.filter((f) => f.dev.startsWith('flannel'))).toEqual([])
    },
  )
})

describe('6.4: traceroute', () => {
  it.each([
    [UDP, ['10.1.15.1', '*', '*', '10.1.20.0', '10.1.20.3']],
    [VXLAN, ['10.1.15.1', '10.1.20.0', '10.1.20.3']],
    [GW, ['10.1.15.1', '192.168.0.200', '10.1.20.3']],
  ])('%s', (id, hops) => {
    const whatIf = id === GW ? { whatIf: 'src-dst-check-off' } : {}
    const probes = hops.map((_, i) => see(id, 'ping', { ...whatIf, flow: { ttl: i + 1 } }))
    expect(probes.map((w) => (w.delivered ? '10.1.20.3' : (w.loss?.icmp?.from ?? '*')))).toEqual(
      hops,
    )
    expect(
      probes
        .filter((w) => w.loss?.icmp != null)
        .every((w) => w.loss!.icmp!.type === 11 && w.loss!.icmp!.code === 0),
    ).toBe(true)
  })
})

describe('8: test vectors', () => {
  it.each([
    ['flannel-vxlan', 'same-node', 'SYN', 64],
    ['flannel-vxlan', 'ping', 'echo request', 62],
    ['flannel-udp', 'ping', 'echo request', 60],
  ])('received TTL, %s %s', (id, flow, label, ttl) =>
    expect(arrivalTtl(see(id, flow), label)).toBe(ttl),
  )
  it('received TTL, host-gw', () =>
    expect(arrivalTtl(see(GW, 'ping', { whatIf: 'src-dst-check-off' }), 'echo request')).toBe(62))

  const VIP: Edit = {
    op: 'add',
    in: 'node-1',
    table: 'netfilter',
    row: {
      table: 'nat',
      chain: 'PREROUTING',
      dst: '10.96.0.10/32',
      target: { type: 'DNAT', to: '10.1.15.3' },
    },
  }
  it.each([
    [1, 64, '10.96.0.10'],
    [0, 63, '10.1.15.3'],
  ])(
    'same bridge through DNAT, bridge-nf-call-iptables %d: TTL %d, reply from %s',
    (value, ttl, from) => {
      const w = see(VXLAN, 'ping', {
        edits: [
          VIP,
          {
            op: 'set',
            in: 'node-1',
            table: 'sysctls',
            where: { key: 'net.bridge.bridge-nf-call-iptables' },
            to: { value },
          },
        ],
        flow: { to: '10.96.0.10' },
      })
      expect(
        framesOf(w, 'echo request')
          .filter((f) => f.in === 'backend-service-1' && f.dir === 'in')
          .map((f) => ips(f)[0]!.ttl),
      ).toEqual([ttl])
      expect(
        framesOf(w, 'echo reply')
          .filter((f) => f.in === 'web-app-frontend-1')
          .map((f) => ips(f)[0]!.src),
      ).toEqual([from])
    },
  )

  it.each([
    [VXLAN, 'SYN', '110/124'],
    [UDP, 'SYN', '88/102'],
    [VXLAN, 'echo request', '134/148'],
    [UDP, 'echo request', '112/126'],
  ])('%s %s: outer IP and frame %s', (id, label, sizes) => {
    const w = see(id, label === 'SYN' ? 'frontend-1-to-backend-2' : 'ping')
    expect(
      framesOf(w, label)
        .filter((f) => f.in === 'node-1' && f.dev === 'eth0')
        .map((f) => hop(f)[5]),
    ).toEqual([sizes])
  })
  it.each([
    [VXLAN, false],
    [UDP, true],
  ])('%s: outer DF %s, outer TTL 64, whatever the inner says', (id, df) => {
    for (const inner of [true, false]) {
      const [outer] = framesOf(
        see(id, 'ping', { flow: { df: inner, ttl: 50 } }),
        'echo request',
      ).filter((f) => f.in === 'node-1' && f.dev === 'eth0')
      expect(ips(outer!)[0]).toMatchObject({ df, ttl: 64 })
    }
  })

  it.each([
    [VXLAN, 1450],
    [UDP, 1472],
  ])(
    '%s: pod MTU 1500, DF, one byte too many: 3/4 with MTU %d from 10.1.15.1, 576 bytes',
    (id, limit) => {
      const w = see(id, 'ping', { edits: BIG, flow: { df: true, size: limit + 1 - 28 } })
      expect(told(w)).toBe(`ICMP 3/4 mtu ${limit} from 10.1.15.1`)
      expect(
        framesOf(w, 'fragmentation needed')
          .map((f) => hop(f)[5].split('/')[0])
          .every((x) => x === '576'),
      ).toBe(true)
      expect(see(id, 'ping', { edits: BIG, flow: { df: true, size: limit - 28 } }).delivered).toBe(
        true,
      )
    },
  )
  it('inner 1500 with DF clear over vxlan: inner fragments 1444 + 76, each in a packet of its own', () => {
    const w = see(VXLAN, 'ping', { edits: BIG, flow: { df: false, size: 1472 } })
    expect(
      framesOf(w, 'echo request')
        .filter((f) => f.in === 'node-1' && f.dev === 'flannel.1')
        .map((f) => hop(f)[5].split('/')[0]),
    ).toEqual(['1444', '76'])
    expect(
      framesOf(w, 'echo request')
        .filter((f) => f.in === 'node-1' && f.dev === 'eth0')
        .map((f) => hop(f)[5].split('/')[0]),
    ).toEqual(['1494', '126'])
  })
  it('eth0 1400 under flannel.1 1450, inner 1450 with DF: outer fragments 1396 + 124, no ICMP', () => {
    const w = see(VXLAN, 'large', { edits: [mtu('node-1', 'eth0', 1400)] })
    expect(
      framesOf(w, 'echo request')
        .filter((f) => f.in === 'node-1' && f.dev === 'eth0')
        .map((f) => hop(f)[5].split('/')[0]),
    ).toEqual(['1396', '124'])
    expect(w.messages.filter((m) => m.kind === 'error')).toEqual([])
    expect(framesOf(w, 'echo request').at(-1)).toMatchObject({ in: 'backend-service-2', dir: 'in' })
  })

  it.each([
    [1, 'ICMP 11/0 from 10.1.15.1'],
    [64, 'silence: netfilter in node-1'],
  ])('FORWARD DROP, TTL %d: %s', (ttl, what) =>
    expect(told(see(VXLAN, 'ping', { whatIf: 'forward-drop-alone', flow: { ttl } }))).toBe(what),
  )
  it.each([1, 2, 64])('no route at all, TTL %d: 3/0 from 10.1.15.1', (ttl) => {
    const gone: Edit[] = ['0.0.0.0/0', '10.1.20.0/24'].map((dst) => ({
      op: 'del',
      in: 'node-1',
      table: 'routes',
      where: { dst },
    }))
    expect(told(see(VXLAN, 'ping', { edits: gone, flow: { ttl } }))).toBe('ICMP 3/0 from 10.1.15.1')
  })

  it('flanneld killed: flannel0 and its route are gone, the packet leaves eth0 with the pod’s addresses and TTL 63', () => {
    const w = see(UDP, 'ping', { whatIf: 'stop-flanneld', cold: true })
    const out = framesOf(w, 'echo request')
      .filter((f) => f.in === 'node-1' && f.dev === 'eth0')
      .map(hop)
    expect(out.map((h) => [h[2], h[4]])).toEqual([[INNER, '63']])
    expect(w.frames.filter((f) => f.in === 'node-1' && f.dev === 'flannel0')).toEqual([])
  })
  const TO_NOBODY = { to: '10.1.99.5', proto: 'udp', dport: 5030, size: 9, answer: 0 } as const
  it('no lease for the destination: flanneld’s own ICMP is a martian; nothing comes to the pod', () => {
    const w = see(UDP, 'ping', { flow: TO_NOBODY })
    expect(told(w)).toBe('silence: no-lease in node-1')
    expect(w.steps.map((s) => s.drop?.reason)).toContain('local-source')
  })
  it('the same with accept_local: 3/0 from 10.1.15.0, TTL 7 at the pod', () => {
    const w = see(UDP, 'ping', {
      flow: TO_NOBODY,
      edits: [
        {
          op: 'add',
          in: 'node-1',
          table: 'sysctls',
          row: { key: 'net.ipv4.conf.all.accept_local', value: 1 },
        },
      ],
    })
    expect(told(w)).toBe('ICMP 3/0 from 10.1.15.0')
    expect(
      w.frames
        .filter((f) => f.in === 'web-app-frontend-1' && f.dir === 'in')
        .map((f) => ips(f)[0]?.ttl),
    ).toContain(7)
  })

  it('FDB entry missing: silence', () =>
    expect(told(see(VXLAN, 'ping', { whatIf: 'delete-fdb' }))).toBe(
      'silence: vxlan-no-remote in node-1',
    ))
  it('ARP entry missing: 3/1 after three questions into the tunnel', () => {
    const w = see(VXLAN, 'ping', { whatIf: 'delete-neigh' })
    expect(told(w)).toBe('ICMP 3/1 from 10.1.15.1')
    const asked = w.frames
      .filter((f) => f.dev === 'flannel.1' && f.packet.headers[1]?.kind === 'arp')
      .map((f) => find(f.packet, 'arp')!)
    expect(asked.map((a) => [a.tpa, a.spa])).toEqual(
      Array.from({ length: 3 }, () => ['10.1.20.0', '10.1.15.0']),
    )
  })
  it('peer’s MAC wrong: silence at the peer', () =>
    expect(told(see(VXLAN, 'ping', { whatIf: 'stale-vtep-mac' }))).toBe(
      'silence: other-host in node-2',
    ))

  it.each([VXLAN, UDP])('%s: Docker’s raw rule on node 2: silence', (id) => {
    const w = see(id, 'ping', {
      edits: [
        {
          op: 'add',
          in: 'node-2',
          table: 'netfilter',
          row: {
            table: 'raw',
            chain: 'PREROUTING',
            dst: '10.1.20.3/32',
            iif: 'docker0',
            not: ['iif'],
            target: { type: 'DROP' },
          },
        },
      ],
    })
    expect(told(w)).toBe('silence: netfilter in node-2')
  })
  it.each([VXLAN, UDP])(
    '%s: Docker masquerades and flannel does not: it works, and the other pod sees 10.1.15.0',
    (id) => {
      const w = see(id, 'ping', {
        edits: [
          {
            op: 'del',
            in: 'node-1',
            table: 'netfilter',
            where: {
              table: 'nat',
              chain: 'POSTROUTING',
              target: { type: 'JUMP', chain: 'FLANNEL-POSTRTG' },
            },
          },
          {
            op: 'add',
            in: 'node-1',
            table: 'netfilter',
            row: {
              table: 'nat',
              chain: 'POSTROUTING',
              src: '10.1.15.0/24',
              oif: 'docker0',
              not: ['oif'],
              target: { type: 'MASQUERADE' },
            },
          },
        ],
      })
      expect(w.delivered).toBe(true)
      expect(ips(framesOf(w, 'echo request').at(-1)!)[0]!.src).toBe('10.1.15.0')
    },
  )

  it.each([
    [0, true],
    [1, false],
    [2, true],
  ])('there by vxlan, back by plain routes, rp_filter %d: arrives %s', (value, arrives) => {
    const edits: Edit[] = [
      { op: 'del', in: 'node-2', table: 'routes', where: { dst: '10.1.15.0/24' } },
      {
        op: 'add',
        in: 'node-2',
        table: 'routes',
        row: { table: 'main', dst: '10.1.15.0/24', via: '192.168.0.100', dev: 'eth0' },
      },
      {
        op: 'set',
        in: 'node-1',
        table: 'sysctls',
        where: { key: 'net.ipv4.conf.all.rp_filter' },
        to: { value },
      },
      ...(['node-1', 'node-2'] as const).map((n): Edit => ({
        op: 'set',
        in: 'vpc',
        table: 'enis',
        where: { id: `eni-${n}-eth0` },
        to: { sourceDestCheck: false },
      })),
      {
        op: 'add',
        in: 'vpc',
        table: 'sgRules',
        row: { group: 'sg-node', direction: 'ingress', proto: 'all', peer: '10.1.0.0/16' },
      },
    ]
    const w = see(VXLAN, 'ping', { edits })
    expect(w.delivered).toBe(arrives)
    expect(arrives || told(w)).toBe(arrives || 'silence: rp-filter in node-1')
  })

  it('an error’s quote is the packet as it was when it died: TTL 1 for time exceeded, as received for 3/4', () => {
    const exceeded = framesOf(see(VXLAN, 'ping', { flow: { ttl: 1 } }), 'time exceeded').at(-1)!
    expect(find(parseQuote(exceeded.packet.payload), 'ipv4')!.ttl).toBe(1)
    const tooBig = framesOf(
      see(VXLAN, 'ping', { edits: BIG, flow: { df: true, size: 1472 } }),
      'fragmentation needed',
    ).at(-1)!
    expect(find(parseQuote(tooBig.packet.payload), 'ipv4')!.ttl).toBe(64)
  })
})

function mssOf(w: Walk): number | undefined {
  const tcp = find(framesOf(w, 'SYN')[0]!.packet, 'tcp')!
  const option = tcp.options.find((o) => o.kind === 'mss')
  return option?.kind === 'mss' ? option.value : undefined
}
