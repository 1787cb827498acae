import type { Edit } from '#lib/topology/edit.ts'
import type { Topology } from '#lib/topology/topology.ts'
import type { Flow } from '#lib/trace/flow.ts'
import { applyAll } from '#lib/topology/apply.ts'
import { tunnelLab, type TunnelRow } from './tunnel-lab.ts'

/* Tunnels, and what goes wrong in them: how each flow ends is written out, test/facts/worlds.test.ts walks it and tunnels.test.ts asks a kernel that has them. */

export interface Tunnel {
  readonly row: TunnelRow
  readonly mtu: number
  /** Bytes around the packet, from IP header to IP header. */
  readonly overhead: number
  /** The outer DF: always set, copied from the packet, or clear. */
  readonly df: 'set' | 'copied' | 'clear'
  readonly ttl: 'inherit' | number
  /** It hears of errors on the way to its remote end, and tells the next packet's sender. */
  readonly tells: boolean
  /** Not of a port that is unreachable. */
  readonly deaf?: boolean
  /** It is a datagram outside, and whom it carries hears of nothing that is lost on the way. */
  readonly udp?: boolean
}

const ipip =
  (more: object = {}): TunnelRow =>
  ({ local, remote }) =>
    ({ kind: 'ipip', mtu: 1480, local, remote, ...more }) as never

const by =
  (kind: 'gre' | 'gretap' | 'geneve', mtu: number, more: object = {}): TunnelRow =>
  ({ local, remote, mac }) =>
    ({
      kind,
      mtu,
      remote,
      ...(kind === 'geneve' ? { vni: 7, port: 6081 } : { local }),
      ...(kind === 'gre' ? {} : { mac }),
      ...more,
    }) as never
/** VSID 5000, FlowID 1. */
const NVGRE = { key: 0x13_88_01 }

export const TUNNELS = {
  ipip: { row: ipip(), mtu: 1480, overhead: 20, df: 'set', ttl: 'inherit', tells: true },
  'ipip ttl 64': {
    row: ipip({ ttl: 64 }),
    mtu: 1480,
    overhead: 20,
    df: 'set',
    ttl: 64,
    tells: true,
  },
  'ipip nopmtudisc': {
    row: ipip({ pmtudisc: false }),
    mtu: 1480,
    overhead: 20,
    df: 'copied',
    ttl: 'inherit',
    tells: true,
  },
  tunl0: {
    row: () => ({ kind: 'ipip', name: 'tunl0', mtu: 1480 }) as never,
    mtu: 1480,
    overhead: 20,
    df: 'copied',
    ttl: 'inherit',
    tells: false,
  },
  gre: {
    row: by('gre', 1476),
    mtu: 1476,
    overhead: 24,
    df: 'set',
    ttl: 'inherit',
    tells: true,
    deaf: true,
  },
  'gre key csum': {
    row: by('gre', 1468, { key: 42, csum: true }),
    mtu: 1468,
    overhead: 32,
    df: 'set',
    ttl: 'inherit',
    tells: true,
    deaf: true,
  },
  'gre ttl 64 nopmtudisc tos inherit': {
    row: by('gre', 1476, { ttl: 64, pmtudisc: false, tos: 'inherit' }),
    mtu: 1476,
    overhead: 24,
    df: 'copied',
    ttl: 64,
    tells: true,
    deaf: true,
  },
  gretap: {
    row: by('gretap', 1462),
    mtu: 1462,
    overhead: 38,
    df: 'set',
    ttl: 'inherit',
    tells: true,
    deaf: true,
  },
  nvgre: {
    row: by('gretap', 1458, NVGRE),
    mtu: 1458,
    overhead: 42,
    df: 'set',
    ttl: 'inherit',
    tells: true,
    deaf: true,
  },
  geneve: {
    row: by('geneve', 1450),
    mtu: 1450,
    overhead: 50,
    df: 'clear',
    ttl: 64,
    tells: false,
    udp: true,
  },
  'geneve df set': {
    row: by('geneve', 1450, { df: 'set' }),
    mtu: 1450,
    overhead: 50,
    df: 'set',
    ttl: 64,
    tells: false,
    udp: true,
  },
  'geneve inherit': {
    row: by('geneve', 1450, { df: 'inherit', ttl: 'inherit', tos: 'inherit', udpcsum: true }),
    mtu: 1450,
    overhead: 50,
    df: 'copied',
    ttl: 'inherit',
    tells: false,
    udp: true,
  },
} satisfies Readonly<Record<string, Tunnel>>
export type TunnelName = keyof typeof TUNNELS

