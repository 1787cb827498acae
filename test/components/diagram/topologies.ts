import { fromFile, resolveFlow, type Flow, type Topology } from '#lib/index.ts'
import { parseCluster } from '#lib/worlds/all.ts'

/* Networks of a kind that no world of ours is: what the picture has to draw of what comes next. Each is read as a file is. */

type Rows = Readonly<Record<string, readonly object[]>>
const LO = {
  kind: 'loopback',
  name: 'lo',
  mac: '00:00:00:00:00:00',
  mtu: 65536,
  up: true,
  addrs: ['127.0.0.1/8'],
}
const RULES = [
  { priority: 0, table: 'local' },
  { priority: 32766, table: 'main' },
  { priority: 32767, table: 'default' },
]
const mac = (n: number): string => `02:00:00:00:00:${n.toString(16).padStart(2, '0')}`

interface Ns {
  readonly name: string
  readonly node?: string
  readonly role: 'pod' | 'node' | 'host'
}
const netns = ({ name, node = name, role }: Ns, { devs = [], ...rows }: Rows): object => ({
  kind: 'netns',
  name,
  node,
  role,
  devs: [LO, ...devs],
  rules: RULES,
  sysctls: [
    { key: 'net.ipv4.ip_forward', value: 1 },
    { key: 'net.ipv4.conf.all.rp_filter', value: 0 },
  ],
  sockets: [{ proto: 'tcp', port: 8080, program: name }],
  ...rows,
})
const dev = (kind: string, name: string, more: object): object => ({
  kind,
  name,
  mtu: 1500,
  up: true,
  addrs: [],
  ...more,
})
const nic = (name: string, n: number, ip: string): object =>
  dev('nic', name, { mac: mac(n), addrs: [`${ip}/24`], wire: { vpc: 'vpc', eni: `eni-${n}` } })
const veth = (name: string, n: number, [ns, end]: readonly [string, string]): object =>
  dev('veth', name, { mac: mac(n), peer: { netns: ns, dev: end } })
const route = (dst: string, on: string, more: object = {}): object => ({
  table: 'main',
  dst,
  dev: on,
  ...more,
})
const link = (dst: string, on: string, src?: string): object =>
  route(dst, on, { proto: 'kernel', scope: 'link', ...(src === undefined ? {} : { src }) })
const neigh = (ip: string, on: string, n: number): object => ({
  ip,
  dev: on,
  lladdr: mac(n),
  state: 'PERMANENT',
})

interface EniOf {
  readonly n: number
  readonly ips: readonly string[]
  readonly at: readonly [netns: string, dev: string]
}
const vpc = (enis: readonly EniOf[]): object => ({
  kind: 'vpc',
  name: 'vpc',
  cidrs: ['192.168.0.0/16'],
  enis: enis.map(({ n, ips, at: [ns, name] }) => ({
    id: `eni-${n}`,
    subnet: 'subnet-a',
    mac: mac(n),
    ips,
    groups: ['sg-all'],
    sourceDestCheck: true,
    attached: { netns: ns, dev: name },
  })),
  subnets: [
    {
      id: 'subnet-a',
      cidr: '192.168.0.0/24',
      routeTable: 'rtb-main',
      router: { ip: '192.168.0.1', mac: '0e:00:00:00:00:01' },
    },
  ],
  vpcRoutes: [{ routeTable: 'rtb-main', dst: '192.168.0.0/16', target: 'local' }],
  sgRules: ['ingress', 'egress'].map((direction) => ({
    group: 'sg-all',
    direction,
    proto: 'all',
    peer: '0.0.0.0/0',
  })),
  aclRules: ['ingress', 'egress'].map((direction) => ({
    subnet: 'subnet-a',
    direction,
    number: 100,
    proto: 'all',
    cidr: '0.0.0.0/0',
    action: 'allow',
  })),
})
/** A machine with one NIC in the VPC. */
const machine = (ns: Ns, n: number, ip: string): object =>
  netns(ns, { devs: [nic('eth0', n, ip)], routes: [link('192.168.0.0/24', 'eth0', ip)] })

