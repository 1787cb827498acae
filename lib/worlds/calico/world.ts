import type { Edit } from '#lib/topology/edit.ts'
import type { SgRule } from '#lib/topology/rows.ts'
import type { Topology } from '#lib/topology/topology.ts'
import type { Flow } from '#lib/trace/flow.ts'
import { cluster } from '#lib/worlds/cluster/cluster.ts'
import { NODES, ping, POD_NETWORK, PODS, SEED, tcp } from '#lib/worlds/cluster/seed.ts'
import {
  eniId,
  GROUP,
  NODE_GROUP,
  ROUTE_TABLE,
  VPC_NAME,
  type ClusterSpec,
  type NodeSpec,
  type PodSpec,
} from '#lib/worlds/cluster/spec.ts'
import { NODE_PORT_OPEN, noEndpoints, serviceFlows, SERVICES } from '#lib/worlds/services.ts'
import { checks, dropRoute, rpFilterStrict, setDev, setSysctl } from '#lib/worlds/what-ifs.ts'
import type { Asked, Plugin } from '#lib/worlds/world.ts'
import { caliName, calico, GATEWAY, HOST_MAC } from './cni.ts'
import type { FLOWS, MTU_IDS, TUNNEL_IDS, WHAT_IF_IDS } from './entry.ts'
import { HOSTS } from './firewall.ts'
import { OVERHEAD, TUNNEL, type Mode } from './modes.ts'

/* What Calico's worlds have in common: the seed's cluster with a third node in a subnet of its own, and what is asked of it. */

export { buildWorld } from '#lib/worlds/world.ts'

const [CLIENT, FAR] = ['web-app-frontend-1', '10.1.20.3'] as const
const [BLOCK_1, BLOCK_2] = ['10.1.15.0/26', '10.1.20.0/26'] as const
/** Behind a router. */
const NODE_3: NodeSpec = {
  name: 'node-3',
  ip: '192.168.1.30',
  subnet: 'b',
  podCidr: '10.1.30.0/26',
  publicIp: '198.51.100.30',
}
const POD_3: PodSpec = {
  name: 'backend-service-3',
  node: 'node-3',
  ip: '10.1.30.2',
  listen: [{ proto: 'tcp', port: 8080 }],
}
/** A security group as peer means addresses of interfaces, and a pod's is none. */
const POD_RANGE: SgRule = { group: GROUP, direction: 'ingress', proto: 'all', peer: POD_NETWORK }

/** What is the same for all modes. */
export interface CalicoWorld {
  readonly sources: readonly string[]
  readonly topology: () => Topology
  readonly flows: { readonly [F in (typeof FLOWS)[number]]: Flow }
  readonly whatIfs: { readonly [W in (typeof WHAT_IF_IDS)[number]]: Asked }
  /** Of those that have them. */
  readonly mtu: { readonly [W in (typeof MTU_IDS)[number]]: Asked }
  readonly plugin: Plugin
}

const UPSTREAM = [
  'https://github.com/projectcalico/calico/blob/v3.30.0/cni-plugin/pkg/dataplane/linux/dataplane_linux.go',
  'https://github.com/projectcalico/calico/blob/v3.30.0/felix/dataplane/linux/endpoint_mgr.go',
  'https://github.com/projectcalico/calico/blob/v3.30.0/felix/rules/static.go',
]
const [NEAR_END, FAR_END] = [caliName(CLIENT), caliName('backend-service-2')]
const del = (node: string, table: 'routes' | 'netfilter', where: object): Edit => ({
  op: 'del',
  in: node,
  table,
  where: { ...where },
})

/** Is a pod's address seen by the VPC? Then its instance must be let send what is not from itself, and the group must know the pods' range. */
const bare = (mode: Mode): boolean => mode === 'cross-subnet' || mode === 'bgp'

/** The seed's cluster, and node-3 behind a router. */
export function nodesOf(mode: Mode): ClusterSpec {
  return {
    ...SEED,
    subnets: [...SEED.subnets, { name: 'b', cidr: '192.168.1.0/24' }],
    groups: [...NODE_GROUP, ...(bare(mode) ? [POD_RANGE] : []), NODE_PORT_OPEN],
    nodes: [
      ...NODES.map((n, i): NodeSpec => ({ ...n, podCidr: i === 0 ? BLOCK_1 : BLOCK_2 })),
      NODE_3,
    ].map((n) => (bare(mode) ? { ...n, sourceDestCheck: false } : n)),
    pods: [...PODS, POD_3],
    services: SERVICES,
    clusterCidr: POD_NETWORK,
  }
}

