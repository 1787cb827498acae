import { describe, expect, it } from 'vitest'
import { READ } from '#lib/topology/sysctls.ts'
import { vethName } from '#lib/worlds/vpc-cni/cni.ts'
import { agreed, knows, nodes, one, proxied, route, sysctl, walkOf, type Case } from './small.ts'
import { tracked, virtualFile } from './virtual.ts'

/* Each sysctl that the engine reads makes a difference: walks by its value, which differ, and the kernel agrees with all of them. */

type Made = Omit<Case, 'what' | 'ends'>
/** `of`: the world with the key at a value (DEV is `dev`, or all). `ends`: how each walk ends. */
interface Told {
  readonly dev?: string
  readonly of: (key: string, value: number) => Made
  readonly ends: readonly (readonly [value: number, ends: string])[]
}

/** A node's rows have these already. */
const WRITTEN = [
  'net.ipv4.ip_forward',
  'net.ipv4.conf.all.rp_filter',
  'net.bridge.bridge-nf-call-iptables',
]
const put = (name: string, key: string, value: number): string =>
  WRITTEN.includes(key)
    ? `{ op: set, in: ${name}, table: sysctls, where: { key: ${key} }, to: { value: ${value} } }`
    : sysctl(name, key, value)
const ping = (from: string, to: string): Made['ask'] => ({ from, to })
const vxlan = (key: string, value: number): Made => ({
  file: nodes('flannel-vxlan', `, edits: [${put('n1', key, value)}]`),
  ask: ping('a', 'b'),
})
const docker = (edits: string, ask = ping('a', '172.17.0.1'), flow: Made['flow'] = {}): Made => ({
  file: one('docker-bridge', edits),
  ask,
  flow,
})
/** c routes to an address of b's that a could reach without it. */
const nearer = (edits: string, ask: Made['ask'] = ping('a', '10.50.0.1')): Made => ({
  file: `{ packet-walk: 1, network: docker-bridge, nodes: [{ name: n1 }], pods: [{ name: a, node: n1 }, { name: b, node: n1, listen: [tcp/8080] }, { name: c, node: n1 }], edits: [${[
    '{ op: set, in: b, table: devs, where: { name: eth0 }, to: { addrs: [172.17.0.3/16, 10.50.0.1/32] } }',
    route('a', 'dst: 10.50.0.1/32, dev: eth0, via: 172.17.0.4'),
    route('c', 'dst: 10.50.0.1/32, dev: eth0, via: 172.17.0.3'),
    sysctl('c', 'net.ipv4.ip_forward', 1),
    edits,
  ].join(', ')}] }`,
  ask,
})
/** n1 has two next hops to 10.9.0.0/24, b and c, and c takes nothing. */
const SEED = 'net.ipv4.fib_multipath_hash_seed'
const spread = (edits: string): Made => ({
  file: `{ packet-walk: 1, network: docker-bridge, nodes: [{ name: n1 }], pods: [{ name: a, node: n1 }, ${['b', 'c'].map((x) => `{ name: ${x}, node: n1, listen: [udp/53] }`).join(', ')}], edits: [${[
    ...[3, 4].map((i) =>
      route('n1', `dst: 10.9.0.0/24, via: 172.17.0.${i}, dev: docker0, weight: ${i - 2}`),
    ),
    ...['b', 'c'].map(
      (x, i) =>
        `{ op: set, in: ${x}, table: devs, where: { name: eth0 }, to: { addrs: [172.17.0.${i + 3}/16, 10.9.0.1/32] } }`,
    ),
    '{ op: add, in: c, table: netfilter, row: { table: mangle, chain: INPUT, target: { type: DROP } } }',
    edits,
  ].join(', ')}] }`,
  ask: { from: 'a', to: '10.9.0.1:53', proto: 'udp' },
})
/** The answer of a connection passes n2, which never saw the question. */
const asymmetric = (edits: string): Made => ({
  file:
    `{ packet-walk: 1, network: flannel-host-gw, bridge: cni0, podCidr: 10.44.0.0/16, vpc: { cidr: 10.20.0.0/16, subnets: [{ name: a, cidr: 10.20.0.0/24 }] }, nodes: [${[1, 2, 3].map((i) => `{ name: n${i}, ip: 10.20.0.${i}0, subnet: a, podCidr: 10.44.${i}.0/24, sourceDestCheck: false }`).join(', ')}], ` +
    `securityGroups: [{ id: sg-node, ingress: [{ proto: all, peer: 0.0.0.0/0 }], egress: [{ proto: all, peer: 0.0.0.0/0 }] }], pods: [{ name: a, node: n1, ip: 10.44.1.5 }, { name: b, node: n3, ip: 10.44.3.5 }, { name: c, node: n2, ip: 10.44.2.5 }], ` +
    `edits: [{ op: set, in: n3, table: routes, where: { dst: 10.44.1.0/24 }, to: { via: 10.20.0.20 } }, { op: del, in: n2, table: netfilter, where: { table: nat, chain: POSTROUTING, target: { type: JUMP, chain: FLANNEL-POSTRTG } } }, ${edits}] }`,
  ask: { from: 'a', to: 'b:8080' },
})
const drop = (where: string, row: string): string =>
  `{ op: add, in: ${where}, table: netfilter, row: { table: mangle, chain: FORWARD, ${row}, target: { type: DROP } } }`

