/** Rows that nobody means well, for whatever prints, applies or builds rows: one case for each seed. */
import type { Tables, Topology, Netns, Space, TableName } from '#lib/topology/topology.ts'
import {
  emptyNetns,
  emptyVpc,
  fromSpaces,
  LINUX_TABLES,
  spaces,
  VPC_TABLES,
} from '#lib/topology/topology.ts'
import { clusterOf } from '#lib/worlds/all.ts'

/** What a payload would make if it ran: harmless, and looked for afterwards. */
export const MARKER = '/tmp/packet-walk-owned'
/** A file that is there, which a path that leaves /proc/sys would reach: five directories up from conf. */
export const OUTSIDE = 'tmp/owned'

const run = `touch ${MARKER}`
/** Text that means something to a shell, a batch file, iptables-restore, a path, a terminal or a parser of options; and words that a careless command line takes for its own. */
export const WORDS: readonly string[] = [
  `$(${run})`,
  `\`${run}\``,
  `'; ${run}; '`,
  `"; ${run}; "`,
  `" -j ACCEPT\n${run}`,
  `x\n${run}`,
  `x\nSAVED\n${run}`,
  `LINES\n${run}`,
  `\nLINES\n${run}\n`,
  `JSON\n${run}`,
  `x\nPYTHON\n${run}`,
  `x;${run}`,
  `x|${run}`,
  `x&&${run}`,
  `x>${MARKER}`,
  'SAVED',
  'LINES',
  'JSON',
  'PYTHON',
  'COMMIT',
  '*nat',
  ':INPUT DROP',
  '-A INPUT -j ACCEPT',
  '# x',
  '#',
  '-force',
  '-batch /etc/hostname',
  '-n',
  '-',
  '--',
  `--modprobe=${MARKER}`,
  `eth0 --modprobe=${MARKER} -m nosuchmatch`,
  `eth0\t-j\tDROP`,
  '.',
  '..',
  '../x',
  '../../../../../../tmp/owned',
  'net.ipv4.conf.../../../../../tmp/owned',
  'net.ipv4.conf.eth0/../../../../../tmp.owned',
  'net/ipv4/ip_forward',
  'net.ipv4..ip_forward',
  'net.../../tmp/owned',
  'kernel.hostname',
  'net',
  'net.',
  'net.ipv4.conf.all.rp_filter',
  '$PREFIX',
  '${PREFIX}',
  '${PREFIX}x',
  '$RUN',
  '@',
  'x@y',
  '~',
  '*',
  '?',
  '!',
  '!x',
  '+',
  'eth+',
  '%s%n',
  '\\',
  'x\\',
  '"',
  '"x',
  "'",
  '\\"',
  'a=b',
  '',
  ' ',
  'a b',
  ' a',
  'x\0y',
  'x\ry',
  'x\u2028y',
  '\u202ex',
  'é',
  '\ud800',
  '\u001b[31m',
  'type',
  'dev',
  'up',
  'down',
  'address',
  'mtu',
  'master',
  'netns',
  'exec',
  'all',
  'default',
  'lo',
  'lookup',
  'main',
  'local',
  'cache',
  'table',
  'nud',
  'ACCEPT',
  'LOG',
  'MASQUERADE',
  'help',
  'localhost',
  '__proto__',
  'constructor',
  'toString',
  'undefined',
  'null',
  '0',
  '-1',
  '007',
  '1e3',
  '0x1f',
  '4294967296',
  '99999999999999999999',
  '10.0.0.1 via 10.0.0.2',
  '10.0.0.1/24 dev lo',
  '1.2.3.4\n',
  '02:00:00:00:00:01 dev lo',
  'x'.repeat(15),
  'x'.repeat(16),
  'x'.repeat(29),
  'x'.repeat(256),
  'x'.repeat(20_000),
  `${'x'.repeat(10_239)}*nat`,
]
/** Names that could be meant: of these most can be printed. */
const NAMES: readonly string[] = [
  'SAVED',
  'LINES',
  'JSON',
  'PYTHON',
  'COMMIT',
  'type',
  'dev',
  'up',
  'down',
  'address',
  'mtu',
  'master',
  'netns',
  'exec',
  'default',
  'lookup',
  'main',
  'table',
  'nud',
  'help',
  '__proto__',
  'constructor',
  'undefined',
  '0',
  '007',
  '1e3',
  'x'.repeat(15),
  'eth0.100',
  'a-b',
]
/** What is no text at all: only a topology that nobody validated holds it. */
export const THINGS: readonly unknown[] = [
  5,
  -1,
  1.5,
  2 ** 53,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  null,
  undefined,
  true,
  [],
  ['x'],
  {},
  [[]],
  { toString: () => `$(${run})` },
]

