import type { Mac } from '#lib/wire/addr.ts'
import {
  cacheFlush,
  chainFlush,
  cold,
  echo,
  link,
  neighFlush,
  probe,
  quietly,
  raw,
  routeDel,
  run,
  sysctl,
  tcp,
  udp,
  vxlanAgain,
  type Action,
  type Lab,
} from './probe.ts'

/* Two nodes on one Ethernet segment, flannel's vxlan backend, MTU 1450. */

const P1 = '10.1.15.2',
  P2 = '10.1.20.3',
  P3 = '10.1.15.3',
  N1 = '192.168.0.100',
  N2 = '192.168.0.200',
  INET = '203.0.113.10'
const V2: Mac = '02:f1:0a:01:14:00'
const STALE: Mac = '02:f1:de:ad:00:00'
const TO_NODE2 = { vtep: V2, tunnel: '10.1.20.0', ip: N2, range: '10.1.20.0/24' } as const
const TO_NODE1 = {
  vtep: '02:f1:0a:01:0f:00',
  tunnel: '10.1.15.0',
  ip: N1,
  range: '10.1.15.0/24',
} as const

/** The pod's MTU and that of what it hangs on. */
export function podsMtu(mtu: number, listed: boolean): Action[] {
  return (
    [
      ['pod1', 'eth0'],
      ['node1', 'veth1'],
      ['node1', 'cni0'],
    ] as const
  ).map(([ns, dev]) =>
    listed
      ? run(`${ns}: ip link set ${dev} mtu ${mtu}`, link(ns, dev, { mtu }))
      : quietly(link(ns, dev, { mtu })),
  )
}

const GOOD = [
  cold('icmp-cold', echo('pod1', P1, P2)),
  probe('icmp', echo('pod1', P1, P2, { ident: 0x1002 })),
  probe('icmp-reverse', echo('pod2', P2, P1, { ident: 0x2001 })),
  probe('udp', udp('pod1', P1, 40001, P2, 5001, 'pod2')),
  probe('udp-reverse', udp('pod2', P2, 40002, P1, 5002, 'pod1')),
  probe('tcp', tcp('pod1', P1, 40003, P2, 80, 'pod2')),
  probe('tcp-reverse', tcp('pod2', P2, 40004, P1, 80, 'pod1')),
  probe('ttl1', echo('pod1', P1, P2, { ttl: 1, ident: 0x3001 })),
  probe('ttl2', echo('pod1', P1, P2, { ttl: 2, ident: 0x3002 })),
  probe('ttl3', echo('pod1', P1, P2, { ttl: 3, ident: 0x3003 })),
  probe('ttl2-udp', udp('pod1', P1, 40005, P2, 33435, null, { size: 32, ttl: 2 })),
  probe('mtu-max-df', echo('pod1', P1, P2, { df: true, size: 1422, ident: 0x4001 })),
  cold('same-node', echo('pod1', P1, P3, { ident: 0x1101 })),
  probe('node-to-pod', echo('node1', '0.0.0.0', P2, { ident: 0x1102 })),
  probe('pod-to-gateway', echo('pod1', P1, '10.1.15.1', { ident: 0x1103 })),
  probe('pod-to-own-node', echo('pod1', P1, N1, { ident: 0x1104 })),
  probe('pod-to-other-node', echo('pod1', P1, N2, { ident: 0x1105 })),
  probe('pod-to-remote-cni0', echo('pod1', P1, '10.1.20.1', { ident: 0x1106 })),
  probe('pod-to-remote-flannel1', echo('pod1', P1, '10.1.20.0', { ident: 0x1107 })),
  probe('pod-to-inet-icmp', echo('pod1', P1, INET, { ident: 0x1108 })),
  probe('pod-to-inet-udp', udp('pod1', P1, 40007, INET, 53, 'vpc')),
  probe(
    'outer-sport-entropy',
    ...[0, 1, 2].map((i) => udp('pod1', P1, 41000 + i, P2, 5010 + i, 'pod2')),
  ),
  probe('tos', raw('pod1', P1, P2, { ident: 0x1109, seq: 1, tos: 0xb9 })),
  probe(
    'icmp-ratelimit',
    run(
      'node1: sysctl -qw net.ipv4.icmp_ratelimit=1000',
      sysctl('node1', 'net.ipv4.icmp_ratelimit', 1000),
    ),
    raw('pod3', P3, P2, { ident: 0x1201, seq: 0, ttl: 1, count: 10 }),
  ),
  probe(
    'noudpcsum',
    run('node1: ip link del flannel.1', vxlanAgain('node1', { udpcsum: false }, TO_NODE2)),
    echo('pod1', P1, P2, { ident: 0x1211 }),
  ),
  // Offloads leave checksums to the hardware; the rows are the same.
  probe('offload-on', udp('pod1', P1, 40030, P2, 5030, 'pod2')),
]