/** One flow through one tunnel's network with something changed: which row of the facts it is of, and how it ends. */
export interface TunnelCase {
  readonly tunnel: TunnelName | 'dummy'
  readonly what: string
  readonly edits: readonly Edit[]
  readonly flow: Flow
  readonly ends: string
}

/** The network of a case. */
export const networkOf = ({ tunnel, edits }: Pick<TunnelCase, 'tunnel' | 'edits'>): Topology =>
  applyAll(tunnelLab(tunnel === 'dummy' ? null : TUNNELS[tunnel].row), edits)

export const echo = (size = 56, more: Partial<Flow> = {}): Flow => ({
  from: 'c',
  to: '10.8.2.2',
  proto: 'icmp',
  dport: 0,
  size,
  ttl: 64,
  ...more,
})
const setMtu = (name: string, dev: string, mtu: number): Edit => ({
  op: 'set',
  in: name,
  table: 'devs',
  where: { name: dev },
  to: { mtu },
})
const down = (name: string, dev: string): Edit => ({
  op: 'set',
  in: name,
  table: 'devs',
  where: { name: dev },
  to: { up: false },
})
const silentArp = (name: string): Edit => ({
  op: 'add',
  in: name,
  table: 'sysctls',
  row: { key: 'net.ipv4.conf.all.arp_ignore', value: 8 },
})
const unknown = (name: string, ip: string): Edit => ({
  op: 'del',
  in: name,
  table: 'neigh',
  where: { ip: ip as never },
})
const noRoute = (name: string, dst: string): Edit => ({
  op: 'del',
  in: name,
  table: 'routes',
  where: { table: 'main', dst: dst as never },
})

const A = '10.8.1.1'
/** The answer comes in one piece, which a’s link does not take. */
const NARROWER = 'over-mtu-link in r, silent'
const UNREACHABLE = `ICMP 3/1 from ${A}`