/** A packet in three others: each VXLAN device's remote end is behind the next one. */
function nested(): object[] {
  const ends = [1, 2].map((i) => {
    const [own, far] = [i, 3 - i]
    const tunnel = (k: number, local: string): object =>
      dev('vxlan', `vxlan${k}`, {
        mac: mac(40 + 10 * k + own),
        mtu: 1500 - 50 * (4 - k),
        addrs: k === 1 ? [`10.0.${own}.0/32`] : [`10.9.${k - 1}.${own}/24`],
        vni: k,
        port: 4788 + k,
        local,
        learning: false,
        udpcsum: true,
      })
    const beyond = (k: number, dst: string): object => ({
      mac: mac(40 + 10 * k + far),
      dev: `vxlan${k}`,
      dst,
      state: 'permanent',
    })
    return [
      netns(
        { name: `node-${own}`, role: 'node' },
        {
          devs: [
            nic('eth0', own, `192.168.0.${own}0`),
            tunnel(1, `10.9.1.${own}`),
            tunnel(2, `10.9.2.${own}`),
            tunnel(3, `192.168.0.${own}0`),
            veth('veth0', 20 + own, [`pod-${own}`, 'eth0']),
          ],
          routes: [
            link(`10.0.${own}.2/32`, 'veth0'),
            route(`10.0.${far}.0/24`, 'vxlan1', { via: `10.0.${far}.0`, onlink: true }),
            link('10.9.1.0/24', 'vxlan2', `10.9.1.${own}`),
            link('10.9.2.0/24', 'vxlan3', `10.9.2.${own}`),
            link('192.168.0.0/24', 'eth0', `192.168.0.${own}0`),
          ],
          neigh: [
            neigh(`10.0.${far}.0`, 'vxlan1', 50 + far),
            neigh(`10.9.1.${far}`, 'vxlan2', 60 + far),
            neigh(`10.9.2.${far}`, 'vxlan3', 70 + far),
            neigh(`10.0.${own}.2`, 'veth0', 30 + own),
          ],
          fdb: [
            beyond(1, `10.9.1.${far}`),
            beyond(2, `10.9.2.${far}`),
            beyond(3, `192.168.0.${far}0`),
          ],
        },
      ),
      podOn(`pod-${own}`, own, `10.0.${own}.2`),
    ]
  })
  return [
    ...ends.flat(),
    vpc([1, 2].map((n) => ({ n, ips: [`192.168.0.${n}0`], at: [`node-${n}`, 'eth0'] as const }))),
  ]
}

/** A pod at the end of a veth, as the VPC CNI makes it. */
const podOn = (name: string, n: number, ip: string, [node, at] = [`node-${n}`, 'veth0']): object =>
  netns(
    { name, node, role: 'pod' },
    {
      devs: [
        dev('veth', 'eth0', {
          mac: mac(30 + n),
          mtu: 1350,
          addrs: [`${ip}/32`],
          peer: { netns: node, dev: at },
        }),
      ],
      routes: [link('169.254.1.1/32', 'eth0'), route('0.0.0.0/0', 'eth0', { via: '169.254.1.1' })],
      neigh: [neigh('169.254.1.1', 'eth0', 20 + n)],
    },
  )

/** A node with a pod whose address is one of its interface's, a load balancer and a database in the VPC. */
const services = (): object[] => [
  netns(
    { name: 'node-1', role: 'node' },
    {
      devs: [nic('eth0', 1, '192.168.0.10'), veth('veth0', 21, ['pod-1', 'eth0'])],
      routes: [link('192.168.0.11/32', 'veth0'), link('192.168.0.0/24', 'eth0', '192.168.0.10')],
      neigh: [neigh('192.168.0.11', 'veth0', 31)],
    },
  ),
  podOn('pod-1', 1, '192.168.0.11'),
  machine({ name: 'application-load-balancer', role: 'host' }, 5, '192.168.0.50'),
  machine({ name: 'rds', role: 'host' }, 6, '192.168.0.60'),
  vpc([
    { n: 1, ips: ['192.168.0.10', '192.168.0.11'], at: ['node-1', 'eth0'] },
    { n: 5, ips: ['192.168.0.50'], at: ['application-load-balancer', 'eth0'] },
    { n: 6, ips: ['192.168.0.60'], at: ['rds', 'eth0'] },
  ]),
]

/** Pods with an interface of the VPC each, and none at the node. */
const ipvlan = (): object[] => [
  ...[1, 2].flatMap((i) => [
    machine({ name: `node-${i}`, role: 'node' }, i, `192.168.0.${i}0`),
    machine({ name: `pod-${i}`, node: `node-${i}`, role: 'pod' }, i + 4, `192.168.0.${i}1`),
  ]),
  vpc(
    [1, 2].flatMap((i) => [
      { n: i, ips: [`192.168.0.${i}0`], at: [`node-${i}`, 'eth0'] as const },
      { n: i + 4, ips: [`192.168.0.${i}1`], at: [`pod-${i}`, 'eth0'] as const },
    ]),
  ),
]