/** mulberry32: the same numbers for the same seed. */
export function random(seed: number): (below: number) => number {
  let a = seed >>> 0
  return (below) => {
    a = (a + 0x6d2b79f5) >>> 0
    let x = Math.imul(a ^ (a >>> 15), a | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return ((x ^ (x >>> 14)) >>> 0) % below
  }
}

type Path = readonly (string | number)[]
/** Every place below a value that holds no list or object. */
function leaves(x: unknown, at: Path = []): Path[] {
  if (typeof x !== 'object' || x === null) return [at]
  return Object.entries(x).flatMap(([k, v]) => leaves(v, [...at, Array.isArray(x) ? Number(k) : k]))
}
function get(x: unknown, at: Path): unknown {
  return at.reduce<unknown>((y, k) => (y as Record<string | number, unknown>)[k], x)
}
/** The value with another at one place. */
function put(x: unknown, [k, ...rest]: Path, to: unknown): unknown {
  if (k === undefined) return to
  if (Array.isArray(x)) return x.with(k as number, put(x[k as number], rest, to))
  return { ...(x as object), [k]: put((x as Record<string, unknown>)[k], rest, to) }
}
/** Everywhere the one text becomes the other, so that what refers to a name goes on to. */
function rename(x: unknown, from: string, to: string): unknown {
  if (x === from) return to
  if (Array.isArray(x)) return x.map((y) => rename(y, from, to))
  return typeof x === 'object' && x !== null
    ? Object.fromEntries(Object.entries(x).map(([k, v]) => [k, rename(v, from, to)]))
    : x
}

/** Every table, every key of a row, every kind of device and target, in a network that a kernel builds. */
export const BASE: readonly Space[] = (() => {
  const link = { mtu: 1500, up: true } as const
  const rule = (
    r: Omit<Tables['netfilter'], 'table' | 'chain'> & Partial<Tables['netfilter']>,
  ): Tables['netfilter'] => ({ table: 'filter', chain: 'FORWARD', ...r })
  const node: Netns = {
    ...emptyNetns('n1', 'n1', 'node'),
    devs: [
      {
        ...link,
        kind: 'loopback',
        name: 'lo',
        mac: '00:00:00:00:00:00',
        mtu: 65536,
        addrs: ['127.0.0.1/8'],
      },
      {
        ...link,
        kind: 'nic',
        name: 'eth0',
        mac: '0a:00:00:00:00:64',
        addrs: ['192.168.0.100/24'],
        wire: { vpc: 'vpc', eni: 'eni-1' },
      },
      { ...link, kind: 'bridge', name: 'br0', mac: '02:42:aa:00:00:01', addrs: ['10.1.1.1/24'] },
      {
        ...link,
        kind: 'veth',
        name: 'veth0',
        mac: '02:fe:00:00:00:01',
        addrs: [],
        peer: { netns: 'p1', dev: 'eth0' },
        master: 'br0',
        hairpin: true,
      },
      {
        ...link,
        kind: 'vxlan',
        name: 'vx0',
        mac: '5a:00:00:00:00:01',
        mtu: 1450,
        addrs: ['10.1.1.0/32'],
        vni: 7,
        port: 8472,
        local: '192.168.0.100',
        learning: false,
        udpcsum: true,
      },
      {
        ...link,
        kind: 'tun',
        name: 'tun0',
        mac: '00:00:00:00:00:00',
        mtu: 1472,
        addrs: ['10.2.1.0/16'],
        program: 'flanneld',
      },
    ],
    rules: [
      { priority: 0, table: 'local' },
      {
        priority: 100,
        table: '7',
        from: '10.1.1.0/24',
        to: '10.9.0.0/16',
        iif: 'br0',
        fwmark: { value: 1, mask: 255 },
        not: true,
      },
      { priority: 32766, table: 'main' },
      { priority: 32767, table: 'default' },
    ],
    routes: [
      {
        table: 'main',
        dst: '192.168.0.0/24',
        dev: 'eth0',
        proto: 'kernel',
        scope: 'link',
        src: '192.168.0.100',
      },
      {
        table: 'main',
        dst: '10.1.1.0/24',
        dev: 'br0',
        proto: 'kernel',
        scope: 'link',
        src: '10.1.1.1',
      },
      {
        table: 'main',
        dst: '10.2.0.0/16',
        dev: 'tun0',
        proto: 'kernel',
        scope: 'link',
        src: '10.2.1.0',
      },
      {
        table: 'main',
        dst: '0.0.0.0/0',
        via: '192.168.0.1',
        dev: 'eth0',
        proto: 'dhcp',
        src: '192.168.0.100',
        metric: 100,
      },
      {
        table: '7',
        dst: '10.9.0.0/16',
        type: 'unicast',
        via: '10.1.1.9',
        dev: 'vx0',
        onlink: true,
        mtu: 1400,
      },
      { table: '8', dst: '10.9.0.0/16', via: '10.1.1.9', dev: 'vx0', weight: 2 },
      { table: '8', dst: '10.9.0.0/16', via: '192.168.0.1', dev: 'eth0', weight: 1 },
      { table: 'main', dst: '9.0.0.0/8', type: 'blackhole' },
    ],
    neigh: [{ ip: '10.1.1.9', dev: 'vx0', lladdr: '5a:00:00:00:00:02', state: 'PERMANENT' }],
    fdb: [
      { mac: '5a:00:00:00:00:02', dev: 'vx0', dst: '192.168.0.200', state: 'permanent' },
      { mac: '02:42:0a:01:01:02', dev: 'veth0', master: 'br0', state: 'learned' },
    ],
    chains: [
      { table: 'filter', chain: 'OWN', policy: null },
      { table: 'filter', chain: 'FORWARD', policy: 'DROP' },
    ],
    netfilter: [
      rule({
        chain: 'OWN',
        src: '10.1.0.0/16',
        dst: '10.0.0.0/8',
        iif: 'eth0',
        oif: 'br+',
        proto: 'tcp',
        sport: 1,
        dport: 80,
        mark: { value: 4, mask: 4 },
        ctstate: ['NEW'],
        srcType: 'LOCAL',
        dstType: 'LOCAL',
        not: ['src'],
        comment: 'said',
        statistic: { probability: 0.5 },
        matches: ['tcp', 'mark', 'conntrack', 'comment', 'addrtype', 'statistic'],
        target: { type: 'REJECT', with: 'tcp-reset' },
      }),
      rule({
        proto: 'udp',
        dports: [53, 54],
        comment: 'a b',
        target: { type: 'JUMP', chain: 'OWN' },
      }),
      rule({
        table: 'nat',
        chain: 'PREROUTING',
        dstType: 'LOCAL',
        limitIfaceIn: true,
        addrtypes: [{ srcType: 'LOCAL', limitIfaceIn: true, not: ['srcType'] }],
        proto: 'tcp',
        target: { type: 'DNAT', to: '10.1.1.2', port: 80 },
      }),
      rule({
        table: 'nat',
        chain: 'POSTROUTING',
        target: { type: 'SNAT', to: '192.168.0.100', randomFully: true },
      }),
      rule({
        table: 'mangle',
        chain: 'OUTPUT',
        target: { type: 'MARK', op: 'set', value: 1, mask: 1 },
      }),
      rule({
        table: 'mangle',
        chain: 'PREROUTING',
        proto: 'ipencap',
        sets: [
          { name: 'nets', flags: 'src' },
          { name: 'KUBE-CLUSTER-IP', flags: 'dst,dst', not: true },
        ],
        rpfilter: { validmark: true, invert: true },
        recent: { op: 'rcheck', name: 'seen', seconds: 60, reap: true, dest: true },
        physdev: { in: 'veth+', out: 'veth9', isBridged: true },
        mac: '0a:58:0a:01:01:02',
        pkttype: 'unicast',
        limit: { rate: '10/min', burst: 7 },
        target: { type: 'DROP' },
      }),
      rule({
        table: 'mangle',
        chain: 'OUTPUT',
        target: { type: 'CONNMARK', op: 'save', nfmask: 1, ctmask: 1 },
      }),
    ],
    conntrack: [
      {
        proto: 'tcp',
        original: { src: '10.1.1.2', dst: '10.1.1.3', sport: 1, dport: 2 },
        reply: { src: '10.1.1.3', dst: '10.1.1.2', sport: 2, dport: 1 },
        mark: 0,
        replied: true,
        state: 'ESTABLISHED',
      },
    ],
    sockets: [{ proto: 'tcp', port: 80, addr: '10.1.1.1', program: 'web' }],
    sysctls: [
      { key: 'net.ipv4.ip_forward', value: 1 },
      { key: 'net.ipv4.conf.eth0.rp_filter', value: 2 },
    ],
    daemons: [{ name: 'flanneld', tun: 'tun0', port: 8285, local: '192.168.0.100' }],
    leases: [
      {
        daemon: 'flanneld',
        subnet: '10.2.2.0/24',
        publicIp: '192.168.0.200',
        backendType: 'udp',
        vtepMac: '5a:00:00:00:00:02',
      },
    ],
    ipsets: [
      { name: 'KUBE-CLUSTER-IP', type: 'hash:ip,port' },
      { name: 'nets', type: 'hash:net', maxelem: 10 },
      { name: 'ports', type: 'bitmap:port', range: '30000-32767' },
    ],
    ipsetEntries: [
      { set: 'KUBE-CLUSTER-IP', entry: '10.96.0.10,tcp:80' },
      { set: 'nets', entry: '10.1.0.0/16', nomatch: true },
      { set: 'ports', entry: '30080' },
    ],
    recent: [{ list: 'seen', ip: '10.1.1.2', ago: 5 }],
    ipvsServices: [{ proto: 'tcp', ip: '10.96.0.10', port: 80, scheduler: 'rr' }],
    ipvsServers: [
      { proto: 'tcp', ip: '10.96.0.10', port: 80, to: '10.1.1.2', toPort: 8080, weight: 1 },
    ],
  }
  const pod: Netns = {
    ...emptyNetns('p1', 'n1', 'pod'),
    devs: [
      {
        ...link,
        kind: 'veth',
        name: 'eth0',
        mac: '02:42:0a:01:01:02',
        addrs: ['10.1.1.2/24'],
        peer: { netns: 'n1', dev: 'veth0' },
      },
      {
        ...link,
        kind: 'nic',
        name: 'eth1',
        mac: '0e:00:00:00:00:0a',
        addrs: ['203.0.113.10/32'],
        wire: { vpc: 'vpc', gateway: 'igw-1' },
      },
    ],
    routes: [
      {
        table: 'main',
        dst: '10.1.1.0/24',
        dev: 'eth0',
        proto: 'kernel',
        scope: 'link',
        src: '10.1.1.2',
      },
    ],
  }
  const tuple = { src: '10.1.1.2', dst: '10.1.1.3', sport: 1, dport: 2 } as const
  return [
    node,
    pod,
    {
      ...emptyVpc('vpc', ['192.168.0.0/16']),
      enis: [
        {
          id: 'eni-1',
          subnet: 'subnet-1',
          mac: '0a:00:00:00:00:64',
          ips: ['192.168.0.100'],
          publicIp: '198.51.100.1',
          groups: ['sg-1'],
          sourceDestCheck: true,
          attached: { netns: 'n1', dev: 'eth0' },
        },
      ],
      subnets: [
        {
          id: 'subnet-1',
          cidr: '192.168.0.0/24',
          routeTable: 'rtb-1',
          router: { ip: '192.168.0.1', mac: '0e:00:00:00:00:01' },
        },
      ],
      vpcRoutes: [{ routeTable: 'rtb-1', dst: '0.0.0.0/0', target: 'igw-1' }],
      sgRules: [
        { group: 'sg-1', direction: 'ingress', proto: 'tcp', ports: [1, 2], peer: '0.0.0.0/0' },
      ],
      aclRules: [
        {
          subnet: 'subnet-1',
          direction: 'egress',
          number: 1,
          proto: 'udp',
          ports: [1, 2],
          cidr: '0.0.0.0/0',
          action: 'deny',
        },
      ],
      sgFlows: [{ eni: 'eni-1', proto: 'tcp', ...tuple }],
      gateways: [{ id: 'igw-1', kind: 'igw', mtu: 1500 }],
      outside: [
        {
          gateway: 'igw-1',
          ip: '203.0.113.10',
          mac: '0e:00:00:00:00:0a',
          attached: { netns: 'p1', dev: 'eth1' },
        },
      ],
      peerings: [{ id: 'pcx-1', cidr: '10.99.0.0/16' }],
    },
  ]
})()

/** The places of BASE: what a seed counts through, so that each is hostile in its turn. */
export const PLACES: readonly Path[] = leaves(BASE)
/** Each in its turn, those near each other far apart: 97 is prime. */
const turn = (n: number): Path => PLACES[(n * 97) % PLACES.length]!

const CLUSTERS: readonly Readonly<Record<string, unknown>>[] = [
  {
    'packet-walk': 1,
    network: 'flannel-udp',
    nodes: [{ name: 'a' }],
    pods: [{ name: 'p', node: 'a', listen: ['tcp/8080'] }],
    services: [{ name: 's', port: 80, pods: ['p'] }],
  },
  {
    'packet-walk': 1,
    network: 'flannel-vxlan',
    bridge: 'cni0',
    nodes: [{ name: 'a' }],
    pods: [{ name: 'p', node: 'a', publish: ['8080:80'] }],
  },
  {
    'packet-walk': 1,
    network: 'vpc-cni',
    nodes: [{ name: 'a' }],
    pods: [{ name: 'p', node: 'a' }],
  },
  {
    'packet-walk': 1,
    network: 'docker-bridge',
    nodes: [{ name: 'a' }],
    pods: [{ name: 'p', node: 'a', publish: ['8080:80'] }],
  },
]
const BUILT = CLUSTERS.map((c) => spaces(clusterOf(c).topology))

/** What is hostile, in words, and the topology as it is, or the cluster file that somebody else may refuse. */
export type Hostile = { readonly what: string } & (
  | { readonly topology: Topology }
  | { readonly file: Readonly<Record<string, unknown>> }
)

/** A text of ours, or one with it at its end or in its middle; seldom something that is no text. */
function value(pick: (below: number) => number, was: unknown, things: boolean): unknown {
  if (things && pick(6) === 0) return THINGS[pick(THINGS.length)]
  const words = pick(3) === 0 ? NAMES : WORDS
  const word = words[pick(words.length)]!
  const form = typeof was === 'string' ? pick(4) : 0
  return form === 1
    ? `${was as string}${word}`
    : form === 2
      ? `${word}${was as string}`
      : form === 3
        ? `${was as string} ${word}`
        : word
}

/** A case: the same for the same seed. Odd seeds are topologies that nobody validated, even ones go through a cluster file. */
export function hostile(seed: number): Hostile {
  const pick = random(seed)
  const n = seed >>> 1
  if (seed % 2 === 1) {
    let all: unknown = BASE
    const what: string[] = []
    for (const at of [turn(n), ...(pick(4) === 0 ? [PLACES[pick(PLACES.length)]!] : [])]) {
      const was = get(all, at)
      const bad = value(pick, was, true)
      what.push(`${at.join('.')} = ${JSON.stringify(bad)?.slice(0, 100)}`)
      all =
        typeof was === 'string' && typeof bad === 'string' && pick(2) === 0
          ? rename(all, was, bad)
          : put(all, at, bad)
    }
    return { what: what.join(', '), topology: fromSpaces(all as Space[]) }
  }
  const which = n % CLUSTERS.length
  const file = CLUSTERS[which]!
  if (pick(5) === 0) {
    const places = leaves(file)
    const at = places[pick(places.length)]!
    const bad = value(pick, get(file, at), false)
    return {
      what: `${at.join('.')} = ${JSON.stringify(bad).slice(0, 100)}`,
      file: put(file, at, bad) as typeof file,
    }
  }
  // A row of BASE in its turn, or one that the file's own network has.
  const [i, table, k, ...rest] = turn(n >>> 2) as [number, TableName, number, ...Path]
  const row0 = rest.length === 0 ? undefined : (get(BASE, [i, table, k]) as object)
  const own = BUILT[which]!.flatMap((s) =>
    (s.kind === 'vpc' ? VPC_TABLES : LINUX_TABLES).flatMap((name: TableName) =>
      (s as unknown as Readonly<Record<TableName, readonly object[]>>)[name].map((row) => ({
        in: s.name,
        table: name,
        row,
      })),
    ),
  )
  if (row0 !== undefined && pick(2) === 0)
    return edited(
      file,
      { in: BASE[i]!.kind === 'vpc' ? 'vpc' : 'a', table, row: row0 },
      rest,
      pick,
      0,
    )
  const mine = own[pick(own.length)]!
  const places = leaves(mine.row)
  return edited(file, mine, places[pick(places.length)]!, pick, pick(2))
}

function edited(
  file: Readonly<Record<string, unknown>>,
  {
    in: where,
    table,
    row,
  }: { readonly in: string; readonly table: TableName; readonly row: object },
  at: Path,
  pick: (below: number) => number,
  form: number,
): Hostile {
  const bad = value(pick, get(row, at), false)
  const changed = put(row, at, bad) as Readonly<Record<string, unknown>>
  const edit =
    form === 0
      ? { op: 'add', in: where, table, row: changed }
      : { op: 'set', in: where, table, where: row, to: { [at[0]!]: changed[at[0] as string] } }
  return {
    what: `${edit.op} ${where}.${table} ${at.join('.')} = ${JSON.stringify(bad).slice(0, 100)}`,
    file: { ...file, edits: [edit] },
  }
}