/** What a pod says is led out by a rule before the local table, also what is for its own node. */
const ledOn = (key: string, value: number): Made => ({
  file: `{ packet-walk: 1, network: vpc-cni, nodes: [{ name: n1, ip: 192.168.0.10 }], pods: [{ name: a, node: n1, eni: eth0 }], edits: [${[
    '{ op: add, in: n1, table: rules, row: { priority: 20, table: local } }',
    '{ op: del, in: n1, table: rules, where: { priority: 0 } }',
    '{ op: add, in: n1, table: routes, row: { table: "101", dst: 0.0.0.0/0, via: 192.168.0.1, dev: eth0 } }',
    `{ op: add, in: n1, table: rules, row: { priority: 10, iif: ${vethName('a')}, table: "101" } }`,
    sysctl('n1', key, value),
  ].join(', ')}] }`,
  ask: { from: 'n1', to: 'a:8080' },
})
const EARLY: Told['ends'] = [
  [1, 'own-socket in n1'],
  [0, 'delivered'],
]

const TOLD: Readonly<Record<string, Told>> = {
  'net.ipv4.ip_early_demux': { of: ledOn, ends: EARLY },
  'net.ipv4.tcp_early_demux': { of: ledOn, ends: EARLY },
  'net.ipv4.ip_forward': {
    of: vxlan,
    ends: [
      [1, 'delivered'],
      [0, 'forwarding-off in n1'],
    ],
  },
  'net.ipv4.ip_default_ttl': {
    of: (key, value) => ({
      file: nodes(
        'flannel-vxlan',
        `, edits: [${sysctl('b', key, value)}, ${sysctl('n1', key, value + 1)}]`,
      ),
      ask: { from: 'a', to: 'b:9', proto: 'udp' },
    }),
    ends: [
      [64, 'no-socket in b, ICMP 3/3'],
      [33, 'no-socket in b, ICMP 3/3'],
    ],
  },
  'net.ipv4.vs.conntrack': {
    of: (_, value) => ({
      file: virtualFile([tracked(value)]),
      ask: { from: 'n2', to: '192.168.0.10:30080' },
    }),
    ends: [
      [1, 'delivered'],
      [0, 'local-source in n2'],
    ],
  },
  'net.ipv4.ip_no_pmtu_disc': {
    of: (key, value) => ({
      file: one('docker-bridge', sysctl('n1', key, value)).replace('nodes:', 'mtu: 1620, nodes:'),
      ask: { from: 'n1', to: '203.0.113.10:53', proto: 'udp', size: 1592 },
      flow: { df: true },
    }),
    ends: [
      [0, 'vpc-too-big in vpc, ICMP 3/4'],
      [1, 'vpc-too-big in vpc, ICMP 3/4'],
      [2, 'vpc-too-big in vpc'],
      [3, 'vpc-too-big in vpc'],
    ],
  },
  'net.ipv4.icmp_ratelimit': {
    of: (key, value) =>
      docker(sysctl('n1', key, value), { from: 'a', to: '8.8.8.8', ttl: 1 }, { count: 10 }),
    ends: [
      [0, 'ttl-exceeded in n1, ICMP 11/0'],
      [1000, 'ttl-exceeded in n1, ICMP 11/0'],
    ],
  },
  'net.netfilter.nf_conntrack_tcp_loose': {
    of: (key, value) => asymmetric(`${sysctl('n2', key, value)}, ${drop('n2', 'ctstate: [NEW]')}`),
    ends: [
      [1, 'netfilter in n2'],
      [0, 'delivered'],
    ],
  },
  'net.ipv4.fib_multipath_hash_policy': {
    of: (key, value) => spread(`${sysctl('n1', SEED, 7)}, ${sysctl('n1', key, value)}`),
    ends: [
      [0, 'delivered'],
      [1, 'netfilter in c'],
    ],
  },
  'net.ipv4.fib_multipath_hash_seed': {
    of: (key, value) => spread(sysctl('n1', key, value)),
    ends: [
      [7, 'delivered'],
      [2, 'netfilter in c'],
    ],
  },
  'net.bridge.bridge-nf-call-iptables': {
    of: (key, value) =>
      docker(`${put('n1', key, value)}, ${drop('n1', 'proto: icmp')}`, ping('a', 'b')),
    ends: [
      [1, 'netfilter in n1'],
      [0, 'delivered'],
    ],
  },
  'net.ipv4.conf.DEV.forwarding': {
    dev: 'docker0',
    of: vxlan,
    ends: [
      [1, 'delivered'],
      [0, 'forwarding-off in n1'],
    ],
  },
  'net.ipv4.conf.DEV.rp_filter': {
    dev: 'docker0',
    of: (key, value) =>
      docker(
        [
          put('n1', key, value),
          route('n1', 'dst: 172.17.0.2/32, dev: eth0, scope: link'),
          knows,
        ].join(', '),
      ),
    ends: [
      [0, 'neigh-failed in n1'],
      [2, 'neigh-failed in n1'],
      [1, 'rp-filter in n1'],
    ],
  },
  'net.ipv4.conf.DEV.accept_local': {
    dev: 'docker0',
    of: (key, value) =>
      docker(
        [
          sysctl('n1', key, value),
          knows,
          '{ op: add, in: a, table: netfilter, row: { table: nat, chain: POSTROUTING, proto: icmp, target: { type: SNAT, to: 172.17.0.1 } } }',
        ].join(', '),
        ping('a', '203.0.113.10'),
      ),
    ends: [
      [0, 'local-source in n1'],
      [1, 'icmp-ignored in n1'],
    ],
  },
  'net.ipv4.conf.DEV.route_localnet': {
    dev: 'docker0',
    of: (key, value) =>
      docker(
        `${sysctl('n1', key, value)}, { op: add, in: n1, table: netfilter, row: { table: nat, chain: PREROUTING, iif: docker0, proto: icmp, target: { type: DNAT, to: 127.0.0.1 } } }`,
        ping('a', '8.8.8.8'),
      ),
    ends: [
      [0, 'martian-destination in n1'],
      [1, 'delivered'],
    ],
  },
  'net.ipv4.conf.DEV.send_redirects': {
    dev: 'eth0',
    of: (key, value) => nearer(sysctl('c', key, value)),
    ends: [
      [0, 'delivered'],
      [1, 'delivered'],
    ],
  },
  'net.ipv4.conf.DEV.proxy_arp': {
    dev: 'docker0',
    of: (key, value) => {
      const x = proxied(0, `, ${sysctl('n1', 'net.ipv4.neigh.docker0.proxy_delay', 0)}`).replace(
        sysctl('n1', 'net.ipv4.conf.docker0.proxy_arp', 0),
        sysctl('n1', key, value),
      )
      return { file: x, ask: ping('a', '192.168.0.10') }
    },
    ends: [
      [0, 'neigh-failed in a, ICMP 3/1'],
      [1, 'delivered'],
    ],
  },
  'net.ipv4.conf.DEV.arp_ignore': {
    dev: 'docker0',
    of: (key, value) =>
      docker(
        [route('a', 'dst: 192.168.0.10/32, dev: eth0, scope: link'), sysctl('n1', key, value)].join(
          ', ',
        ),
        ping('a', '192.168.0.10'),
      ),
    ends: [
      [0, 'delivered'],
      [1, 'neigh-failed in a, ICMP 3/1'],
      [2, 'neigh-failed in a, ICMP 3/1'],
      [8, 'neigh-failed in a, ICMP 3/1'],
    ],
  },
  'net.ipv4.conf.DEV.arp_announce': {
    dev: 'docker0',
    of: (key, value) =>
      docker(
        [
          sysctl('n1', key, value),
          route('n1', 'dst: 172.17.0.2/32, dev: docker0, scope: link, src: 192.168.0.10'),
        ].join(', '),
        ping('n1', 'a'),
      ),
    ends: [
      [0, 'delivered'],
      [1, 'delivered'],
      [2, 'delivered'],
    ],
  },
  'net.ipv4.conf.DEV.arp_filter': {
    dev: 'docker0',
    of: (key, value) =>
      docker(
        [sysctl('n1', key, value), route('n1', 'dst: 172.17.0.2/32, dev: eth0, scope: link')].join(
          ', ',
        ),
      ),
    ends: [
      [0, 'neigh-failed in n1'],
      [1, 'neigh-failed in a, ICMP 3/1'],
    ],
  },
  // So long that the owner is first, and no longer than a flow is waited for.
  'net.ipv4.neigh.DEV.proxy_delay': {
    dev: 'docker0',
    of: (key, value) =>
      docker(
        [
          sysctl('n1', key, value),
          sysctl('n1', 'net.ipv4.conf.docker0.proxy_arp', 1),
          route('n1', 'dst: 172.17.0.3/32, dev: eth0, scope: link'),
        ].join(', '),
        { from: 'a', to: 'b:9', proto: 'udp' },
      ),
    ends: [
      [0, 'neigh-failed in n1, ICMP 3/1'],
      [20, 'no-socket in b, ICMP 3/3'],
    ],
  },
}

