import type { Edit } from '#lib/topology/edit.ts'
import type { NfRule, Route, Rule } from '#lib/topology/rows.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Mac } from '#lib/wire/addr.ts'
import { netns } from '#lib/topology/topology.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { ping, tcp } from '#lib/worlds/cluster/seed.ts'
import { CHECK_OFF, setDev, setSysctl } from '#lib/worlds/what-ifs.ts'
import type { Fault, Sent } from './fault.ts'
import { LINK_FAULTS } from './link-rows.ts'

/* Networks with one thing wrong. */

const [CLIENT, NEAR, FAR] = [
  'web-app-frontend-1',
  'backend-service-1',
  'backend-service-2',
] as const
/** backend-service-2 in flannel's worlds and in the VPC CNI's. */
const [POD, VPC_POD] = ['10.1.20.3', '192.168.0.211'] as const
const [VPC_CLIENT, VPC_VETH] = ['192.168.0.111', 'eni2a1b4577390'] as const

const what = (world: string, name: string): readonly Edit[] =>
  SCENARIOS[world]!.whatIfs[name]!.edits
const flowOf = (world: string, name: string): Flow => SCENARIOS[world]!.flows[name]!
const delRoute = (name: string, dst: string): Edit => ({
  op: 'del',
  in: name,
  table: 'routes',
  where: { table: 'main', dst },
})
const addRoute = (name: string, row: Omit<Route, 'table'>): Edit => ({
  op: 'add',
  in: name,
  table: 'routes',
  row: { table: 'main', ...row },
})
const addSysctl = (name: string, key: `net.${string}`, value: number): Edit => ({
  op: 'add',
  in: name,
  table: 'sysctls',
  row: { key, value },
})
const addNeigh = (name: string, ip: Flow['to'], lladdr: Mac, dev = 'eth0'): Edit => ({
  op: 'add',
  in: name,
  table: 'neigh',
  row: { ip, dev, lladdr, state: 'PERMANENT' },
})
const macOf = (name: string, dev: string): Mac =>
  netns(SCENARIOS['docker-bridge']!.topology, name)!.devs.find((d) => d.name === dev)!.mac
const addRule = (name: string, row: Rule): Edit => ({ op: 'add', in: name, table: 'rules', row })
const delRule = (name: string, priority: number): Edit => ({
  op: 'del',
  in: name,
  table: 'rules',
  where: { priority },
})
const addRoute9 = (name: string, row: Omit<Route, 'table'>): Edit => ({
  op: 'add',
  in: name,
  table: 'routes',
  row: { table: '9', ...row },
})
const rule = (name: string, row: NfRule): Edit => ({ op: 'add', in: name, table: 'netfilter', row })
const listen = (name: string, port: number): Edit => ({
  op: 'add',
  in: name,
  table: 'sockets',
  row: { proto: 'udp', port, program: name },
})
const udp = (from: string, to: Flow['to'], dport: number, size = 32): Flow => ({
  from,
  to,
  proto: 'udp',
  dport,
  size,
  ttl: 64,
})
const bulk = (from: string, to: Flow['to'], dport: number, size: number): Flow => ({
  ...tcp(from, to, dport),
  size,
})
/** A program that asks for fragments (IP_PMTUDISC_DONT), and one that refuses them (DO). */
const cut = (f: Flow): Flow => ({ ...f, df: false })
const whole = (f: Flow): Flow => ({ ...f, df: true })
const sent = (flow: Flow, ends: string): Sent => ({ flow, ends })
const fault = (
  name: string,
  world: string,
  edits: readonly Edit[],
  ...flows: readonly Sent[]
): Fault => ({ fault: name, world, edits, sent: flows })
/** A DNAT rule on node-1 for an address that is nowhere, to a pod on the client's bridge. */
const DNAT: Edit = rule('node-1', {
  table: 'nat',
  chain: 'PREROUTING',
  dst: '10.200.0.1/32',
  proto: 'tcp',
  dport: 80,
  target: { type: 'DNAT', to: '10.1.15.3', port: 8080 },
})

/** traceroute: UDP to a port nobody listens on, and echoes. */
const trace = (to: Flow['to'], one: string, two: string): readonly Sent[] =>
  [1, 2, 3].flatMap((ttl) => {
    const hop = [
      `ttl-exceeded in node-1, ICMP 11/0 from ${one}, node-1 IpInHdrErrors`,
      `ttl-exceeded in node-2, ICMP 11/0 from ${two}, node-2 IpInHdrErrors`,
    ][ttl - 1]
    return [
      sent(
        { ...udp(CLIENT, to, 33434), ttl },
        hop ?? `no-socket in ${FAR}, ICMP 3/3 from ${to}, ${FAR} UdpNoPorts`,
      ),
      sent({ ...ping(CLIENT, to), ttl }, hop ?? 'delivered'),
    ]
  })

/** Echo and datagram, one byte larger than an MTU, with DF and without. */
function oversize(
  mtu: number,
  from: string,
  to: Flow['to'],
  dport: number,
  refused: string,
  taken = 'delivered',
): readonly Sent[] {
  const flows = [ping(from, to, mtu - 27), udp(from, to, dport, mtu - 27)]
  return flows.flatMap((f) => [sent(whole(f), refused), sent(cut(f), taken)])
}