/** Three branch interfaces on one node, a pod behind each, and a rule that sends each out by its own. */
function branches(): object[] {
  const pods = [1, 2, 3]
  return [
    netns(
      { name: 'node-1', role: 'node' },
      {
        devs: [
          nic('eth0', 1, '192.168.0.10'),
          ...pods.map((i) => nic(`vlan.eth.${i}`, 10 + i, `192.168.0.1${i}`)),
          ...pods.map((i) => veth(`veth${i}`, 20 + i, [`pod-${i}`, 'eth0'])),
        ],
        rules: [
          RULES[0]!,
          ...pods.map((i) => ({ priority: 10, to: `192.168.0.2${i}/32`, table: 'main' })),
          ...pods.map((i) => ({ priority: 100, from: `192.168.0.2${i}/32`, table: `${100 + i}` })),
          ...RULES.slice(1),
        ],
        routes: [
          link('192.168.0.0/24', 'eth0', '192.168.0.10'),
          ...pods.flatMap((i) => [
            { ...link('192.168.0.0/24', `vlan.eth.${i}`), table: `${100 + i}` },
            link(`192.168.0.2${i}/32`, `veth${i}`),
          ]),
        ],
        neigh: pods.map((i) => neigh(`192.168.0.2${i}`, `veth${i}`, 30 + i)),
      },
    ),
    ...pods.map((i) => podOn(`pod-${i}`, i, `192.168.0.2${i}`, ['node-1', `veth${i}`])),
    machine({ name: 'node-2', role: 'node' }, 2, '192.168.0.30'),
    vpc([
      { n: 1, ips: ['192.168.0.10'], at: ['node-1', 'eth0'] },
      ...pods.map((i) => ({
        n: 10 + i,
        ips: [`192.168.0.1${i}`, `192.168.0.2${i}`],
        at: ['node-1', `vlan.eth.${i}`] as const,
      })),
      { n: 2, ips: ['192.168.0.30'], at: ['node-2', 'eth0'] },
    ]),
  ]
}

/** Two machines and a switch. */
const lan = (): object[] => [
  ...[1, 2].map((i) =>
    netns(
      { name: `machine-${i}`, role: 'host' },
      {
        devs: [
          dev('veth', 'eth0', {
            mac: mac(i),
            addrs: [`10.0.0.${i}/24`],
            peer: { netns: 'switch', dev: `port${i}` },
          }),
        ],
        routes: [link('10.0.0.0/24', 'eth0', `10.0.0.${i}`)],
      },
    ),
  ),
  netns(
    { name: 'switch', role: 'host' },
    {
      devs: [
        dev('bridge', 'br0', { mac: mac(9) }),
        ...[1, 2].map((i) => ({
          ...veth(`port${i}`, 10 + i, [`machine-${i}`, 'eth0']),
          master: 'br0',
        })),
      ],
    },
  ),
]

const ZONES = `packet-walk: 1
network: vpc-cni
vpc:
  cidr: 192.168.0.0/16
  subnets:
    - { name: zone-a, cidr: 192.168.0.0/24 }
    - { name: zone-b, cidr: 192.168.1.0/24 }
    - { name: zone-c, cidr: 192.168.2.0/24 }
nodes:
  - { name: node-a, ip: 192.168.0.100, subnet: zone-a }
  - { name: node-b, ip: 192.168.1.100, subnet: zone-b }
  - { name: node-c, ip: 192.168.2.100, subnet: zone-c }
pods:
  - { name: web, node: node-a }
  - { name: api-1, node: node-b }
  - { name: api-2, node: node-c }
`

/** What a file's reader makes of it; what it finds wrong fails here. */
function read(spaces: readonly object[]): Topology {
  const made = fromFile({ 'packet-walk-topology': 1, spaces })
  if ('problems' in made) throw new Error(JSON.stringify(made.problems))
  return made.topology
}

interface Made {
  readonly topology: Topology
  readonly flows: readonly Flow[]
}
const made = (topology: Topology, ends: readonly (readonly [string, string])[]): Made => ({
  topology,
  flows: ends.map(([from, to]) => resolveFlow(topology, { from, to })),
})

export const TOPOLOGIES: Readonly<Record<string, () => Made>> = {
  'three nested tunnels': () => made(read(nested()), [['pod-1', 'pod-2:8080']]),
  'a load balancer and a database in the VPC': () =>
    made(read(services()), [
      ['pod-1', '192.168.0.60:8080'],
      ['application-load-balancer', 'pod-1:8080'],
    ]),
  'pods without a veth': () =>
    made(read(ipvlan()), [
      ['pod-1', 'pod-2:8080'],
      ['node-1', 'pod-2'],
    ]),
  'branch interfaces': () =>
    made(read(branches()), [
      ['pod-2', 'node-2'],
      ['pod-3', 'pod-1:8080'],
      ['node-2', 'pod-3'],
    ]),
  'a plain LAN': () => made(read(lan()), [['machine-1', '10.0.0.2:8080']]),
  'three zones': () =>
    made(parseCluster(ZONES).topology, [
      ['web', 'api-2:8080'],
      ['api-1', 'web'],
    ]),
}
