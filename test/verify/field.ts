import type { FlowQuestion } from '#lib/worlds/cluster/resolve.ts'

/* What people report of their container networks, as small clusters: connections that are known already, host ports, docker-proxy. cases.test.ts walks them and asks the kernel. */

export interface FieldCase {
  readonly what: string
  readonly file: string
  readonly ask: FlowQuestion
  readonly ends: string
}

const OPEN =
  'securityGroups: [{ id: sg-open, ingress: [{ proto: all, peer: 0.0.0.0/0 }], egress: [{ proto: all, peer: 0.0.0.0/0 }] }]'
/** A connection that n1 knows before the flow begins, which has a port or an echo's id of its own: 41000, or 1. */
const known = (
  ask: FlowQuestion['proto'],
  row: string,
  rules = '',
): Pick<FieldCase, 'file' | 'ask'> => ({
  file: `{ packet-walk: 1, network: flannel-host-gw, nodes: [{ name: n1, sourceDestCheck: false }, { name: n2, sourceDestCheck: false }], pods: [{ name: a, node: n1 }, { name: b, node: n2, listen: [tcp/8080, udp/8080] }], ${OPEN}, edits: [{ op: add, in: n1, table: conntrack, row: { proto: ${ask}, ${row} } }, { op: add, in: n1, table: netfilter, row: { table: filter, chain: INPUT, ctstate: [INVALID], target: { type: ACCEPT } } }${rules}] }`,
  ask: {
    from: 'a',
    to: ask === 'icmp' ? 'b' : 'b:8080',
    proto: ask!,
    ...(ask === 'icmp' ? {} : { sport: 41_000 }),
  },
})
const ENDS = {
  plain:
    'original: { src: 10.1.1.2, dst: 10.1.2.2, sport: 41000, dport: 8080 }, reply: { src: 10.1.2.2, dst: 10.1.1.2, sport: 8080, dport: 41000 }',
  snat: 'original: { src: 10.1.1.2, dst: 10.1.2.2, sport: 41000, dport: 8080 }, reply: { src: 10.1.2.2, dst: 192.168.0.10, sport: 8080, dport: 7 }',
  dnat: 'original: { src: 10.1.1.2, dst: 10.1.2.2, sport: 41000, dport: 8080 }, reply: { src: 10.1.2.9, dst: 10.1.1.2, sport: 53, dport: 41000 }',
  echo: 'original: { src: 10.1.1.2, dst: 10.1.2.2, sport: 1, dport: 1 }, reply: { src: 10.1.2.2, dst: 192.168.0.10, sport: 99, dport: 99 }',
} as const
const NEW_DROPPED =
  ', { op: add, in: n1, table: netfilter, row: { table: mangle, chain: FORWARD, ctstate: [NEW], target: { type: DROP } } }'
const MARK_DROPPED =
  ', { op: add, in: n1, table: netfilter, row: { table: mangle, chain: PREROUTING, target: { type: CONNMARK, op: restore, nfmask: 255, ctmask: 255 } } }, { op: add, in: n1, table: netfilter, row: { table: mangle, chain: FORWARD, mark: { value: 7, mask: 255 }, target: { type: DROP } } }'

const HOST_PORT = (publish: string): string =>
  `{ packet-walk: 1, network: flannel-vxlan, bridge: cni0, nodes: [{ name: n1, ip: 192.168.0.10 }, { name: n2, ip: 192.168.0.20 }], pods: [{ name: dns, node: n1, listen: [udp/53], publish: [${publish}] }] }`

/** A Docker host that publishes ports of db: to one that listens, to one that does not, for udp, and on one address. */
const docker = (ask: FlowQuestion, edits = '', more = ''): Pick<FieldCase, 'file' | 'ask'> => ({
  file: `{ packet-walk: 1, network: docker-bridge, ${OPEN}, nodes: [{ name: h1, ip: 192.168.0.10 }, { name: h2, ip: 192.168.0.20 }], ${more}
    pods: [{ name: db, node: h1, listen: [tcp/5432, udp/53], publish: ["15432:5432", "15433:9", "5353:53/udp", "5354:54/udp", "127.0.0.1:7:5432", "172.17.0.1:8:5432"] }, { name: web, node: h1, listen: [tcp/80] }], edits: [${edits}] }`,
  ask,
})
const DB_GONE = '{ op: del, in: db, table: devs, where: { name: eth0 } }'
const NOT_FROM_CONTAINERS =
  '{ op: add, in: h1, table: netfilter, row: { table: filter, chain: INPUT, iif: docker0, target: { type: DROP } } }'