/** What section 1 of the facts says of every tunnel, by its row there. */
function rowsOf(tunnel: TunnelName): readonly TunnelCase[] {
  const { mtu, overhead, df, ttl, tells, deaf, udp }: Tunnel = TUNNELS[tunnel] as Tunnel
  const dev = tunnel === 'tunl0' ? 'tunl0' : 'tun1'
  const NARROW = [setMtu('r', 'eth1', 1400), setMtu('b', 'eth0', 1400)]
  const fits = mtu - 28
  const [none, counted] =
    udp === true ? ['no-socket in b', ', b UdpNoPorts'] : ['no-tunnel in b', '']
  const rows: readonly (readonly [string, readonly Edit[], Flow, string])[] = [
    ['1.1: an echo of 84 bytes', [], echo(), 'delivered'],
    [
      '1.1: a datagram of 1000 bytes',
      [],
      echo(972, { proto: 'udp', dport: 5001 }),
      'no-socket in d, ICMP 3/3 from 10.8.2.2, d UdpNoPorts',
    ],
    ['1.2: TOS 0xb8 (EF)', [], echo(56, { tos: 0xb8 }), 'delivered'],
    ['1.2: TOS 0x02 (ECT(0))', [], echo(56, { tos: 2 }), 'delivered'],
    ['1.2: TOS 0x03 (CE)', [], echo(56, { tos: 3 }), 'delivered'],
    // b knows no way back to tunl0's own address.
    [
      '1.2: a process on a',
      [],
      echo(56, { from: 'a' }),
      dev === 'tunl0' ? 'no-route in b, silent, b IpExtInNoRoutes' : 'delivered',
    ],
    [
      '1.3: TTL 1',
      [],
      echo(56, { ttl: 1 }),
      `ttl-exceeded in a, ICMP 11/0 from ${A}, a IpInHdrErrors`,
    ],
    [
      '1.3: TTL 2',
      [],
      echo(56, { ttl: 2 }),
      ttl === 'inherit'
        ? 'ttl-exceeded in r, silent, r IpInHdrErrors'
        : 'ttl-exceeded in b, ICMP 11/0 from 10.8.0.2, b IpInHdrErrors',
    ],
    [
      '1.3: TTL 2, two packets',
      [],
      echo(56, { ttl: 2, count: 2 }),
      ttl === 'inherit'
        ? 'ttl-exceeded in r, silent, r IpInHdrErrors'
        : 'ttl-exceeded in b, ICMP 11/0 from 10.8.0.2, b IpInHdrErrors',
    ],
    ['1.3: TTL 3', [], echo(56, { ttl: 3 }), 'delivered'],
    ['1.4: M bytes, DF', [], echo(fits, { df: true }), 'delivered'],
    [
      '1.4: M + 1 bytes, DF',
      [],
      echo(fits + 1, { df: true }),
      `too-big in a, ICMP 3/4 from ${A} mtu ${mtu}, a IpFragFails`,
    ],
    ['1.4: M + 1 bytes, no DF', [], echo(fits + 1), 'delivered'],
    [
      '1.4: a itself sends M + 1',
      [],
      echo(fits + 1, { from: 'a', df: true }),
      'message-size in a, silent',
    ],
    [
      '1.4: link r–b 1400, DF, 1st',
      NARROW,
      echo(fits, { df: true }),
      df === 'clear' ? 'delivered' : 'too-big in r, silent, r IpFragFails',
    ],
    [
      '1.4: link r–b 1400, DF, 2nd',
      NARROW,
      echo(fits, { df: true, count: 2 }),
      df === 'clear'
        ? 'delivered'
        : udp === true
          ? 'too-big in r, silent, r IpFragFails, a IpFragFails'
          : `too-big in r, ICMP 3/4 from ${A} mtu ${1400 - overhead}, r IpFragFails`,
    ],
    [
      '1.4: link r–b 1400, no DF, 1st',
      NARROW,
      echo(fits),
      df === 'set' ? 'too-big in r, silent, r IpFragFails' : 'delivered',
    ],
    [
      '1.4: link r–b 1400, no DF, 2nd',
      NARROW,
      echo(fits, { count: 2 }),
      df === 'set' ? 'too-big in r, silent, r IpFragFails, a IpFragFails' : 'delivered',
    ],
    [
      '1.4: a’s own eth0 1400, DF',
      [setMtu('a', 'eth0', 1400)],
      echo(fits, { df: true }),
      df === 'clear'
        ? NARROWER
        : udp === true
          ? 'too-big in a, silent, a IpFragFails'
          : `too-big in a, ICMP 3/4 from ${A} mtu ${1400 - overhead}`,
    ],
    [
      '1.4: a’s own eth0 1400, no DF',
      [setMtu('a', 'eth0', 1400)],
      echo(fits),
      df === 'set' ? 'too-big in a, silent, a IpFragFails' : NARROWER,
    ],
    ['1.5: b’s tunnel device down', [down('b', dev)], echo(), `${none}, silent${counted}`],
    [
      '1.5: b’s tunnel device down, 2nd',
      [down('b', dev)],
      echo(56, { count: 2 }),
      `${none}, ${tells && deaf !== true ? UNREACHABLE : 'silent'}${counted}`,
    ],
    [
      '1.5: b drops it in INPUT',
      [
        {
          op: 'add',
          in: 'b',
          table: 'netfilter',
          row: { table: 'filter', chain: 'INPUT', src: '192.168.9.1/32', target: { type: 'DROP' } },
        },
      ],
      echo(),
      'netfilter in b, silent',
    ],
    [
      '1.5: r has no route to b',
      [noRoute('r', '192.168.10.0/24')],
      echo(),
      'no-route in r, silent, r IpExtInNoRoutes',
    ],
    [
      '1.5: r has no route to b, 2nd',
      [noRoute('r', '192.168.10.0/24')],
      echo(56, { count: 2 }),
      `no-route in r, ${tells ? UNREACHABLE : 'silent'}, r IpExtInNoRoutes`,
    ],
    [
      '1.5: r cannot resolve b',
      [silentArp('b'), unknown('r', '192.168.10.2')],
      echo(),
      'neigh-failed in r, silent',
    ],
    [
      '1.5: a cannot resolve r',
      [silentArp('r'), unknown('a', '192.168.9.254')],
      echo(),
      'neigh-failed in a, silent',
    ],
    [
      '1.5: a has no route to the remote',
      [noRoute('a', '192.168.10.0/24')],
      echo(),
      'no-route in a, silent',
    ],
  ]
  return rows.map(([what, edits, flow, ends]) => ({ tunnel, what, edits, flow, ends }))
}

