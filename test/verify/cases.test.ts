import { FIELD } from './field.ts'
import { agreed, knows, nodes, one, route, sysctl, type Case } from './small.ts'

/* Small clusters in which the walk and the kernel once differed: each is a kind. How the flow ends is written out, and this kernel is asked. */

/** Two nodes with pods on eth1, and a machine in a peered VPC. */
const peered = (plugin: string): string =>
  `packet-walk: 1
network: vpc-cni
vpc-cni: { ${plugin} }
vpc: { peerings: [{ id: pcx-1, cidr: 172.16.0.0/16 }] }
nodes: [{ name: n1 }, { name: n2 }]
pods: [{ name: a, node: n1, eni: eth1 }, { name: b, node: n2, eni: eth1 }]
services: [{ name: s, port: 80, targetPort: 8080, pods: [a], nodePort: 30080 }]
hosts: [{ name: db, ip: 172.16.0.10, listen: [tcp/5432] }]
`

/** Custom networking: pods in a subnet of their own. */
const custom = `packet-walk: 1
network: vpc-cni
vpc: { subnets: [{ name: a, cidr: 192.168.0.0/24 }, { name: pods, cidr: 192.168.64.0/20 }] }
vpc-cni: { eniConfig: { subnet: pods } }
nodes: [{ name: n1, subnet: a }, { name: n2, subnet: a }]
pods: [{ name: a, node: n1 }, { name: b, node: n2 }]
services: [{ name: s, port: 80, targetPort: 8080, pods: [a], nodePort: 30080 }]
`

/** A VPC of two ranges, a node in each. */
const ranges = (version: string): string => `packet-walk: 1
network: vpc-cni
vpc-cni: { version: ${version} }
vpc: { cidr: 192.168.0.0/16, secondaryCidrs: [100.64.0.0/16], subnets: [{ name: a, cidr: 192.168.0.0/24 }, { name: b, cidr: 100.64.0.0/20 }] }
nodes: [{ name: n1, subnet: a }, { name: n2, subnet: b }]
pods: [{ name: a, node: n1, eni: eth1 }, { name: b, node: n2, eni: eth1 }]
`