const REFUSED_FIRST =
  '{ op: add, in: h1, table: netfilter, row: { table: filter, chain: OUTPUT, proto: tcp, dport: 5432, target: { type: REJECT, with: icmp-host-unreachable } } }'

/** Requests go n1, n3, answers n3, n2, n1: n2 hears only them. */
const answersPass = (services: string): Pick<FieldCase, 'file' | 'ask'> => ({
  file: `{ packet-walk: 1, network: flannel-host-gw, bridge: cni0, podCidr: 10.44.0.0/16, ${OPEN}, ${services} nodes: [${[1, 2, 3].map((i) => `{ name: n${i}, podCidr: 10.44.${i}.0/24, sourceDestCheck: false }`).join(', ')}],
    pods: [{ name: client, node: n1, ip: 10.44.1.5 }, { name: web, node: n3, ip: 10.44.3.5 }, { name: bystander, node: n2, ip: 10.44.2.5 }],
    edits: [{ op: set, in: n3, table: routes, where: { dst: 10.44.1.0/24 }, to: { via: 192.168.0.11 } }, { op: del, in: n2, table: netfilter, where: { table: nat, chain: POSTROUTING, target: { type: JUMP, chain: FLANNEL-POSTRTG } } }] }`,
  ask: { from: 'client', to: '10.44.3.5:8080' },
})
/** docker0 has 1500 bytes, the machine's own network fewer. */
const narrow = (edits = ''): Pick<FieldCase, 'file' | 'ask'> => ({
  file: `{ packet-walk: 1, network: docker-bridge, mtu: 1450, ${OPEN}, nodes: [{ name: h1 }], pods: [{ name: web, node: h1, listen: [tcp/80] }], edits: [${edits}] }`,
  ask: { from: 'web', to: '203.0.113.10:443', size: 3000 },
})
/** A cloud tool's rule for the node's own address, veths without address, strict reverse path on the pod's side. */
const sourceRule = (ask: FlowQuestion): Pick<FieldCase, 'file' | 'ask'> => ({
  file: `{ packet-walk: 1, network: vpc-cni, nodes: [{ name: n1, ip: 192.168.0.10, eth1: 192.168.0.11 }], pods: [{ name: web, node: n1, ip: 192.168.0.31, eni: eth0 }], edits: [{ op: del, in: n1, table: rules, where: { priority: 512 } }, { op: add, in: n1, table: rules, row: { priority: 30400, from: 192.168.0.10/32, table: "30400" } },
    { op: add, in: n1, table: routes, row: { table: "30400", dst: 0.0.0.0/0, via: 192.168.0.1, dev: eth0 } }, { op: set, in: n1, table: sysctls, where: { key: net.ipv4.conf.all.rp_filter }, to: { value: 1 } }] }`,
  ask,
})
/** Two nodes whose pods talk by flannel host-gw, and rules of n1. */
const between = (
  ask: FlowQuestion,
  rules: readonly string[],
  ...[more = '', own = '']: readonly string[]
): Pick<FieldCase, 'file' | 'ask'> => ({
  file: `{ packet-walk: 1, network: flannel-host-gw, bridge: cni0, podCidr: 10.44.0.0/16, ${OPEN}, nodes: [${[1, 2].map((i) => `{ name: n${i}, podCidr: 10.44.${i}.0/24, sourceDestCheck: false }`).join(', ')}],
    pods: [{ name: p1, node: n1, ip: 10.44.1.5, listen: [tcp/8080, udp/53] }, { name: p2, node: n2, ip: 10.44.2.5, listen: [tcp/8080, udp/53] }], edits: [${[...(own === '' ? [] : [`{ op: add, in: n1, table: chains, row: { table: mangle, ${own}, policy: null } }`]), ...rules.map((r) => `{ op: add, in: n1, table: ${r.startsWith('policy') ? `chains, row: { table: filter, ${r.slice(7)}, policy: DROP }` : `netfilter, row: { ${r} }`} }`), ...(more === '' ? [] : [more])].join(', ')}] }`,
  ask,
})
/** A policy rule of n1 that comes before main. */
const RULE = (row: string): string =>
  `{ op: add, in: n1, table: rules, row: { priority: 90, ${row} } }`