/** What b's end does not take: another key, no checksum, another VNI or remote end. */
const OTHER_ENDS: readonly TunnelCase[] = (
  [
    ['ipip', { remote: '192.168.9.77' }],
    ['gre key csum', { key: 43 }],
    ['gre key csum', { csum: false }],
    ['nvgre', { key: 0x13_88_02 }],
    ['geneve', { vni: 8 }],
    ['geneve', { remote: '192.168.9.77' }],
  ] as const
).map(([tunnel, to]) => ({
  tunnel,
  what: `1.5: b’s end is another: ${JSON.stringify(to)}`,
  edits: [{ op: 'set', in: 'b', table: 'devs', where: { name: 'tun1' }, to } as Edit],
  flow: echo(),
  ends: 'no-tunnel in b, silent',
}))

/** A dummy of a's, with 10.9.9.1 and what it has beside. */
const dummy = (more: object = {}): Edit => ({
  op: 'add',
  in: 'a',
  table: 'devs',
  row: {
    kind: 'dummy',
    name: 'dum0',
    mac: '02:00:00:00:00:d0',
    mtu: 1400,
    up: true,
    addrs: ['10.9.9.1/24'],
    ...more,
  } as never,
})
const toDummy = (to: Flow['to'], size = 56, more: Partial<Flow> = {}): Flow =>
  echo(size, { to, ...more })

/** Section 1.8. The device is a's, and c sends. */
const DUMMY_CASES: readonly TunnelCase[] = (
  [
    ['1.8: to its own address', [dummy()], toDummy('10.9.9.1'), 'delivered'],
    [
      '1.8: to its own address, while it is down',
      [dummy({ up: false })],
      toDummy('10.9.9.1'),
      'delivered',
    ],
    ['1.8: into it', [dummy()], toDummy('10.9.9.2'), 'dummy in a, silent'],
    [
      '1.8: into it, from a itself',
      [dummy()],
      toDummy('10.9.9.2', 56, { from: 'a' }),
      'dummy in a, silent',
    ],
    [
      '1.8: M + 1 bytes, DF',
      [dummy()],
      toDummy('10.9.9.2', 1373, { df: true }),
      `too-big in a, ICMP 3/4 from ${A} mtu 1400, a IpFragFails`,
    ],
    ['1.8: M + 1 bytes, no DF', [dummy()], toDummy('10.9.9.2', 1373), 'dummy in a, silent'],
    [
      '1.8: TTL 1',
      [dummy()],
      toDummy('10.9.9.2', 56, { ttl: 1 }),
      `ttl-exceeded in a, ICMP 11/0 from ${A}, a IpInHdrErrors`,
    ],
    [
      '1.8: into it, while it is down',
      [dummy({ up: false })],
      toDummy('10.9.9.2'),
      `no-route in a, ICMP 3/0 from ${A}, a IpExtInNoRoutes`,
    ],
  ] as const
).map(([what, edits, flow, ends]) => ({ tunnel: 'dummy', what, edits, flow, ends }))

export const TUNNEL_CASES: readonly TunnelCase[] = [
  ...(Object.keys(TUNNELS) as TunnelName[]).flatMap(rowsOf),
  ...OTHER_ENDS,
  ...DUMMY_CASES,
]