const onlyRoute = (
  type: 'blackhole' | 'unreachable' | 'prohibit',
  ends: string,
): readonly Fault[] => [
  fault(
    `a ${type} route on a node`,
    'flannel-vxlan',
    [addRoute('node-1', { dst: '10.1.20.3/32', type })],
    sent(ping(CLIENT, POD), ends),
    sent(tcp(CLIENT, POD, 8080), ends),
  ),
]
const rpFilter = (mode: 0 | 1 | 2, ends: string): Fault =>
  fault(
    `rp_filter ${mode}, and the way back is another NIC`,
    'vpc-cni',
    [
      ...CHECK_OFF,
      addSysctl('node-1', 'net.ipv4.conf.eth1.rp_filter', mode),
      {
        op: 'del',
        in: 'node-1',
        table: 'rules',
        where: { priority: 1536, from: '192.168.0.111/32' },
      },
    ],
    sent(tcp('metrics-2', '192.168.0.111', 8080), ends),
    sent(ping('metrics-2', '192.168.0.111'), ends),
  )
/** The gateway's MAC, which nobody has to ask for. */
const KNOWN: readonly Edit[] = [
  {
    op: 'add',
    in: CLIENT,
    table: 'neigh',
    row: { ip: '10.1.15.1', dev: 'eth0', lladdr: '02:42:aa:00:00:01', state: 'PERMANENT' },
  },
]
/** What a NAT rule of the client's makes of its address. */
const spoofed = (name: string, to: Flow['to'], ends: string, also: readonly Edit[] = []): Fault =>
  fault(
    name,
    'flannel-vxlan',
    [
      ...also,
      rule(CLIENT, {
        table: 'nat',
        chain: 'POSTROUTING',
        oif: 'eth0',
        target: { type: 'SNAT', to },
      }),
    ],
    sent(ping(CLIENT, POD), ends),
  )
const reject = (
  how: 'icmp-port-unreachable' | 'icmp-host-unreachable' | 'icmp-admin-prohibited',
  code: number,
): Fault =>
  fault(
    `REJECT with ${how}`,
    'vpc-cni',
    [
      rule('node-2', {
        table: 'filter',
        chain: 'FORWARD',
        oif: 'eni+',
        target: { type: 'REJECT', with: how },
      }),
    ],
    ...[ping(CLIENT, VPC_POD), tcp(CLIENT, VPC_POD, 8080), udp(CLIENT, VPC_POD, 53)].map((f) =>
      sent(f, `netfilter-reject in node-2, ICMP 3/${code} from 192.168.0.200`),
    ),
  )

