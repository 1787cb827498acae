import type { Edit } from '#lib/topology/edit.ts'
import { cluster } from '#lib/worlds/cluster/cluster.ts'
import { NODES, ping, SEED, tcp } from '#lib/worlds/cluster/seed.ts'
import type { PodSpec } from '#lib/worlds/cluster/spec.ts'
import { NODE_PORT_OPEN, noEndpoints, serviceFlows, SERVICES } from '#lib/worlds/services.ts'
import { lowerMtu, setDev } from '#lib/worlds/what-ifs.ts'
import { buildWorld } from '#lib/worlds/world.ts'
import { chainName, lyft, vethName } from './cni.ts'
import { asks } from './asks.ts'
import { entry } from './entry.ts'

const TCP_8080 = [{ proto: 'tcp', port: 8080 }] as const
const [FRONTEND, BACKEND_2] = ['web-app-frontend-1', '192.168.1.211'] as const
const pods: readonly PodSpec[] = [
  { name: FRONTEND, node: 'node-1', ip: '192.168.1.111', listen: TCP_8080 },
  { name: 'backend-service-1', node: 'node-1', ip: '192.168.1.112', listen: TCP_8080 },
  { name: 'backend-service-2', node: 'node-2', ip: BACKEND_2, listen: TCP_8080 },
  { name: 'web-app-frontend-2', node: 'node-2', ip: '192.168.1.212', listen: TCP_8080 },
]
const SERVICE = serviceFlows('near')
const dropIn = (...chains: readonly ('INPUT' | 'FORWARD')[]): readonly Edit[] =>
  chains.map((chain) => ({
    op: 'add',
    in: 'node-1',
    table: 'chains',
    row: { table: 'filter', chain, policy: 'DROP' },
  }))

/** The nodes of all worlds, each with an ENI for its pods in a subnet of their own. */
export const world = buildWorld(entry, asks, {
  sources: [
    'https://github.com/lyft/cni-ipvlan-vpc-k8s/blob/master/plugin/unnumbered-ptp/unnumbered-ptp.go',
    'https://github.com/lyft/cni-ipvlan-vpc-k8s/blob/master/plugin/ipvlan/ipvlan.go',
  ],
  topology: () =>
    cluster(
      {
        ...SEED,
        subnets: [...SEED.subnets, { name: 'b', cidr: '192.168.1.0/24' }],
        groups: [...SEED.groups, NODE_PORT_OPEN],
        pods,
        services: SERVICES,
        clusterCidr: null,
        nodes: NODES.map(({ podCidr: _none, ...n }, i) => ({
          ...n,
          eth1:
            i === 0
              ? { ip: '192.168.1.110', mac: '0a:00:00:00:01:64', subnet: 'b' }
              : { ip: '192.168.1.210', mac: '0a:00:00:00:01:c8', subnet: 'b' },
        })),
      },
      lyft,
    ),
  flows: {
    'frontend-1-to-backend-2': tcp(FRONTEND, BACKEND_2, 8080),
    ping: ping(FRONTEND, BACKEND_2),
    large: { ...ping(FRONTEND, BACKEND_2, 1472), df: true },
    'same-node': tcp(FRONTEND, '192.168.1.112', 8080),
    'to-other-node': ping(FRONTEND, '192.168.0.200'),
    'to-own-node': ping(FRONTEND, '192.168.0.100'),
    'node-to-pod': ping('node-1', '192.168.1.111'),
    'node-to-other-pod': ping('node-1', BACKEND_2),
    'to-internet': tcp(FRONTEND, '203.0.113.10', 443),
    // Which endpoint a connection gets follows from it: these draws give what the names say.
    ...SERVICE,
    service: { ...SERVICE.service, draw: 2 },
    'service-hairpin': { ...SERVICE['service-hairpin'], draw: 1 },
  },
  whatIfs: {
    'node-filters': { expect: 'delivered', edits: dropIn('INPUT', 'FORWARD') },
    'eni-down': { expect: 'neigh-failed', edits: [setDev('node-1', 'eth1', { up: false })] },
    'no-way-back-in': {
      expect: 'delivered',
      flow: 'service',
      edits: [
        {
          op: 'del',
          in: 'node-1',
          table: 'rules',
          where: { priority: 1024, iif: vethName(FRONTEND) },
        },
      ],
    },
    'no-snat-in-pod': {
      expect: 'source-dest-check',
      flow: 'service',
      edits: [{ op: 'del', in: FRONTEND, table: 'netfilter', where: { chain: 'POSTROUTING' } }],
    },
    'no-masquerade': {
      expect: 'source-dest-check',
      flow: 'to-internet',
      edits: [
        {
          op: 'del',
          in: 'node-1',
          table: 'netfilter',
          where: { chain: chainName(FRONTEND), dst: '224.0.0.0/4' },
        },
      ],
    },
    // The slaves follow it.
    'lower-mtu': { ...lowerMtu('eth1'), expect: 'message-size' },
    'no-endpoints': noEndpoints(pods, null),
  },
  plugin: () => lyft,
})