/** What is shown of a mode, and asked of it. */
export function calicoWorld(mode: Mode): CalicoWorld {
  const podMtu = SEED.mtu - OVERHEAD[mode]
  const plugin: Plugin = ({ podCidr }) => calico(mode, podCidr)
  const spec = nodesOf(mode)
  const question = ping(CLIENT, FAR)
  const astray = bare(mode) ? 'vpc-no-public-address' : 'source-dest-check'
  return {
    sources: UPSTREAM,
    topology: () => cluster(spec, plugin({ podCidr: POD_NETWORK })),
    flows: {
      'frontend-1-to-backend-2': tcp(CLIENT, FAR, 8080),
      ping: question,
      large: { ...ping(CLIENT, FAR, podMtu - 28), df: true },
      'large-request': { ...tcp(CLIENT, FAR, 8080), size: 3000 },
      'same-node': tcp(CLIENT, '10.1.15.3', 8080),
      'to-other-subnet': ping(CLIENT, POD_3.ip),
      'to-node': ping(CLIENT, '192.168.0.200'),
      'to-own-node': ping(CLIENT, '192.168.0.100'),
      'node-to-pod': ping('node-1', '10.1.15.2'),
      'node-to-other-pod': ping('node-1', FAR),
      'to-internet': tcp(CLIENT, '203.0.113.10', 443),
      'free-address': ping(CLIENT, '10.1.15.50'),
      'probe-1': { ...question, ttl: 1 },
      'probe-2': { ...question, ttl: 2 },
      ...serviceFlows('far'),
    },
    whatIfs: {
      'no-proxy-arp': {
        edits: [setSysctl('node-1', `net.ipv4.conf.${NEAR_END}.proxy_arp`, 0)],
        expect: 'neigh-failed',
      },
      'no-default-route': {
        edits: [del('node-1', 'routes', { table: 'main', dst: '0.0.0.0/0' })],
        expect: 'neigh-failed',
      },
      'drop-route': dropRoute(BLOCK_2, astray),
      'drop-route-back': {
        edits: [del('node-2', 'routes', { table: 'main', dst: BLOCK_1 })],
        expect: astray,
      },
      'pod-link-down': {
        edits: [setDev('node-2', FAR_END, { up: false })],
        expect: 'blackhole',
      },
      'no-blackhole': {
        edits: [
          setDev('node-2', FAR_END, { up: false }),
          del('node-2', 'routes', { table: 'main', dst: BLOCK_2, type: 'blackhole' }),
        ],
        expect: astray,
      },
      'no-masquerade': {
        edits: [
          del('node-1', 'netfilter', {
            chain: 'cali-nat-outgoing',
            target: { type: 'MASQUERADE', randomFully: true },
          }),
        ],
        flow: 'to-internet',
        expect: astray,
      },
      'rp-filter-strict': rpFilterStrict('delivered'),
      spoofed: {
        edits: [
          {
            op: 'set',
            in: CLIENT,
            table: 'devs',
            where: { name: 'eth0' },
            to: { addrs: ['10.1.15.2/32', '10.1.77.7/32'] },
          },
          {
            op: 'set',
            in: CLIENT,
            table: 'routes',
            where: { table: 'main', dst: '0.0.0.0/0' },
            to: { src: '10.1.77.7' },
          },
          // As before: who asks as somebody else is not answered either (rp_filter).
          {
            op: 'add',
            in: CLIENT,
            table: 'neigh',
            row: { ip: GATEWAY, dev: 'eth0', lladdr: HOST_MAC, state: 'PERMANENT' },
          },
        ],
        expect: 'netfilter',
      },
      'no-endpoints': noEndpoints(spec.pods, POD_NETWORK, spec.nodes),
    },
    mtu: {
      'mtu-1500': {
        edits: [setDev(CLIENT, 'eth0', { mtu: 1500 }), setDev('node-1', NEAR_END, { mtu: 1500 })],
        flow: 'large-request',
        expect: 'delivered',
      },
    },
    plugin,
  }
}

/** The tunnel device of a node set down, and node-1 taken out of the set of hosts that it takes wrapped packets of. */
export function tunnelGone(
  mode: 'ipip' | 'cross-subnet' | 'vxlan',
  { node, flow }: { readonly node: string; readonly flow?: string },
): { readonly [W in (typeof TUNNEL_IDS)[number]]: Asked } {
  const asked = flow === undefined ? {} : { flow }
  return {
    'tunnel-down': {
      ...asked,
      edits: [setDev(node, TUNNEL[mode], { up: false })],
      expect: mode === 'vxlan' ? 'no-socket' : 'no-tunnel',
    },
    'unknown-host': {
      ...asked,
      edits: [
        {
          op: 'del',
          in: node,
          table: 'ipsetEntries',
          where: { set: HOSTS[mode], entry: NODES[0]!.ip },
        },
      ],
      expect: 'netfilter',
    },
  }
}

/** The group's rule for all replaced by those for the protocols that people know: protocol 4 is none of them. */
export function noProtocol4(flow?: string): Asked {
  const between = { group: GROUP, direction: 'ingress', peer: GROUP } as const
  return {
    ...(flow === undefined ? {} : { flow }),
    edits: [
      { op: 'del', in: VPC_NAME, table: 'sgRules', where: { ...between } },
      ...(['tcp', 'udp', 'icmp'] as const).map((proto): Edit => ({
        op: 'add',
        in: VPC_NAME,
        table: 'sgRules',
        row: { ...between, proto },
      })),
    ],
    expect: 'security-group',
  }
}

/** node-2 asks by which way it would answer, and knows another one than the one the question came by. */
export function otherWayBack(to: { readonly dev: string; readonly onlink?: true }): Asked {
  return {
    edits: [
      setSysctl('node-2', 'net.ipv4.conf.all.rp_filter', 1),
      del('node-2', 'routes', { table: 'main', dst: BLOCK_1 }),
      {
        op: 'add',
        in: 'node-2',
        table: 'routes',
        row: { table: 'main', dst: BLOCK_1, via: NODES[0]!.ip, proto: 'bird', ...to },
      },
    ],
    expect: 'rp-filter',
  }
}

/** AWS asks again whose packets they are. */
export function checkOn(): Asked {
  return { edits: checks(true), expect: 'source-dest-check' }
}

/** A route of the VPC for each block, which its limit of routes allows few clusters. */
export function tellTheVpc(): Asked {
  return {
    flow: 'to-other-subnet',
    edits: [
      ...NODES.map(({ name }, i) => [name, i === 0 ? BLOCK_1 : BLOCK_2] as const),
      [NODE_3.name, NODE_3.podCidr!] as const,
    ].map(([name, dst]): Edit => ({
      op: 'add',
      in: VPC_NAME,
      table: 'vpcRoutes',
      row: { routeTable: ROUTE_TABLE, dst, target: eniId({ name }, 'eth0') },
    })),
    expect: 'delivered',
  }
}