const SIZES = [
  probe('big-df-pod-mtu1450', udp('pod1', P1, 40010, P2, 5020, 'pod2', { size: 1472, df: true })),
  probe(
    'big-nodf-pod-mtu1450',
    udp('pod1', P1, 40011, P2, 5021, 'pod2', { size: 1472, df: false, reply: false }),
  ),
  probe(
    'big-df-pod-mtu1500',
    ...podsMtu(1500, true),
    udp('pod1', P1, 40012, P2, 5022, 'pod2', { size: 1472, df: true }),
    udp('pod1', P1, 40012, P2, 5022, null, { size: 1472, df: true }),
  ),
  probe(
    'big-nodf-pod-mtu1500',
    ...podsMtu(1500, false),
    run('pod1: ip route flush cache', cacheFlush('pod1')),
    udp('pod1', P1, 40013, P2, 5023, 'pod2', { size: 1472, df: false, reply: false }),
  ),
  probe(
    'underlay-mtu1400-df',
    run('node1: ip link set eth0 mtu 1400', link('node1', 'eth0', { mtu: 1400 })),
    ...[0, 1].map((i) =>
      udp('pod1', P1, 40014, P2, 5024 + i, 'pod2', { size: 1422, df: true, reply: false }),
    ),
  ),
  probe(
    'underlay-mtu1400-reply',
    run('node1: ip link set eth0 mtu 1400', link('node1', 'eth0', { mtu: 1400 })),
    echo('pod2', P2, P1, { df: true, size: 1422, ident: 0x4003 }),
  ),
  probe(
    'path-mtu1400-df',
    run('vpc: ip link set eth2 mtu 1400', link('vpc', 'eth2', { mtu: 1400 })),
    echo('pod1', P1, P2, { df: true, size: 1422, ident: 0x4005 }),
  ),
]

const FAILURES = [
  probe('no-subnet-route-default-gw', echo('pod1', P1, '10.1.99.5', { ident: 0x5001 })),
  probe(
    'no-subnet-route-no-default',
    run('node1: ip route del default', routeDel('node1', '0.0.0.0/0')),
    echo('pod1', P1, '10.1.99.5', { ident: 0x5002 }),
  ),
  probe(
    'no-fdb',
    run(`node1: bridge fdb del ${V2} dev flannel.1 dst ${N2} self`, {
      op: 'del',
      in: 'node1',
      table: 'fdb',
      where: { mac: V2, dev: 'flannel.1' },
    }),
    echo('pod1', P1, P2, { ident: 0x5003 }),
  ),
  probe(
    'no-neigh',
    run('node1: ip neigh del 10.1.20.0 dev flannel.1', {
      op: 'del',
      in: 'node1',
      table: 'neigh',
      where: { ip: '10.1.20.0', dev: 'flannel.1' },
    }),
    echo('pod1', P1, P2, { ident: 0x5004 }),
  ),
  probe(
    'stale-vtep-mac',
    run(`node1: bridge fdb replace ${STALE} dev flannel.1 dst ${N2} self permanent`, {
      op: 'add',
      in: 'node1',
      table: 'fdb',
      row: { mac: STALE, dev: 'flannel.1', dst: N2, state: 'permanent' },
    }),
    run(`node1: ip neigh replace 10.1.20.0 lladdr ${STALE} dev flannel.1 nud permanent`, {
      op: 'set',
      in: 'node1',
      table: 'neigh',
      where: { ip: '10.1.20.0', dev: 'flannel.1' },
      to: { lladdr: STALE },
    }),
    echo('pod1', P1, P2, { ident: 0x5005 }),
  ),
  probe(
    'flannel1-down-sender',
    run('node1: ip link set flannel.1 down', link('node1', 'flannel.1', { up: false })),
    run('node1: ip route'),
    echo('pod1', P1, P2, { ident: 0x5006 }),
  ),
  probe(
    'flannel1-down-receiver',
    run('node2: ip link set flannel.1 down', link('node2', 'flannel.1', { up: false })),
    echo('pod1', P1, P2, { ident: 0x5007 }),
  ),
  probe(
    'vni-mismatch',
    run('node2: ip link del flannel.1', vxlanAgain('node2', { vni: 2 }, TO_NODE1)),
    echo('pod1', P1, P2, { ident: 0x5008 }),
  ),
  probe(
    'vtep-unreachable',
    run('node2: ip link set eth0 down', link('node2', 'eth0', { up: false })),
    run('node1: sysctl -qw net.ipv4.neigh.eth0.retrans_time_ms=200', {
      op: 'add',
      in: 'node1',
      table: 'sysctls',
      row: { key: 'net.ipv4.neigh.eth0.retrans_time_ms', value: 200 },
    }),
    run('node1: ip neigh flush dev eth0', neighFlush('node1', 'eth0')),
    echo('pod1', P1, P2, { ident: 0x5009 }),
  ),
  probe('pod-absent', echo('pod1', P1, '10.1.20.99', { ident: 0x500a })),
  probe('udp-closed-port', udp('pod1', P1, 40020, P2, 5999, null)),
  probe('tcp-closed-port', tcp('pod1', P1, 40021, P2, 5999, null)),
  probe(
    'ip-forward-off',
    run('node1: sysctl -qw net.ipv4.ip_forward=0', sysctl('node1', 'net.ipv4.ip_forward', 0)),
    echo('pod1', P1, P2, { ident: 0x500b }),
  ),
  probe(
    'forward-drop',
    run('node2: iptables -P FORWARD DROP', {
      op: 'add',
      in: 'node2',
      table: 'chains',
      row: { table: 'filter', chain: 'FORWARD', policy: 'DROP' },
    }),
    run('node2: iptables -F FORWARD', chainFlush('node2', 'FORWARD')),
    echo('pod1', P1, P2, { ident: 0x500c }),
  ),
  probe(
    'udp-8472-blocked',
    run('node2: iptables -A INPUT -p udp --dport 8472 -j DROP', {
      op: 'add',
      in: 'node2',
      table: 'netfilter',
      row: { table: 'filter', chain: 'INPUT', proto: 'udp', dport: 8472, target: { type: 'DROP' } },
    }),
    echo('pod1', P1, P2, { ident: 0x500d }),
  ),
]

export const L2: Lab = {
  warm: [
    ['pod1', P1, P2],
    ['pod2', P2, P1],
    ['pod1', P1, INET],
    ['pod1', P1, P3],
    ['pod3', P3, '10.1.15.1'],
    ['node1', N1, N2],
  ],
  probes: [...GOOD, ...SIZES, ...FAILURES],
}