const NOTRACK = [
  'table: raw, chain: PREROUTING, dst: 10.44.2.5/32, proto: udp, dport: 53, target: { type: NOTRACK }',
  'table: raw, chain: PREROUTING, src: 10.44.2.5/32, proto: udp, sport: 53, target: { type: CT, notrack: true }',
] as const
const NO_FLANNEL =
  '{ op: del, in: n1, table: netfilter, where: { table: filter, chain: FORWARD, target: { type: JUMP, chain: FLANNEL-FWD } } }'
const NARROW = '{ op: set, in: n1, table: devs, where: { name: eth0 }, to: { mtu: 1400 } }'
const SYN = 'proto: tcp, tcpFlags: "SYN,RST SYN"'

const KUBE_SERVICES =
  '{ table: nat, chain: PREROUTING, target: { type: JUMP, chain: KUBE-SERVICES } }'

export const FIELD: readonly FieldCase[] = [
  {
    what: 'a connection known as another’s destination, unanswered',
    ...known('udp', `${ENDS.dnat}, mark: 0, replied: false`),
    ends: 'neigh-failed in n2, ICMP 3/1',
  },
  ...(
    [
      [true, 'delivered'],
      [false, 'netfilter in n1'],
    ] as const
  ).map(([replied, ends]) => ({
    what: `a datagram of a connection that is ${replied ? '' : 'not '}answered`,
    ...known('udp', `${ENDS.plain}, mark: 0, replied: ${replied}`, NEW_DROPPED),
    ends,
  })),
  ...(
    [
      [7, 'netfilter in n1'],
      [8, 'delivered'],
    ] as const
  ).map(([mark, ends]) => ({
    what: `a connection with mark ${mark}`,
    ...known('udp', `${ENDS.plain}, mark: ${mark}, replied: true`, MARK_DROPPED),
    ends,
  })),
  {
    what: 'a connection known with another source',
    ...known('udp', `${ENDS.snat}, mark: 0, replied: true`),
    ends: 'delivered',
  },
  {
    what: 'an echo known with another source and id',
    ...known('icmp', `${ENDS.echo}, mark: 0, replied: true`),
    ends: 'delivered',
  },
  ...(
    [
      ['ESTABLISHED', true, 'delivered'],
      ['SYN_SENT', false, 'netfilter in n1'],
      ['TIME_WAIT', true, 'netfilter in n1'],
      ['CLOSE', true, 'netfilter in n1'],
      ['FIN_WAIT', true, 'delivered'],
    ] as const
  ).map(([state, replied, ends]) => ({
    what: `a SYN of a connection in ${state}`,
    ...known('tcp', `${ENDS.plain}, mark: 0, replied: ${replied}, state: ${state}`, NEW_DROPPED),
    ends,
  })),
  {
    what: 'a SYN of a connection known with another source',
    ...known('tcp', `${ENDS.snat}, mark: 0, replied: true, state: ESTABLISHED`),
    ends: 'delivered',
  },
  ...(
    [
      ['a host port for udp', '"5353:53/udp"'],
      ['a host port of a pod that listens on udp only', '"5353:53"'],
      [
        'a host port on the machine’s own address',
        '{ hostPort: 5353, containerPort: 53, hostIP: 192.168.0.10, protocol: UDP }',
      ],
    ] as const
  ).map(([what, publish]) => ({
    what,
    file: HOST_PORT(publish),
    ask: { from: 'n2', to: '192.168.0.10:5353', proto: 'udp' as const },
    ends: 'delivered',
  })),
  {
    what: 'a host port on another address',
    file: HOST_PORT('"127.0.0.1:5353:53/udp"'),
    ask: { from: 'n2', to: '192.168.0.10:5353', proto: 'udp' },
    ends: 'no-socket in n1, ICMP 3/3',
  },
  {
    what: 'a host port on 127.0.0.1, from there',
    file: HOST_PORT('"127.0.0.1:5353:53/udp"'),
    ask: { from: 'n1', to: '127.0.0.1:5353', proto: 'udp' },
    ends: 'delivered',
  },
  {
    what: 'docker-proxy: a container and a port that its own host publishes',
    ...docker({ from: 'web', to: '192.168.0.10:15432' }),
    ends: 'delivered',
  },
  {
    what: 'docker-proxy: the container that publishes it',
    ...docker({ from: 'db', to: '192.168.0.10:15432' }),
    ends: 'delivered',
  },
  {
    what: 'docker-proxy: the host by 127.0.0.1',
    ...docker({ from: 'h1', to: '127.0.0.1:15432' }),
    ends: 'delivered',
  },
  {
    what: 'docker-proxy: more than one segment',
    ...docker({ from: 'web', to: '192.168.0.10:15432', size: 9000 }),
    ends: 'delivered',
  },
  {
    what: 'docker-proxy: a container, and the host lets none of them in',
    ...docker({ from: 'web', to: '192.168.0.10:15432' }, NOT_FROM_CONTAINERS),
    ends: 'netfilter in h1',
  },
  {
    what: 'docker-proxy: nobody listens in the container: the connection is closed without a word',
    ...docker({ from: 'web', to: '192.168.0.10:15433' }),
    ends: 'no-socket in db',
  },
  {
    what: 'docker-proxy: the same from 127.0.0.1',
    ...docker({ from: 'h1', to: '127.0.0.1:15433' }),
    ends: 'no-socket in db',
  },
  {
    what: 'docker-proxy: the container is gone: what was asked already is reset',
    ...docker({ from: 'h1', to: '127.0.0.1:15432' }, DB_GONE),
    ends: 'neigh-failed in h1',
  },
  {
    what: 'docker-proxy: no way to the container',
    ...docker(
      { from: 'h1', to: '127.0.0.1:15432' },
      '{ op: del, in: h1, table: routes, where: { dst: 172.17.0.0/16 } }, { op: del, in: h1, table: routes, where: { dst: 0.0.0.0/0 } }',
    ),
    ends: 'no-route in h1',
  },
  {
    what: 'docker-proxy: a rule refuses its own connection',
    ...docker({ from: 'h1', to: '127.0.0.1:15432' }, REFUSED_FIRST),
    ends: 'netfilter-reject in h1',
  },
  {
    what: 'docker-proxy: a datagram from 127.0.0.1',
    ...docker({ from: 'h1', to: '127.0.0.1:5353', proto: 'udp' }),
    ends: 'delivered',
  },
  {
    what: 'docker-proxy: a datagram from a container',
    ...docker({ from: 'web', to: '192.168.0.10:5353', proto: 'udp' }),
    ends: 'delivered',
  },
  {
    what: 'docker-proxy: a datagram for nobody',
    ...docker({ from: 'h1', to: '127.0.0.1:5354', proto: 'udp' }),
    ends: 'no-socket in db',
  },
  {
    what: 'published on 127.0.0.1: the machine itself',
    ...docker({ from: 'h1', to: '127.0.0.1:7' }),
    ends: 'delivered',
  },
  {
    what: 'published on 127.0.0.1: another machine',
    ...docker({ from: 'h2', to: '192.168.0.10:7' }),
    ends: 'no-socket in h1',
  },
  {
    what: 'published on docker0’s address: another container',
    ...docker({ from: 'web', to: '172.17.0.1:8' }),
    ends: 'delivered',
  },
  {
    what: 'published on docker0’s address: the machine by 127.0.0.1',
    ...docker({ from: 'h1', to: '127.0.0.1:8' }),
    ends: 'no-socket in h1',
  },
  ...(
    [
      ['web', '192.168.0.10:15432'],
      ['db', '192.168.0.10:15432'],
      ['h1', '127.0.0.1:15432'],
      ['h1', '127.0.0.1:7'],
    ] as const
  ).map(([from, to]) => ({
    what: `without docker-proxy: ${from} to ${to}`,
    ...docker({ from, to }, '', 'userland-proxy: false,'),
    ends: 'delivered',
  })),
  // Calico's way, as by default: the host answers after up to 0.8 s.
  {
    what: 'proxy_arp with its usual delay',
    file: `{ packet-walk: 1, network: docker-bridge, nodes: [{ name: n1 }], pods: [{ name: a, node: n1 }], edits: [{ op: del, in: a, table: routes, where: { dst: 0.0.0.0/0 } }, { op: add, in: a, table: routes, row: { table: main, dst: 169.254.1.1/32, dev: eth0, scope: link } },
    { op: add, in: a, table: routes, row: { table: main, dst: 0.0.0.0/0, via: 169.254.1.1, dev: eth0 } }, { op: add, in: n1, table: sysctls, row: { key: net.ipv4.conf.docker0.proxy_arp, value: 1 } }] }`,
    ask: { from: 'a', to: '192.168.0.10' },
    ends: 'delivered',
  },
  // Its history is unknown to n2, so the SYN-ACK is INVALID; only kube-proxy has a rule for that.
  {
    what: 'answers pass a node that never saw the question: kube-proxy’s rule drops them',
    ...answersPass(
      'services: [{ name: web-svc, ip: 10.96.0.80, port: 80, targetPort: 8080, pods: [bystander] }],',
    ),
    ends: 'netfilter in n2',
  },
  {
    what: 'answers pass a node that never saw the question, which has no kube-proxy',
    ...answersPass(''),
    ends: 'delivered',
  },
  {
    what: 'a ping over such a path',
    ...answersPass(
      'services: [{ name: web-svc, ip: 10.96.0.80, port: 80, targetPort: 8080, pods: [bystander] }],',
    ),
    ask: { from: 'client', to: '10.44.3.5' },
    ends: 'netfilter in n2',
  },
  { what: 'the machine’s network is narrower than docker0', ...narrow(), ends: 'delivered' },
  {
    what: 'the same, and ICMP is dropped',
    ...narrow(
      '{ op: add, in: h1, table: netfilter, row: { table: filter, chain: OUTPUT, proto: icmp, target: { type: DROP } } }',
    ),
    ends: 'too-big in h1',
  },
  {
    what: 'the CNI marks before kube-proxy translates',
    file: `{ packet-walk: 1, network: vpc-cni, nodes: [{ name: n1, ip: 192.168.0.10, eth1: 192.168.0.11 }, { name: n2, ip: 192.168.0.20, eth1: 192.168.0.21 }], pods: [{ name: client, node: n1, ip: 192.168.0.31, eni: eth1 }, { name: api, node: n2, ip: 192.168.0.41, eni: eth0 }],
    services: [{ name: api-svc, ip: 10.96.0.80, port: 80, targetPort: 8080, pods: [api] }], edits: [{ op: del, in: n1, table: netfilter, where: ${KUBE_SERVICES} }, { op: add, in: n1, table: netfilter, row: ${KUBE_SERVICES} }] }`,
    ask: { from: 'client', to: 'api-svc:80' },
    ends: 'source-dest-check in vpc',
  },
  {
    what: 'a rule by the node’s own address: a ping',
    ...sourceRule({ from: 'n1', to: 'web' }),
    ends: 'rp-filter in n1',
  },
  {
    what: 'a rule by the node’s own address: a datagram',
    ...sourceRule({ from: 'n1', to: 'web:53', proto: 'udp' }),
    ends: 'no-socket in web',
  },
  {
    what: 'a rule by the node’s own address: a connection',
    ...sourceRule({ from: 'n1', to: 'web:8080' }),
    ends: 'local-source in n1',
  },
  {
    what: 'a host firewall that logs before its policy drops',
    ...between({ from: 'p1', to: '192.168.0.10:10250' }, [
      'policy chain: INPUT',
      'table: filter, chain: INPUT, ctstate: [RELATED, ESTABLISHED], target: { type: ACCEPT }',
      'table: filter, chain: INPUT, target: { type: LOG, prefix: "Input-dropped: " }',
      'table: filter, chain: INPUT, target: { type: NFLOG, group: 5 }',
    ]),
    ends: 'netfilter in n1',
  },
  ...(
    [
      ['30000:32767', 'delivered'],
      ['30081:32767', 'source-dest-check in vpc'],
    ] as const
  ).map(([dport, ends]) => ({
    what: `the mark for node ports ${dport}, by hand`,
    file: `{ packet-walk: 1, network: vpc-cni, nodes: [{ name: n1, ip: 192.168.0.10, eth1: 192.168.0.11 }, { name: n2, ip: 192.168.0.20, eth1: 192.168.0.21 }], pods: [{ name: web, node: n1, ip: 192.168.0.31, eni: eth1 }],
    services: [{ name: web-svc, ip: 10.96.0.80, port: 80, targetPort: 8080, pods: [web], nodePort: 30080 }], edits: [{ op: del, in: n1, table: netfilter, where: { table: mangle, chain: PREROUTING, iif: eth0 } },
    { op: add, in: n1, table: netfilter, row: { table: mangle, chain: PREROUTING, iif: eth0, proto: tcp, dport: "${dport}", target: { type: CONNMARK, op: set, value: 128, mask: 128 } } }] }`,
    ask: { from: 'n2', to: '192.168.0.10:30080' },
    ends,
  })),
  ...(['clampToPmtu: true', 'mss: 1200', 'mss: 9000'] as const).map((how) => ({
    what: `a narrow road and TCPMSS, ${how}`,
    ...between(
      { from: 'p2', to: '10.44.1.5:8080', size: 3000 },
      [`table: mangle, chain: FORWARD, oif: eth0, ${SYN}, target: { type: TCPMSS, ${how} }`],
      NARROW,
    ),
    ends: 'delivered',
  })),
  {
    what: 'a clamp of whatever is TCP: ACKs say something too',
    ...between(
      { from: 'p2', to: '10.44.1.5:8080', size: 3000 },
      [
        'table: mangle, chain: FORWARD, oif: eth0, proto: tcp, target: { type: TCPMSS, clampToPmtu: true }',
      ],
      NARROW,
    ),
    ends: 'delivered',
  },
  {
    what: 'a clamp by the way back',
    ...between(
      { from: 'p1', to: '10.44.2.5:8080', size: 3000 },
      [`table: mangle, chain: POSTROUTING, ${SYN}, target: { type: TCPMSS, clampToPmtu: true }`],
      '{ op: set, in: n1, table: routes, where: { dst: 10.44.1.0/24 }, to: { mtu: 1300 } }',
    ),
    ends: 'delivered',
  },
  {
    what: 'a clamp of the node’s own connections',
    ...between({ from: 'n1', to: '10.44.2.5:8080', size: 3000 }, [
      `table: mangle, chain: OUTPUT, ${SYN}, target: { type: TCPMSS, mss: 500 }`,
    ]),
    ends: 'delivered',
  },
  ...(
    [
      ['RELATED, ESTABLISHED', 'netfilter in n1'],
      ['RELATED, ESTABLISHED, UNTRACKED', 'delivered'],
    ] as const
  ).map(([states, ends]) => ({
    what: `DNS is not tracked, and what is ${states} comes in`,
    ...between(
      { from: 'p1', to: '10.44.2.5:53', proto: 'udp' },
      [
        ...NOTRACK,
        'table: filter, chain: FORWARD, src: 10.44.1.0/24, target: { type: ACCEPT }',
        `table: filter, chain: FORWARD, ctstate: [${states}], target: { type: ACCEPT }`,
      ],
      `${NO_FLANNEL}, { op: set, in: n1, table: chains, where: { table: filter, chain: FORWARD }, to: { policy: DROP } }`,
    ),
    ends,
  })),
  {
    what: 'only the question is not tracked: nobody knows whose answer it is',
    ...between({ from: 'p1', to: '10.44.2.5:8080' }, [
      'table: raw, chain: PREROUTING, dst: 10.44.2.5/32, target: { type: NOTRACK }',
      'table: mangle, chain: FORWARD, ctstate: [INVALID], target: { type: DROP }',
    ]),
    ends: 'netfilter in n1',
  },
  {
    what: 'the machine’s own connection is not tracked, by lo too',
    ...between({ from: 'n1', to: '192.168.0.10:10250' }, [
      'table: raw, chain: OUTPUT, target: { type: NOTRACK }',
      'table: filter, chain: INPUT, ctstate: [UNTRACKED], not: [ctstate], target: { type: DROP }',
    ]),
    ends: 'no-socket in n1',
  },
  ...(
    [
      ['10.44.2.5:8080', 'port: 8080', 'no-socket in n1'],
      ['10.44.2.5:10250', '', 'no-socket in n1'],
    ] as const
  ).map(([to, port, ends]) => ({
    what: `REDIRECT of ${to}`,
    ...between({ from: 'p1', to }, [
      `table: nat, chain: PREROUTING, proto: tcp, target: { type: REDIRECT${port === '' ? '' : `, ${port}`} }`,
    ]),
    ends,
  })),
  {
    what: 'REDIRECT of what the machine says itself',
    ...between({ from: 'n1', to: '10.44.2.5:8080' }, [
      'table: nat, chain: OUTPUT, proto: tcp, target: { type: REDIRECT, port: 10250 }',
    ]),
    ends: 'no-socket in n1',
  },
  {
    what: 'REDIRECT where the device has no address',
    file: `{ packet-walk: 1, network: vpc-cni, nodes: [{ name: n1 }], pods: [{ name: a, node: n1, eni: eth0 }], edits: [{ op: add, in: n1, table: netfilter, row: { table: nat, chain: PREROUTING, iif: "eni+", proto: tcp, target: { type: REDIRECT } } }] }`,
    ask: { from: 'a', to: '192.168.0.1:80' },
    ends: 'netfilter in n1',
  },
  {
    what: 'NETMAP: a network under another’s addresses',
    ...between({ from: 'p1', to: '10.99.2.5:8080' }, [
      'table: nat, chain: PREROUTING, dst: 10.99.2.0/24, target: { type: NETMAP, to: 10.44.2.0/24 }',
    ]),
    ends: 'delivered',
  },
  {
    what: 'NETMAP of who asks',
    ...between({ from: 'p1', to: '10.44.2.5:8080' }, [
      'table: nat, chain: POSTROUTING, src: 10.44.1.0/24, target: { type: NETMAP, to: 192.168.0.10/32 }',
    ]),
    ends: 'delivered',
  },
  ...(
    [
      ['DNAT', 'n1:8080', 'delivered'],
      ['DNAT', '10.44.1.5:8080', 'netfilter in n1'],
    ] as const
  ).map(([state, to, ends]) => ({
    what: `what is not ${state}ted does not come in: ${to}`,
    ...between({ from: 'n2', to: to.replace('n1', '192.168.0.10') }, [
      'table: nat, chain: PREROUTING, dst: 192.168.0.10/32, proto: tcp, dport: 8080, target: { type: DNAT, to: 10.44.1.5 }',
      `table: mangle, chain: FORWARD, iif: eth0, ctstate: [${state}], not: [ctstate], target: { type: DROP }`,
    ]),
    ends,
  })),
  {
    what: 'an echo is let through by its type, the answer is not',
    ...between({ from: 'p1', to: '10.44.2.5' }, [
      'table: mangle, chain: FORWARD, proto: icmp, icmpType: 8, not: [icmpType], target: { type: DROP }',
    ]),
    ends: 'netfilter in n1',
  },
  {
    what: 'new connections from outside by their flags',
    ...between({ from: 'n2', to: '10.44.1.5:8080' }, [
      'table: mangle, chain: FORWARD, iif: eth0, proto: tcp, tcpFlags: "FIN,SYN,RST,ACK SYN", target: { type: DROP }',
    ]),
    ends: 'netfilter in n1',
  },
  ...(
    [
      ['tcp', '8080', 'delivered'],
      ['tcp', '8081', 'prohibit-route in n1, ICMP 3/13'],
      ['udp', '53', 'delivered'],
    ] as const
  ).map(([proto, port, ends]) => ({
    what: `a rule for ports of tcp: ${proto} ${port}`,
    ...between(
      { from: 'p1', to: `10.44.2.5:${port}`, proto },
      [],
      RULE('to: 10.44.2.0/24, ipproto: tcp, dport: "8081:9000", action: prohibit'),
    ),
    ends,
  })),
  {
    what: 'a rule by protocol, of what the machine says itself',
    ...between({ from: 'n1', to: '10.44.2.5' }, [], RULE('ipproto: icmp, action: blackhole')),
    ends: 'blackhole in n1',
  },
  {
    what: 'a rule that calls a network unreachable',
    ...between(
      { from: 'p1', to: '10.44.2.5:8080' },
      [],
      RULE('to: 10.44.2.5/32, action: unreachable'),
    ),
    ends: 'no-route in n1, ICMP 3/0',
  },
  {
    what: 'the check of a source asks with the ports that its answer would have',
    ...between(
      { from: 'p1', to: '10.44.2.5:8080' },
      [],
      `${RULE('from: 10.44.2.0/24, ipproto: tcp, sport: 8080, action: prohibit')}, { op: add, in: n1, table: sysctls, row: { key: net.ipv4.conf.cni0.rp_filter, value: 1 } }`,
    ),
    ends: 'rp-filter in n1',
  },
  {
    what: 'only a socket that is bound has an oif',
    ...between({ from: 'n1', to: '10.44.2.5' }, [], RULE('oif: eth0, action: blackhole')),
    ends: 'delivered',
  },
  {
    what: 'all that is bound to none',
    ...between(
      { from: 'n1', to: '10.44.2.5' },
      [],
      RULE('not: true, oif: eth0, action: blackhole'),
    ),
    ends: 'blackhole in n1',
  },
  {
    what: 'WireGuard’s way: main but for its default route, then another table',
    ...between(
      { from: 'p1', to: '203.0.113.10:443' },
      [],
      `${RULE('table: main, suppressPrefixlength: 0')}, { op: add, in: n1, table: rules, row: { priority: 91, table: "51820" } }, { op: add, in: n1, table: routes, row: { table: "51820", dst: 0.0.0.0/0, type: prohibit } }`,
    ),
    ends: 'prohibit-route in n1, ICMP 3/13',
  },
  {
    what: 'the same, to a pod: main has more than its default route',
    ...between(
      { from: 'p1', to: '10.44.2.5:8080' },
      [],
      `${RULE('table: main, suppressPrefixlength: 0')}, { op: add, in: n1, table: rules, row: { priority: 91, table: "51820" } }, { op: add, in: n1, table: routes, row: { table: "51820", dst: 0.0.0.0/0, type: prohibit } }`,
    ),
    ends: 'delivered',
  },
  {
    what: 'a route that throws: the next rule is asked',
    ...between(
      { from: 'p1', to: '10.44.2.5:8080' },
      [],
      `${RULE('table: "7"')}, { op: add, in: n1, table: routes, row: { table: "7", dst: 0.0.0.0/0, type: blackhole } }, { op: add, in: n1, table: routes, row: { table: "7", dst: 10.44.0.0/16, type: throw } }`,
    ),
    ends: 'delivered',
  },
  {
    what: 'a route that throws, and nobody else knows the way',
    ...between(
      { from: 'p1', to: '10.99.2.5' },
      [],
      '{ op: add, in: n1, table: routes, row: { table: main, dst: 10.99.0.0/16, type: throw } }',
    ),
    ends: 'no-route in n1, ICMP 3/0',
  },
  ...(
    [
      ['srcRange: 10.44.1.5-10.44.1.9', 'netfilter in n1'],
      ['srcRange: 10.44.1.6-10.44.1.9', 'delivered'],
      ['dstRange: 10.44.2.0-10.44.2.5, not: [dstRange]', 'delivered'],
      ['connmark: { value: 7, mask: 255 }', 'netfilter in n1'],
      ['connmark: { value: 7, mask: 255 }, not: [connmark]', 'delivered'],
      ['srcType: LOCAL, not: [srcType], limitIfaceOut: true', 'netfilter in n1'],
    ] as const
  ).map(([match, ends]) => ({
    what: `a rule for ${match}`,
    ...between({ from: 'p1', to: '10.44.2.5:8080' }, [
      'table: mangle, chain: PREROUTING, iif: cni0, target: { type: CONNMARK, op: set, value: 7, mask: 255 }',
      `table: mangle, chain: FORWARD, iif: cni0, ${match}, target: { type: DROP }`,
    ]),
    ends,
  })),
  ...(
    [
      ['', 'netfilter in n1'],
      [', not: [srcType]', 'delivered'],
    ] as const
  ).map(([not, ends]) => ({
    what: `the source is the output device’s own${not === '' ? '' : ', and that is not asked for'}`,
    ...between({ from: 'n1', to: '10.44.2.5:8080' }, [
      `table: mangle, chain: POSTROUTING, oif: eth0, srcType: LOCAL, limitIfaceOut: true${not}, target: { type: DROP }`,
    ]),
    ends,
  })),
  {
    what: 'the input device where there is none: no address is asked to be on it',
    ...between(
      { from: 'n1', to: '10.44.2.5:8080' },
      ['table: mangle, chain: OUTPUT, target: { type: JUMP, chain: MINE }'],
      '{ op: add, in: n1, table: netfilter, row: { table: mangle, chain: MINE, srcType: LOCAL, limitIfaceIn: true, target: { type: DROP } } }',
      'chain: MINE',
    ),
    ends: 'netfilter in n1',
  },
]