export const FAULTS: readonly Fault[] = [
  fault(
    'nothing, but the kernel draws the echo’s id',
    'flannel-vxlan',
    [],
    sent(ping(CLIENT, '203.0.113.10'), 'delivered'),
  ),
  fault(
    'nothing, but lo finishes no checksum',
    'flannel-vxlan',
    [listen(FAR, 53)],
    sent(udp(FAR, POD, 53), 'delivered'),
  ),
  fault('TTL 1, 2, 3', 'flannel-vxlan', [], ...trace(POD, '10.1.15.1', '10.1.20.0')),
  fault('TTL 1, 2, 3', 'vpc-cni', [], ...trace(VPC_POD, '192.168.0.100', '192.168.0.200')),

  fault(
    'larger than the pod’s MTU',
    'flannel-vxlan',
    [listen(FAR, 53)],
    ...oversize(1450, CLIENT, POD, 53, `message-size in ${CLIENT}, silent`),
  ),
  fault(
    'larger than flannel.1',
    'flannel-vxlan',
    [setDev('node-1', 'flannel.1', { mtu: 1400 }), listen(FAR, 53)],
    ...oversize(
      1400,
      CLIENT,
      POD,
      53,
      'too-big in node-1, ICMP 3/4 from 10.1.15.1 mtu 1400, node-1 IpFragFails',
    ),
  ),
  fault(
    'larger than eth0 with the tunnel’s headers',
    'flannel-vxlan',
    [setDev('node-1', 'eth0', { mtu: 1400 }), listen(FAR, 53)],
    ...oversize(1350, CLIENT, POD, 53, 'delivered'),
  ),
  fault(
    'larger than the far docker0',
    'flannel-vxlan',
    [setDev('node-2', 'docker0', { mtu: 1400 }), listen(FAR, 53)],
    ...oversize(
      1400,
      CLIENT,
      POD,
      53,
      'too-big in node-2, ICMP 3/4 from 10.1.20.0 mtu 1400, node-2 IpFragFails',
    ),
  ),
  fault(
    'larger than a port of the far bridge',
    'flannel-vxlan',
    [setDev('node-2', 'veth1', { mtu: 1400 }), listen(FAR, 53)],
    ...oversize(
      1404,
      CLIENT,
      POD,
      53,
      'over-mtu-link in node-2, silent',
      'over-mtu-link in node-2, silent',
    ),
    ...oversize(1403, CLIENT, POD, 53, 'delivered'),
  ),
  fault(
    'larger than the pod’s MTU',
    'flannel-udp',
    [listen(FAR, 53)],
    ...oversize(1472, CLIENT, POD, 53, `message-size in ${CLIENT}, silent`),
  ),
  // The echo's answer is as long: flanneld reads as many bytes as its TUN takes, and cuts it.
  fault(
    'larger than flannel0',
    'flannel-udp',
    [setDev('node-1', 'flannel0', { mtu: 1400 }), listen(FAR, 53)],
    ...oversize(
      1400,
      CLIENT,
      POD,
      53,
      'too-big in node-1, ICMP 3/4 from 10.1.15.1 mtu 1400, node-1 IpFragFails',
    ).with(
      1,
      sent(
        cut(ping(CLIENT, POD, 1373)),
        'bad-packet in node-1, silent, node-1 IpExtInTruncatedPkts',
      ),
    ),
  ),
  fault(
    'larger than eth0 with flanneld’s headers',
    'flannel-udp',
    [setDev('node-1', 'eth0', { mtu: 1400 }), listen(FAR, 53)],
    ...oversize(1372, CLIENT, POD, 53, 'delivered'),
  ),
  fault(
    'larger than the far docker0',
    'flannel-udp',
    [setDev('node-2', 'docker0', { mtu: 1400 }), listen(FAR, 53)],
    ...oversize(
      1400,
      CLIENT,
      POD,
      53,
      'too-big in node-2, ICMP 3/4 from 10.1.20.0 mtu 1400, node-2 IpFragFails',
    ),
  ),
  fault(
    'larger than the container’s MTU',
    'docker-bridge',
    [listen('node-2', 53)],
    ...oversize(1500, CLIENT, '192.168.0.200', 53, `message-size in ${CLIENT}, silent`),
  ),
  fault(
    'larger than eth0',
    'docker-bridge',
    [setDev('node-1', 'eth0', { mtu: 1400 }), listen('node-2', 53)],
    ...oversize(
      1400,
      CLIENT,
      '192.168.0.200',
      53,
      'too-big in node-1, ICMP 3/4 from 172.17.0.1 mtu 1400, node-1 IpFragFails',
    ),
  ),
  fault(
    'larger than a port of the bridge',
    'docker-bridge',
    [setDev('node-1', 'veth1', { mtu: 1400 }), listen(NEAR, 53)],
    ...oversize(1400, CLIENT, '172.17.0.3', 53, 'too-big in node-1, silent, node-1 IpFragFails'),
    ...oversize(
      1404,
      CLIENT,
      '172.17.0.3',
      53,
      'too-big in node-1, silent, node-1 IpFragFails',
      'over-mtu-link in node-1, silent',
    ),
  ),
  fault(
    'larger than a port of the bridge, without br_netfilter',
    'docker-bridge',
    [
      setSysctl('node-1', 'net.bridge.bridge-nf-call-iptables', 0),
      setDev('node-1', 'veth1', { mtu: 1400 }),
      listen(NEAR, 53),
    ],
    ...oversize(
      1404,
      CLIENT,
      '172.17.0.3',
      53,
      'over-mtu-link in node-1, silent',
      'over-mtu-link in node-1, silent',
    ),
  ),

  fault(
    'no route on the node',
    'flannel-vxlan',
    [delRoute('node-1', '10.1.20.0/24'), delRoute('node-1', '0.0.0.0/0')],
    ...[ping(CLIENT, POD), tcp(CLIENT, POD, 8080), udp(CLIENT, POD, 53)].map((f) =>
      sent(f, 'no-route in node-1, ICMP 3/0 from 10.1.15.1, node-1 IpExtInNoRoutes'),
    ),
  ),
  fault(
    'no route in the pod',
    'flannel-vxlan',
    [delRoute(CLIENT, '10.1.0.0/16'), delRoute(CLIENT, '0.0.0.0/0')],
    sent(ping(CLIENT, POD), `no-route in ${CLIENT}, silent`),
    ...[tcp(CLIENT, POD, 8080), udp(CLIENT, POD, 53)].map((f) =>
      sent(f, `no-route in ${CLIENT}, silent, ${CLIENT} IpOutNoRoutes`),
    ),
  ),
  fault(
    'no route back',
    'flannel-vxlan',
    [delRoute('node-2', '10.1.15.0/24'), delRoute('node-2', '0.0.0.0/0')],
    sent(ping(CLIENT, POD), 'no-route in node-2, silent, node-2 IpExtInNoRoutes'),
  ),
  fault(
    'no route back from a port number that nobody listens on',
    'flannel-vxlan',
    [delRoute('backend-service-2', '10.1.0.0/16'), delRoute('backend-service-2', '0.0.0.0/0')],
    sent(
      tcp(CLIENT, POD, 8081),
      'no-socket in backend-service-2, silent, backend-service-2 TcpOutRsts',
    ),
    sent(
      udp(CLIENT, POD, 5353),
      'no-socket in backend-service-2, silent, backend-service-2 UdpNoPorts',
    ),
  ),
  fault(
    'no neighbour entry on flannel.1',
    'flannel-vxlan',
    what('flannel-vxlan', 'delete-neigh'),
    ...[ping(CLIENT, POD), tcp(CLIENT, POD, 8080)].map((f) =>
      sent(f, 'neigh-failed in node-1, ICMP 3/1 from 10.1.15.1'),
    ),
  ),
  fault(
    'no FDB entry',
    'flannel-vxlan',
    what('flannel-vxlan', 'delete-fdb'),
    ...[ping(CLIENT, POD), tcp(CLIENT, POD, 8080)].map((f) =>
      sent(f, 'vxlan-no-remote in node-1, silent'),
    ),
  ),
  fault(
    'a wrong MAC of the peer',
    'flannel-vxlan',
    what('flannel-vxlan', 'stale-vtep-mac'),
    ...[ping(CLIENT, POD), tcp(CLIENT, POD, 8080)].map((f) =>
      sent(f, 'other-host in node-2, silent'),
    ),
  ),
  fault(
    'no neighbour entry for 169.254.1.1',
    'vpc-cni',
    what('vpc-cni', 'delete-neigh'),
    sent(ping(CLIENT, VPC_POD), `neigh-failed in ${CLIENT}, ICMP 3/1 from 192.168.0.111`),
  ),

  fault(
    'the far pod’s eth0 down',
    'flannel-vxlan',
    what('flannel-vxlan', 'pod-link-down'),
    sent(ping(CLIENT, POD), 'neigh-failed in node-2, ICMP 3/1 from 10.1.20.0'),
  ),
  fault(
    'the only pod of a bridge down, so the bridge has no carrier',
    'flannel-vxlan',
    [setDev(FAR, 'eth0', { up: false }), setDev('web-app-frontend-2', 'eth0', { up: false })],
    sent(ping(CLIENT, POD), 'neigh-failed in node-2, ICMP 3/1 from 10.1.20.0'),
  ),
  fault(
    'the far flannel.1 down',
    'flannel-vxlan',
    [setDev('node-2', 'flannel.1', { up: false })],
    sent(ping(CLIENT, POD), 'no-socket in node-2, silent, node-2 UdpNoPorts'),
  ),
  fault(
    'the near flannel.1 down',
    'flannel-vxlan',
    [setDev('node-1', 'flannel.1', { up: false }), delRoute('node-1', '0.0.0.0/0')],
    sent(ping(CLIENT, POD), 'no-route in node-1, ICMP 3/0 from 10.1.15.1, node-1 IpExtInNoRoutes'),
  ),
  fault(
    'the near bridge down',
    'docker-bridge',
    what('docker-bridge', 'bridge-down'),
    sent(ping(CLIENT, '192.168.0.200'), `neigh-failed in ${CLIENT}, ICMP 3/1 from 172.17.0.2`),
  ),
  fault(
    'a port of the bridge down',
    'docker-bridge',
    [setDev('node-1', 'veth1', { up: false })],
    sent(ping(CLIENT, '172.17.0.3'), `neigh-failed in ${CLIENT}, ICMP 3/1 from 172.17.0.2`),
  ),
  fault(
    'the far eth0 down',
    'flannel-vxlan',
    [setDev('node-2', 'eth0', { up: false })],
    sent(ping(CLIENT, POD), 'link-down in node-2, silent'),
  ),

  fault(
    'FORWARD policy DROP',
    'flannel-vxlan',
    what('flannel-vxlan', 'forward-drop-alone'),
    ...[ping(CLIENT, POD), tcp(CLIENT, POD, 8080)].map((f) =>
      sent(f, 'netfilter in node-1, silent'),
    ),
  ),
  fault(
    'FORWARD policy DROP',
    'vpc-cni',
    what('vpc-cni', 'forward-drop'),
    ...[ping(CLIENT, VPC_POD), tcp(CLIENT, VPC_POD, 8080)].map((f) =>
      sent(f, 'netfilter in node-2, silent'),
    ),
  ),
  reject('icmp-port-unreachable', 3),
  reject('icmp-host-unreachable', 1),
  reject('icmp-admin-prohibited', 13),
  fault(
    'REJECT with tcp-reset',
    'vpc-cni',
    [
      rule('node-2', {
        table: 'filter',
        chain: 'FORWARD',
        oif: 'eni+',
        proto: 'tcp',
        target: { type: 'REJECT', with: 'tcp-reset' },
      }),
    ],
    sent(tcp(CLIENT, VPC_POD, 8080), 'netfilter-reject in node-2, silent'),
  ),
  fault(
    'REJECT in INPUT',
    'flannel-vxlan',
    [
      rule('node-2', {
        table: 'filter',
        chain: 'INPUT',
        proto: 'icmp',
        target: { type: 'REJECT', with: 'icmp-port-unreachable' },
      }),
    ],
    sent(ping(CLIENT, '192.168.0.200'), 'netfilter-reject in node-2, ICMP 3/3 from 192.168.0.200'),
  ),

  rpFilter(0, 'delivered'),
  rpFilter(1, 'rp-filter in node-1, silent, node-1 TcpExtIPReversePathFilter'),
  rpFilter(2, 'delivered'),
  fault(
    'rp_filter 2, and no way back at all',
    'docker-bridge',
    [setSysctl('node-1', 'net.ipv4.conf.all.rp_filter', 2), delRoute('node-1', '0.0.0.0/0')],
    sent(
      tcp('internet', '198.51.100.100', 8080),
      'rp-filter in node-1, silent, node-1 TcpExtIPReversePathFilter',
    ),
  ),
  fault(
    'br_netfilter 1, a Service on the same bridge',
    'flannel-vxlan',
    [],
    sent(flowOf('flannel-vxlan', 'service-same-node'), 'delivered'),
  ),
  fault(
    'br_netfilter 0, a Service on the same bridge',
    'flannel-vxlan',
    what('flannel-vxlan', 'br-netfilter-off'),
    sent(
      flowOf('flannel-vxlan', 'service-same-node'),
      `no-socket in ${CLIENT}, silent, ${CLIENT} TcpOutRsts`,
    ),
  ),
  fault(
    'br_netfilter 1, DNAT to the same bridge',
    'flannel-vxlan',
    [DNAT],
    sent(tcp(CLIENT, '10.200.0.1', 80), 'delivered'),
  ),
  fault(
    'br_netfilter 0, DNAT to the same bridge',
    'flannel-vxlan',
    [...what('flannel-vxlan', 'br-netfilter-off'), DNAT],
    sent(tcp(CLIENT, '10.200.0.1', 80), `no-socket in ${CLIENT}, silent, ${CLIENT} TcpOutRsts`),
  ),
  fault(
    'ip_forward 0',
    'flannel-vxlan',
    what('flannel-vxlan', 'ip-forward-off'),
    ...[ping(CLIENT, POD), tcp(CLIENT, POD, 8080)].map((f) =>
      sent(f, 'forwarding-off in node-1, silent, node-1 IpInAddrErrors'),
    ),
  ),
  fault(
    'ip_forward 0',
    'vpc-cni',
    what('vpc-cni', 'ip-forward-off'),
    sent(ping(CLIENT, VPC_POD), 'forwarding-off in node-1, silent, node-1 IpInAddrErrors'),
  ),
  ...onlyRoute('blackhole', 'blackhole in node-1, silent'),
  ...onlyRoute('unreachable', 'unreachable-route in node-1, ICMP 3/1 from 10.1.15.1'),
  ...onlyRoute('prohibit', 'prohibit-route in node-1, ICMP 3/13 from 10.1.15.1'),

  fault(
    'flanneld dead on the sender’s node',
    'flannel-udp',
    [...what('flannel-udp', 'stop-flanneld'), delRoute('node-1', '0.0.0.0/0')],
    sent(ping(CLIENT, POD), 'no-route in node-1, ICMP 3/0 from 10.1.15.1, node-1 IpExtInNoRoutes'),
  ),
  fault(
    'flanneld dead on the other node',
    'flannel-udp',
    what('flannel-udp', 'stop-flanneld-2'),
    sent(ping(CLIENT, POD), 'no-socket in node-2, silent, node-2 UdpNoPorts'),
  ),
  fault(
    'flanneld dead',
    'flannel-vxlan',
    what('flannel-vxlan', 'stop-flanneld'),
    sent(tcp(CLIENT, POD, 8080), 'delivered'),
  ),
  fault(
    'flanneld dead',
    'flannel-host-gw',
    [...CHECK_OFF, ...what('flannel-vxlan', 'stop-flanneld')],
    sent(tcp(CLIENT, POD, 8080), 'delivered'),
  ),

  fault(
    'Docker 28’s raw rule: a container asked for by its own address',
    'docker-bridge',
    [...CHECK_OFF, addRoute('node-2', { dst: '172.17.0.3/32', via: '192.168.0.100', dev: 'eth0' })],
    sent(tcp('node-2', '172.17.0.3', 80), 'netfilter in node-1, silent'),
  ),
  fault(
    'without Docker 28’s raw rule',
    'docker-bridge',
    [
      ...CHECK_OFF,
      addRoute('node-2', { dst: '172.17.0.3/32', via: '192.168.0.100', dev: 'eth0' }),
      {
        op: 'del',
        in: 'node-1',
        table: 'netfilter',
        where: { table: 'raw', dst: '172.17.0.3/32' },
      },
    ],
    sent(tcp('node-2', '172.17.0.3', 80), 'delivered'),
  ),
  spoofed(
    'a martian source: 127.0.0.2, whose question is not answered',
    '127.0.0.2',
    `neigh-failed in ${CLIENT}, ICMP 3/1 from 127.0.0.1`,
  ),
  spoofed('a martian source: 127.0.0.2', '127.0.0.2', 'martian-source in node-1, silent', KNOWN),
  spoofed('a source that is the receiver’s own', '10.1.15.1', 'local-source in node-1, silent'),
  fault(
    'a source that is the receiver’s own, DNAT to the same bridge',
    'flannel-vxlan',
    [
      DNAT,
      rule(CLIENT, {
        table: 'nat',
        chain: 'POSTROUTING',
        oif: 'eth0',
        target: { type: 'SNAT', to: '10.1.15.1' },
      }),
    ],
    sent(tcp(CLIENT, '10.200.0.1', 80), 'local-source in node-1, silent'),
  ),
  fault(
    '127.0.0.1, and the node port’s pod is behind a bridge',
    'flannel-vxlan',
    [],
    sent(tcp('node-1', '127.0.0.1', 30080), 'loopback-source in node-1, silent'),
  ),
  fault(
    'the same with route_localnet',
    'flannel-vxlan',
    [addSysctl('node-1', 'net.ipv4.conf.all.route_localnet', 1)],
    sent(tcp('node-1', '127.0.0.1', 30080), 'delivered'),
  ),
  fault(
    'a source of 127.0.0.0/8 that the program chose',
    'flannel-vxlan',
    [],
    ...[udp('node-1', '192.168.0.200', 53), ping('node-1', '192.168.0.200')].map((f) =>
      sent({ ...f, src: '127.0.0.1' }, 'loopback-source in node-1, silent'),
    ),
  ),
  fault(
    'to a broadcast address',
    'flannel-vxlan',
    [],
    ...[
      ping(CLIENT, '10.1.15.255'),
      tcp(CLIENT, '10.1.15.255', 80),
      udp(CLIENT, '10.1.15.255', 53),
      udp('node-1', '255.255.255.255', 53),
    ].map((f) => sent(f, `broadcast-refused in ${f.from}, silent`)),
  ),
  fault(
    'to the broadcast address of another network of the node',
    'flannel-vxlan',
    [],
    ...[
      ping(CLIENT, '192.168.0.255'),
      udp(CLIENT, '192.168.0.255', 53),
      tcp(CLIENT, '192.168.0.255', 80),
    ].map((f) => sent(f, 'broadcast-ignored in node-1, silent')),
  ),
  fault(
    'the route to the tunnel’s other end leads into the tunnel',
    'flannel-vxlan',
    [
      addRoute('node-1', {
        dst: '192.168.0.200/32',
        via: '10.1.20.0',
        dev: 'flannel.1',
        onlink: true,
      }),
    ],
    ...[ping(CLIENT, POD), tcp(CLIENT, POD, 8080)].map((f) =>
      sent(f, 'tunnel-loop in node-1, silent'),
    ),
  ),
  fault(
    'OUTPUT sends a tunnel’s packets into the tunnel',
    'flannel-vxlan',
    [
      // Without the masquerading that draws a port each time.
      {
        op: 'del',
        in: 'node-1',
        table: 'netfilter',
        where: { chain: 'FLANNEL-POSTRTG', dst: '10.1.0.0/16', not: ['src'] },
      },
      rule('node-1', { table: 'nat', chain: 'OUTPUT', target: { type: 'DNAT', to: '10.1.20.2' } }),
    ],
    ...[ping('node-1', '10.1.20.2'), ping(CLIENT, POD)].map((f) =>
      sent(f, 'too-nested in node-1, silent'),
    ),
  ),
  fault(
    'the peer’s MSS is smaller than the own path carries',
    'docker-bridge',
    [setDev(CLIENT, 'eth0', { mtu: 1501 })],
    sent(bulk(CLIENT, '172.17.0.3', 80, 1449), 'delivered'),
  ),
  fault(
    'a write of several bursts, one longer than the first window',
    'flannel-vxlan',
    [setDev(CLIENT, 'eth0', { mtu: 576 })],
    sent(bulk(CLIENT, POD, 8080, 2700), 'delivered'),
    sent(bulk(CLIENT, POD, 8080, 9000), 'delivered'),
  ),
  fault(
    'TCP is larger than the next network, and is told',
    'docker-bridge',
    [setDev('node-1', 'eth0', { mtu: 1400 })],
    sent(bulk(CLIENT, '192.168.0.200', 8080, 1400), 'delivered'),
    sent(bulk(CLIENT, '192.168.0.200', 8080, 3000), 'delivered'),
  ),
  fault(
    'TCP is larger than the next network, and is not told',
    'docker-bridge',
    [
      setDev('node-1', 'eth0', { mtu: 1400 }),
      rule('node-1', { table: 'filter', chain: 'OUTPUT', proto: 'icmp', target: { type: 'DROP' } }),
    ],
    sent(
      bulk(CLIENT, '192.168.0.200', 8080, 3000),
      'too-big in node-1, silent, node-1 IpFragFails',
    ),
  ),
  fault(
    'a connection that the far end stops hearing',
    'flannel-vxlan',
    [
      rule(FAR, {
        table: 'filter',
        chain: 'INPUT',
        ctstate: ['ESTABLISHED'],
        target: { type: 'DROP' },
      }),
    ],
    sent(tcp(CLIENT, POD, 8080), `netfilter in ${FAR}, silent`),
  ),
  fault(
    'a server’s answer is too large for the way back, and it is told',
    'flannel-host-gw',
    [...CHECK_OFF, listen(FAR, 5300), setDev('node-2', 'eth0', { mtu: 1400 })],
    sent(
      { ...udp(CLIENT, POD, 5300), answer: 1440 },
      'too-big in node-2, silent, node-2 IpFragFails',
    ),
  ),
  fault(
    'fragments cut again on the way leave the node that put them together as they came',
    'flannel-host-gw',
    [
      ...CHECK_OFF,
      setDev('node-1', 'eth0', { mtu: 1400 }),
      // Without these node-1 tracks nothing and puts nothing together. Those with the most words first: each names one rule only.
      ...netns(SCENARIOS['flannel-host-gw']!.topology, 'node-1')!
        .netfilter.toSorted((a, b) => Object.keys(b).length - Object.keys(a).length)
        .map((row): Edit => ({ op: 'del', in: 'node-1', table: 'netfilter', where: { ...row } })),
      setSysctl('node-1', 'net.bridge.bridge-nf-call-iptables', 0),
    ],
    sent(ping(CLIENT, POD, 3000), 'delivered'),
  ),
  fault(
    'OUTPUT sends it where there is no way',
    'flannel-vxlan',
    [
      delRoute('node-1', '0.0.0.0/0'),
      rule('node-1', {
        table: 'nat',
        chain: 'OUTPUT',
        dst: '192.168.0.200/32',
        target: { type: 'DNAT', to: '10.200.0.1' },
      }),
    ],
    ...[
      ping('node-1', '192.168.0.200'),
      udp('node-1', '192.168.0.200', 53),
      tcp('node-1', '192.168.0.200', 80),
    ].map((f) => sent(f, 'no-route in node-1, silent')),
  ),
  fault(
    'fragments that a bridge put together and the next network does not take whole',
    'flannel-vxlan',
    [],
    ...[udp(CLIENT, '192.168.0.200', 53, 2796), udp(CLIENT, '192.168.0.200', 53, 6000)].map((f) =>
      sent(f, 'no-socket in node-2, ICMP 3/3 from 192.168.0.200, node-2 UdpNoPorts'),
    ),
  ),
  fault(
    'a gateway known under the address of another port of the bridge',
    'docker-bridge',
    [addNeigh(CLIENT, '172.17.0.1', macOf('node-1', 'veth1'))],
    ...[ping(CLIENT, '192.168.0.200'), udp(CLIENT, '192.168.0.200', 53, 3000)].map((f) =>
      sent(f, 'other-host in node-1, silent'),
    ),
  ),
  fault(
    'and under that of its own port',
    'docker-bridge',
    [addNeigh(CLIENT, '172.17.0.1', macOf('node-1', 'veth0'))],
    sent(ping(CLIENT, '192.168.0.200'), 'delivered'),
  ),
  fault(
    'a tunnel whose outer header is masqueraded',
    'flannel-vxlan',
    [
      {
        op: 'del',
        in: 'node-1',
        table: 'netfilter',
        where: { chain: 'FLANNEL-POSTRTG', dst: '10.1.0.0/16', not: ['src'] },
      },
      rule('node-1', {
        table: 'nat',
        chain: 'POSTROUTING',
        proto: 'udp',
        dport: 8472,
        target: { type: 'MASQUERADE', randomFully: true },
      }),
    ],
    sent(ping(CLIENT, POD), 'delivered'),
  ),
  fault(
    '255.255.255.255 without a way',
    'docker-bridge',
    [delRule('node-1', 32766)],
    ...[udp('node-1', '255.255.255.255', 53), tcp('node-1', '255.255.255.255', 80)].map((f) =>
      sent(f, 'no-route in node-1, silent, node-1 IpOutNoRoutes'),
    ),
    sent(ping('node-1', '255.255.255.255'), 'no-route in node-1, silent'),
  ),
  fault(
    '255.255.255.255 without the local table',
    'docker-bridge',
    [delRule('node-1', 0)],
    ...[udp('node-1', '255.255.255.255', 53), ping('node-1', '255.255.255.255')].map((f) =>
      sent(f, 'broadcast-refused in node-1, silent'),
    ),
  ),
  fault(
    '255.255.255.255 by a blackhole',
    'docker-bridge',
    [addRoute('node-1', { dst: '255.255.255.255/32', type: 'blackhole' })],
    sent(udp('node-1', '255.255.255.255', 53), 'blackhole in node-1, silent'),
  ),
  fault(
    'a broadcast from and to who has no local table',
    'flannel-vxlan',
    [delRule('node-1', 0), delRule(CLIENT, 0)],
    ...[ping('node-1', '10.1.15.255'), udp('node-1', '10.1.15.255', 53)].map((f) =>
      sent(f, 'broadcast-ignored in backend-service-1, silent, web-app-frontend-1 IpInAddrErrors'),
    ),
  ),
  fault(
    'a rule by source takes the way of a datagram away that went without one',
    'vpc-cni',
    [
      ...CHECK_OFF,
      addRule(CLIENT, { priority: 3, table: '9', from: '192.168.0.0/16' }),
      addRoute9(CLIENT, { dst: '192.168.0.100/32', type: 'blackhole' }),
    ],
    ...[
      udp(CLIENT, '192.168.0.100', 53, 1591),
      cut(udp(CLIENT, '192.168.0.100', 53, 1591)),
      ping(CLIENT, '192.168.0.100'),
    ].map((f) =>
      sent(
        f,
        f.proto === 'icmp'
          ? 'delivered'
          : 'no-socket in node-1, ICMP 3/3 from 192.168.0.100, node-1 UdpNoPorts',
      ),
    ),
  ),
  fault(
    'an error goes where one look-up without a source says',
    'docker-bridge',
    [
      addRule('node-1', { priority: 3, table: '9', from: '172.17.0.1/32' }),
      addRoute9('node-1', { dst: '172.17.0.2/32', type: 'blackhole' }),
    ],
    sent(
      { ...ping(CLIENT, '192.168.0.200'), ttl: 1 },
      'ttl-exceeded in node-1, ICMP 11/0 from 172.17.0.1, node-1 IpInHdrErrors',
    ),
  ),
  fault(
    'the other end of a veth takes no frame so long: the rest of the fragments is not sent',
    'vpc-cni',
    [setDev(CLIENT, 'eth0', { mtu: 1400 })],
    sent(
      udp('node-1', VPC_CLIENT, 53, 4000),
      'over-mtu-link in node-1, silent, node-1 IpFragFails',
    ),
  ),
  fault(
    'the same, and the program is told',
    'vpc-cni',
    [setDev('node-1', VPC_VETH, { mtu: 1400 })],
    ...[
      ping(CLIENT, '203.0.113.10', 1472),
      udp(CLIENT, '203.0.113.10', 53, 1450),
      udp(CLIENT, '203.0.113.10', 53, 4000),
      cut(udp(CLIENT, '203.0.113.10', 53, 1450)),
    ].map((f) =>
      sent(
        f,
        `over-mtu-link in ${CLIENT}, silent${f.size === 4000 ? `, ${CLIENT} IpFragFails` : ''}`,
      ),
    ),
  ),
  fault(
    'fragments, and the other end of the veth is down',
    'vpc-cni',
    [setDev('node-1', VPC_VETH, { up: false })],
    sent(
      udp(CLIENT, '203.0.113.10', 53, 4000),
      `link-down in ${CLIENT}, silent, ${CLIENT} IpFragFails`,
    ),
  ),
  fault(
    'fragments for a pod whose end of the veth is down',
    'vpc-cni',
    [
      setDev(CLIENT, 'eth0', { up: false }),
      addNeigh('node-1', VPC_CLIENT, '02:00:00:00:00:01', VPC_VETH),
    ],
    sent(udp('node-1', VPC_CLIENT, 53, 4000), 'link-down in node-1, silent, node-1 IpFragFails'),
  ),
  fault(
    'a route over lo for an address that nobody here has',
    'docker-bridge',
    [addRoute(CLIENT, { dst: '172.17.9.0/24', dev: 'lo', scope: 'link' }), listen(CLIENT, 53)],
    sent(udp(CLIENT, '172.17.9.9', 54), `no-socket in ${CLIENT}, silent, ${CLIENT} UdpNoPorts`),
    sent(udp(CLIENT, '172.17.9.9', 53), 'delivered'),
    sent(ping(CLIENT, '172.17.9.9'), `foreign-source in ${CLIENT}, silent`),
    ...[8080, 9].map((port) =>
      sent(tcp(CLIENT, '172.17.9.9', port), `foreign-source in ${CLIENT}, silent`),
    ),
  ),
  fault(
    'the same, and somebody listens',
    'docker-bridge',
    [addRoute(NEAR, { dst: '172.17.9.0/24', dev: 'lo', scope: 'link' })],
    sent(tcp(NEAR, '172.17.9.9', 80), `foreign-source in ${NEAR}, silent, ${NEAR} IpOutNoRoutes`),
  ),
  fault(
    'and one of scope host',
    'docker-bridge',
    [addRoute(CLIENT, { dst: '172.17.9.0/24', dev: 'lo', scope: 'host' })],
    sent(udp(CLIENT, '172.17.9.9', 54), `no-socket in ${CLIENT}, silent, ${CLIENT} UdpNoPorts`),
  ),
  fault(
    'flanneld’s datagrams have its own address, whatever the way',
    'flannel-udp',
    [addRoute('node-1', { dst: '192.168.0.200/32', dev: 'flannel0', scope: 'link' })],
    sent(tcp('node-1', '10.1.20.3', 8080), 'no-lease in node-1, silent'),
  ),
  fault(
    'a tunnel whose other end is here: nothing is wrapped',
    'flannel-vxlan',
    [
      {
        op: 'set',
        in: 'node-1',
        table: 'fdb',
        where: { dst: '192.168.0.200' },
        to: { dst: '192.168.0.100' },
      },
    ],
    ...[ping(CLIENT, POD), { ...ping(CLIENT, POD), ttl: 5 }].map((f) =>
      sent(f, 'ttl-exceeded in node-1, ICMP 11/0 from 10.1.15.1, node-1 IpInHdrErrors'),
    ),
  ),
  ...(['blackhole', 'unreachable', 'prohibit'] as const).map((type) =>
    fault(
      `a server whose answer to a SYN has a route of type ${type}`,
      'docker-bridge',
      [addRoute(NEAR, { dst: '172.17.0.2/32', type })],
      sent(
        tcp(CLIENT, '172.17.0.3', 80),
        `${type === 'blackhole' ? type : `${type}-route`} in ${NEAR}, silent, ${NEAR} IpOutNoRoutes`,
      ),
    ),
  ),
  fault(
    'one address on two devices: the first that has it answers',
    'lan',
    [
      {
        op: 'set',
        in: 'node-1',
        table: 'devs',
        where: { name: 'eth0' },
        to: { addrs: ['192.168.0.100/24', '10.1.15.1/24', '10.1.15.1/32'] },
      },
    ],
    sent(ping(CLIENT, '10.1.15.1'), 'delivered'),
    sent(ping('node-2', '10.1.15.1'), 'delivered'),
  ),
  // neigh_event_ns() overrides whatever nobody wrote to stay.
  ...(['REACHABLE', 'STALE', 'PERMANENT'] as const).map((state) =>
    fault(
      `who asks corrects a neighbour that is ${state} with another MAC`,
      'lan',
      [
        {
          op: 'add',
          in: 'node-2',
          table: 'neigh',
          row: {
            ip: '192.168.0.100',
            dev: 'eth0',
            lladdr: '0c:01:c0:a8:00:01',
            state,
          },
        },
      ],
      sent(
        ping('node-1', '192.168.0.200'),
        state === 'PERMANENT' ? 'other-host in switch, silent' : 'delivered',
      ),
    ),
  ),
  ...LINK_FAULTS,
]