const CASES: readonly Case[] = [
  {
    what: 'a pod with an address of a third ENI',
    file: `packet-walk: 1
network: vpc-cni
nodes: [{ name: n1, instanceType: t3.nano }, { name: n2, instanceType: m5.large }]
pods: [{ name: a, node: n1 }, ${[0, 1, 2].map((i) => `{ name: b${i}, node: n2, eni: eth${i} }`).join(', ')}]
`,
    ask: { from: 'a', to: 'b2:8080' },
    ends: 'delivered',
  },
  ...['v1.0', 'v1.3', 'v1.23'].map((version): Case => ({
    what: `VPC CNI ${version}: into the VPC’s second range`,
    file: ranges(version),
    ask: { from: 'a', to: 'b:8080' },
    ends: 'delivered',
  })),
  {
    what: 'custom networking: from pod to pod',
    file: custom,
    ask: { from: 'a', to: 'b:8080' },
    ends: 'delivered',
  },
  {
    what: 'custom networking: a node port, called by another node',
    file: custom,
    ask: { from: 'n2', to: '192.168.0.10:30080' },
    ends: 'delivered',
  },
  ...(
    [
      ['v1.0', 'source-dest-check in vpc'],
      ['v1.2', 'delivered'],
      ['v1.3', 'delivered'],
      ['v1.23', 'delivered'],
    ] as const
  ).flatMap(([version, inside]): Case[] => [
    {
      what: `VPC CNI ${version}: a node port, called from inside the VPC`,
      file: peered(`version: ${version}`),
      ask: { from: 'n2', to: '192.168.0.10:30080' },
      ends: inside,
    },
    {
      what: `VPC CNI ${version} is told to translate nothing: to a peered VPC`,
      file: peered(`version: ${version}, externalSnat: true`),
      ask: { from: 'a', to: 'db:5432' },
      ends: 'delivered',
    },
  ]),
  {
    what: 'MASQUERADE over lo takes another device’s address',
    file: one('docker-bridge', ''),
    ask: { from: 'n1', to: '172.17.0.1' },
    ends: 'delivered',
  },
  {
    what: 'an ICMP error is no larger than the way back takes',
    file: one(
      'docker-bridge',
      '{ op: set, in: a, table: devs, where: { name: eth0 }, to: { mtu: 560 } }',
    ),
    ask: { from: 'n1', to: 'a:9', proto: 'udp', size: 535 },
    ends: 'no-socket in a, ICMP 3/3',
  },
  {
    what: 'what a bridge put together and hands up leaves whole',
    file: one('flannel-udp', ''),
    ask: { from: 'a', to: '8.8.8.8', size: 1460 },
    ends: 'vpc-unknown-address in vpc',
  },
  {
    what: 'a tunnel’s source port hashes the protocol',
    file: nodes('flannel-vxlan'),
    ask: { from: 'a', to: 'b:54', proto: 'udp', size: 1500 },
    ends: 'no-socket in b, ICMP 3/3',
  },
  {
    what: 'an ARP question updates who asks himself',
    file: one(
      'flannel-host-gw',
      '{ op: del, in: a, table: rules, where: { priority: 0 } }',
      ', bridge: cni0, hairpin: true',
    ),
    ask: { from: 'a', to: 'a' },
    ends: 'forwarding-off in a',
  },
  {
    what: 'no rules: no table is asked',
    file: one(
      'docker-bridge',
      [0, 32766, 32767]
        .map((p) => `{ op: del, in: a, table: rules, where: { priority: ${p} } }`)
        .join(', '),
    ),
    ask: { from: 'a', to: 'a' },
    ends: 'no-route in a',
  },
  ...(['icmp', 'udp', 'tcp'] as const).map((proto) => ({
    what: `a rule by source, ${proto}: only a connection asks again with the source it got`,
    file: one(
      'docker-bridge',
      [
        '{ op: add, in: n1, table: rules, row: { priority: 100, table: "100", from: 192.168.0.10/32 } }',
        '{ op: add, in: n1, table: routes, row: { table: "100", dst: 0.0.0.0/0, via: 192.168.0.1, dev: eth0 } }',
        route('n1', 'dst: 203.0.113.10/32, via: 172.17.0.2, dev: docker0, src: 192.168.0.10'),
      ].join(', '),
    ),
    ask: { from: 'n1', to: proto === 'icmp' ? '203.0.113.10' : '203.0.113.10:443', proto, ttl: 2 },
    ends: proto === 'tcp' ? 'delivered' : 'forwarding-off in a',
  })),
  ...(
    [
      ['udp', 53, 32],
      ['udp', 53, 1700],
      ['tcp', 53, 33],
      ['udp', 67, 244],
      ['udp', 123, 48],
      ['udp', 500, 40],
    ] as const
  ).map(([proto, port, size]) => ({
    what: `what is said on ${proto} ${port}, ${size} bytes`,
    file: nodes('flannel-vxlan').replace(
      'name: b, node: n2',
      `name: b, node: n2, listen: [${proto}/${port}]`,
    ),
    ask: { from: 'a', to: `b:${port}`, proto, size },
    ends: 'delivered',
  })),
  {
    what: 'a server bound to no address answers from the one its way back has',
    file: one(
      'docker-bridge',
      ['{ op: add, in: n1, table: sockets, row: { proto: udp, port: 53, program: dns } }'].join(
        ', ',
      ),
    ),
    ask: { from: 'a', to: '192.168.0.10:53', proto: 'udp' },
    ends: 'delivered',
  },
  ...(
    [
      [
        'another table at the priority of main',
        '{ op: set, in: a, table: rules, where: { priority: 32766 }, to: { table: local } }',
        'no-route in a',
      ],
      [
        'a rule before main, at its priority',
        `${['32766', '32767'].map((p) => `{ op: del, in: a, table: rules, where: { priority: ${p} } }`).join(', ')}, { op: add, in: a, table: rules, row: { priority: 32766, table: "100", to: 192.168.0.10/32 } }, { op: add, in: a, table: rules, row: { priority: 32766, table: main } }, { op: add, in: a, table: routes, row: { table: "100", dst: 192.168.0.0/16, type: prohibit } }`,
        'prohibit-route in a',
      ],
      [
        'main at 32766 for one source',
        '{ op: set, in: a, table: rules, where: { priority: 32766 }, to: { from: 10.0.0.0/8 } }',
        'no-route in a',
      ],
      [
        'main asked before local',
        '{ op: set, in: a, table: rules, where: { priority: 0 }, to: { table: main } }',
        'forwarding-off in a',
      ],
      [
        'a mark that comes too late: what comes back over lo is not looked up again',
        '{ op: add, in: a, table: rules, row: { priority: 5, table: "7", fwmark: { value: 1, mask: 1 } } }, { op: del, in: a, table: rules, where: { priority: 0 } }, { op: add, in: a, table: rules, row: { priority: 9, table: local } }, { op: add, in: a, table: routes, row: { table: "7", dst: 0.0.0.0/0, type: blackhole } }, { op: add, in: a, table: netfilter, row: { table: mangle, chain: PREROUTING, iif: lo, target: { type: MARK, op: set, value: 1, mask: 1 } } }',
        'delivered',
        'a',
      ],
    ] as const
  ).map(([what, edits, ends, to = 'n1']) => ({
    what: `rules that a namespace is born with: ${what}`,
    file: one('docker-bridge', edits),
    ask: { from: 'a', to },
    ends,
  })),
  ...(
    [
      [
        'an mtu',
        '{ mtu: 560 }',
        { from: 'n1', to: 'a:9', proto: 'udp', size: 540 },
        'no-socket in a, ICMP 3/3',
      ],
      ['a metric', '{ metric: 7 }', { from: 'a', to: '172.17.0.1' }, 'delivered'],
      [
        'another address as its source',
        '{ src: 172.17.9.9 }',
        { from: 'a', to: '172.17.0.1' },
        'delivered',
      ],
      ['another device', '{ dev: lo }', { from: 'a', to: '172.17.0.1' }, 'foreign-source in a'],
    ] as const
  ).map(([what, to, ask, ends]) => ({
    what: `the route that comes with an address, and ${what}`,
    file: one(
      'docker-bridge',
      `{ op: set, in: a, table: devs, where: { name: eth0 }, to: { addrs: [172.17.0.2/16, 172.17.9.9/16] } }, { op: set, in: a, table: routes, where: { dst: 172.17.0.0/16 }, to: ${to} }`,
    ),
    ask,
    ends,
  })),
  {
    what: 'what the gateway’s MTU cuts',
    file: one('docker-bridge', '').replace('nodes:', 'mtu: 1620, nodes:'),
    ask: { from: 'n1', to: '203.0.113.10', size: 1592 },
    ends: 'security-group in vpc',
  },
  {
    what: 'the gateway’s MTU and DF',
    file: one('docker-bridge', '').replace('nodes:', 'mtu: 1620, nodes:'),
    ask: { from: 'n1', to: '203.0.113.10:53', proto: 'udp', size: 1592 },
    ends: 'vpc-too-big in vpc, ICMP 3/4',
  },
  {
    what: 'the gateway’s MTU and a connection',
    file: one('docker-bridge', '').replace('nodes:', 'mtu: 9001, nodes:'),
    ask: { from: 'a', to: '203.0.113.10:443', size: 3000 },
    ends: 'delivered',
  },
  {
    what: 'the VPC does not tell an interface its own address',
    file: `{ packet-walk: 1, network: flannel-vxlan, nodes: [{ name: n1 }, { name: n2, sourceDestCheck: false }], pods: [{ name: a, node: n1 }], edits: [{ op: del, in: n2, table: rules, where: { priority: 0 } }] }`,
    ask: { from: 'a', to: '10.1.2.9', size: 2900 },
    ends: 'neigh-failed in n2',
  },
  {
    what: 'the same with the source/destination check',
    file: `{ packet-walk: 1, network: flannel-vxlan, nodes: [{ name: n1 }, { name: n2 }], pods: [{ name: a, node: n1 }], edits: [{ op: del, in: n2, table: rules, where: { priority: 0 } }] }`,
    ask: { from: 'a', to: '10.1.2.9', size: 2900 },
    ends: 'neigh-failed in n2',
  },
  {
    what: 'three NICs at once',
    file: `{ packet-walk: 1, network: flannel-host-gw, nodes: [{ name: n1, sourceDestCheck: false }, { name: n2, sourceDestCheck: false }, { name: n3, sourceDestCheck: false }], pods: [{ name: a, node: n1 }, { name: b, node: n2 }, { name: c, node: n3 }], edits: [{ op: set, in: n2, table: routes, where: { dst: 10.1.1.0/24 }, to: { via: 192.168.0.12 } }] }`,
    ask: { from: 'a', to: 'b', size: 4000 },
    ends: 'security-group in vpc',
  },
  ...(['icmp', 'udp', 'tcp'] as const).map((proto) => ({
    what: `0.0.0.0 is oneself, ${proto}`,
    file: one('docker-bridge', ''),
    ask: { from: 'a', to: proto === 'icmp' ? '0.0.0.0' : '0.0.0.0:9', proto },
    ends: { icmp: 'delivered', udp: 'no-socket in a, ICMP 3/3', tcp: 'no-socket in a' }[proto],
  })),
  ...([0, 1] as const).map((value) => ({
    what: `127.0.0.1 as a translation’s destination, route_localnet ${value}`,
    file: one(
      'docker-bridge',
      `${sysctl('n1', 'net.ipv4.conf.docker0.route_localnet', value)}, { op: add, in: n1, table: netfilter, row: { table: nat, chain: PREROUTING, iif: docker0, proto: icmp, target: { type: DNAT, to: 127.0.0.1 } } }`,
    ),
    ask: { from: 'a', to: '8.8.8.8' },
    ends: value === 0 ? 'martian-destination in n1' : 'delivered',
  })),
  ...(
    [
      [0, 'neigh-failed in n1, ICMP 3/1'],
      [1, 'neigh-failed in n1, ICMP 3/1'],
      [3, 'no-socket in b'],
    ] as const
  ).map(([value, ends]) => ({
    what: `127.0.0.9 as a translation’s source that leaves, route_localnet ${value} where it arrives and where the answer to ARP comes in`,
    file: one(
      'docker-bridge',
      `${sysctl('b', 'net.ipv4.conf.eth0.route_localnet', value)}, ${sysctl('n1', 'net.ipv4.conf.docker0.route_localnet', value >> 1)}, { op: add, in: n1, table: netfilter, row: { table: nat, chain: POSTROUTING, oif: docker0, proto: udp, target: { type: SNAT, to: 127.0.0.9 } } }`,
    ),
    ask: { from: 'n1', to: 'b:9', proto: 'udp' as const },
    ends,
  })),
  {
    what: 'the route’s source is 127.0.0.1, and it leads out',
    file: one(
      'docker-bridge',
      route('a', 'dst: 10.0.0.0/8, dev: eth0, scope: link, src: 127.0.0.1'),
    ),
    ask: { from: 'a', to: '10.0.0.1' },
    ends: 'loopback-source in a',
  },
  {
    what: 'a source of 127.0.0.0/8 that comes in and would go on',
    file: one('docker-bridge', `${sysctl('a', 'net.ipv4.conf.eth0.route_localnet', 1)}, ${knows}`),
    ask: { from: 'a', to: '8.8.8.8' },
    flow: { src: '127.0.0.1' },
    ends: 'martian-source in n1',
  },
  {
    what: 'the same with route_localnet where it comes in',
    file: one(
      'docker-bridge',
      `${sysctl('a', 'net.ipv4.conf.eth0.route_localnet', 1)}, ${sysctl('n1', 'net.ipv4.conf.docker0.route_localnet', 1)}, ${knows}`,
    ),
    ask: { from: 'a', to: '203.0.113.10' },
    flow: { src: '127.0.0.1' },
    ends: 'local-source in n1',
  },
  {
    what: 'a source of 0.0.0.0/8',
    file: one(
      'docker-bridge',
      '{ op: add, in: n1, table: netfilter, row: { table: nat, chain: POSTROUTING, oif: docker0, proto: udp, target: { type: SNAT, to: 0.0.0.9 } } }',
    ),
    ask: { from: 'n1', to: 'b:9', proto: 'udp' },
    ends: 'no-socket in b, ICMP 3/3',
  },
  ...(
    [
      ['', 'broadcast-ignored in n1'],
      [
        ', { op: add, in: n1, table: rules, row: { priority: 9, table: "100", to: 9.9.9.9/32 } }',
        'martian-source in n1',
      ],
    ] as const
  ).map(([more, ends]) => ({
    what: `a broadcast address as source${more === '' ? '' : ', and a rule of one’s own: who it is is looked up'}`,
    file: one(
      'docker-bridge',
      `{ op: add, in: a, table: netfilter, row: { table: nat, chain: POSTROUTING, target: { type: SNAT, to: 172.17.255.255 } } }, ${knows}${more}`,
    ),
    ask: { from: 'a', to: '203.0.113.10' },
    ends,
  })),
  {
    what: 'a mark of 0 is a mark',
    file: one(
      'docker-bridge',
      '{ op: add, in: n1, table: rules, row: { priority: 9, table: "100", fwmark: { value: 0, mask: 4294967295 } } }, { op: add, in: n1, table: routes, row: { table: "100", dst: 0.0.0.0/0, type: prohibit } }, { op: add, in: n1, table: netfilter, row: { table: mangle, chain: PREROUTING, iif: docker0, target: { type: MARK, op: set, value: 1, mask: 1 } } }',
    ),
    ask: { from: 'a', to: '203.0.113.10' },
    ends: 'prohibit-route in n1',
  },
  {
    what: 'an inverted rule is for all that the rest does not fit',
    file: one(
      'docker-bridge',
      '{ op: add, in: n1, table: rules, row: { priority: 9, table: "100", to: 172.17.0.0/16, not: true } }, { op: add, in: n1, table: routes, row: { table: "100", dst: 0.0.0.0/0, type: prohibit } }',
    ),
    ask: { from: 'a', to: '203.0.113.10' },
    ends: 'prohibit-route in n1, ICMP 3/13',
  },
  {
    what: 'the routes of two devices in one network, in their order',
    file: one(
      'docker-bridge',
      '{ op: add, in: n1, table: devs, row: { kind: bridge, name: br9, mac: "02:42:aa:00:00:99", mtu: 1500, up: true, addrs: [172.17.9.1/16] } }, { op: add, in: n1, table: routes, row: { table: main, dst: 172.17.0.2/32, dev: docker0, scope: link } }',
    ),
    ask: { from: 'n1', to: '172.17.0.2' },
    ends: 'delivered',
  },
  {
    what: 'the routes of two devices in one network, the other first',
    file: one(
      'docker-bridge',
      '{ op: set, in: n1, table: devs, where: { name: docker0 }, to: { up: false } }, { op: add, in: n1, table: devs, row: { kind: bridge, name: br9, mac: "02:42:aa:00:00:99", mtu: 1500, up: true, addrs: [172.17.9.1/16] } }, { op: set, in: n1, table: devs, where: { name: docker0 }, to: { up: true } }',
    ),
    ask: { from: 'n1', to: '172.17.0.2' },
    ends: 'neigh-failed in n1, ICMP 3/1',
  },
  ...(
    [
      [0, 22],
      [33, 0],
      [0, 0],
    ] as const
  ).map(([size, answer]): Case => ({
    what: `a connection with ${size} bytes and ${answer} for an answer`,
    file: one('docker-bridge', ''),
    ask: { from: 'a', to: 'b:8080' },
    flow: { size, answer },
    ends: 'delivered',
  })),
]

agreed([...CASES, ...FIELD])