const CASES = Object.entries(TOLD).flatMap(([name, { dev = '', of, ends }]) =>
  ends.map(([value, end]): Case => ({
    what: `${name} ${value}`,
    ...of(name.replace('DEV', dev), value),
    ends: end,
  })),
)
/** What all devices have counts with a device's own; proxy_delay is a device's alone. */
const OF_ALL = Object.entries(TOLD).flatMap(([name, { of, ends }]) =>
  name.includes('conf.DEV')
    ? [
        {
          what: name.replace('DEV', 'all'),
          ...of(name.replace('DEV', 'all'), ends.at(-1)![0]),
          ends: ends.at(-1)![1],
        },
      ]
    : [],
)
const MORE: readonly Case[] = [
  {
    what: 'forwarding of the device that it leaves by',
    ...vxlan('net.ipv4.conf.eth0.forwarding', 0),
    ends: 'delivered',
  },
  ...(
    [
      [1, 'delivered'],
      [8, 'neigh-failed in a, ICMP 3/1'],
    ] as const
  ).map(([value, ends]): Case => ({
    what: `arp_ignore ${value}, the device’s own address`,
    ...docker(sysctl('n1', 'net.ipv4.conf.docker0.arp_ignore', value)),
    ends,
  })),
  { what: 'ip_default_ttl, an echo', ...vxlan('net.ipv4.ip_default_ttl', 77), ends: 'delivered' },
  ...([0, 1] as const).flatMap((value): Case[] =>
    (['udp', 'tcp'] as const).map((proto) => ({
      what: `ip_no_pmtu_disc ${value}, ${proto}: DF`,
      file: nodes(
        'flannel-vxlan',
        `, edits: [${sysctl('a', 'net.ipv4.ip_no_pmtu_disc', value)}, ${sysctl('b', 'net.ipv4.ip_no_pmtu_disc', value)}]`,
      ),
      ask: { from: 'a', to: proto === 'tcp' ? 'b:8080' : 'b:9', proto, size: 500 },
      ends: proto === 'tcp' ? 'delivered' : 'no-socket in b, ICMP 3/3',
    })),
  ),
  {
    what: 'ip_no_pmtu_disc 3, a connection believes what can be checked',
    file: one('docker-bridge', sysctl('a', 'net.ipv4.ip_no_pmtu_disc', 3)),
    ask: { from: 'a', to: '203.0.113.10:443', size: 600 },
    ends: 'delivered',
  },
  {
    what: 'a redirect about a neighbour that is known is followed',
    ...nearer(
      `${sysctl('c', 'net.ipv4.conf.all.send_redirects', 1)}, { op: add, in: a, table: neigh, row: { ip: 172.17.0.3, dev: eth0, lladdr: "02:42:ac:11:00:03", state: PERMANENT } }`,
    ),
    flow: { count: 3 },
    ends: 'delivered',
  },
  {
    what: 'a redirect about a neighbour that is not known is a question to it',
    ...nearer(sysctl('c', 'net.ipv4.conf.all.send_redirects', 1), {
      from: 'a',
      to: '10.50.0.1:9',
      proto: 'udp',
    }),
    ends: 'no-socket in b, ICMP 3/3',
  },
  {
    what: 'a redirect that comes while the connection begins is not heeded',
    ...nearer(sysctl('c', 'net.ipv4.conf.all.send_redirects', 1), {
      from: 'a',
      to: '10.50.0.1:8080',
    }),
    ends: 'delivered',
  },
  {
    what: 'a redirect with a translation under way is withheld',
    ...nearer(
      `${sysctl('c', 'net.ipv4.conf.all.send_redirects', 1)}, { op: add, in: c, table: netfilter, row: { table: nat, chain: POSTROUTING, oif: lo, target: { type: MASQUERADE } } }`,
    ),
    ends: 'delivered',
  },
  {
    what: 'a redirect that nobody follows, with a path of one’s own',
    ...nearer(
      `${sysctl('c', 'net.ipv4.conf.all.send_redirects', 1)}, ${route('b', 'dst: 172.17.0.2/32, dev: eth0, via: 172.17.0.4')}`,
    ),
    ends: 'delivered',
  },
]

it('each that the engine reads is here', () => {
  expect(Object.keys(TOLD).toSorted()).toEqual(READ.toSorted())
})
describe('its value makes a difference', () => {
  const seen = (c: Case): string =>
    JSON.stringify(
      walkOf(c).frames.map(({ in: where, dev, dir, packet }) => [where, dev, dir, packet.headers]),
    ) + c.ends
  it.each(Object.keys(TOLD))('%s', (name) => {
    const [first, ...rest] = CASES.filter((c) => c.what.startsWith(`${name} `)).map(seen)
    expect(rest.some((x) => x !== first)).toBe(true)
  })
})
agreed([...CASES, ...OF_ALL, ...MORE])
