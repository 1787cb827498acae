import type { Edit } from '#lib/topology/edit.ts'
import type { SgRule } from '#lib/topology/rows.ts'
import { cluster } from '#lib/worlds/cluster/cluster.ts'
import { NODES, ping, SEED, tcp } from '#lib/worlds/cluster/seed.ts'
import { GROUP, VPC_NAME, type PodSpec } from '#lib/worlds/cluster/spec.ts'
import {
  NODE_PORT_OPEN,
  nodePortInside,
  noEndpoints,
  serviceFlows,
  SERVICES,
} from '#lib/worlds/services.ts'
import { vethName } from '#lib/worlds/vpc-cni/cni.ts'
import { common, lowerMtu, setSysctl } from '#lib/worlds/what-ifs.ts'
import { buildWorld } from '#lib/worlds/world.ts'
import { branchEni, KUBELET_PORT, sgPerPod, vlanVethName } from './cni.ts'
import { asks } from './asks.ts'
import { entry } from './entry.ts'

const TCP_8080 = [{ proto: 'tcp', port: 8080 }] as const
const [FRONTEND, BACKEND_1, BACKEND_2] = [
  'web-app-frontend-1',
  'backend-service-1',
  'backend-service-2',
] as const
const [PLAIN_IP, OWN_IP, FAR_IP] = ['192.168.0.111', '192.168.0.131', '192.168.0.231'] as const
const BACKEND_GROUP = 'sg-backend'
/** The backends have groups of their own, the frontends those of their node. */
const pods: readonly PodSpec[] = [
  { name: FRONTEND, node: 'node-1', ip: PLAIN_IP, listen: TCP_8080 },
  { name: BACKEND_1, node: 'node-1', ip: OWN_IP, listen: TCP_8080, groups: [BACKEND_GROUP] },
  { name: BACKEND_2, node: 'node-2', ip: FAR_IP, listen: TCP_8080, groups: [BACKEND_GROUP] },
  { name: 'web-app-frontend-2', node: 'node-2', ip: '192.168.0.212', listen: TCP_8080 },
]
const groups: readonly SgRule[] = [
  ...SEED.groups,
  NODE_PORT_OPEN,
  { group: GROUP, direction: 'ingress', proto: 'all', peer: BACKEND_GROUP },
  { group: BACKEND_GROUP, direction: 'ingress', proto: 'all', peer: BACKEND_GROUP },
  // Who asks them: the frontends, and kubelet.
  { group: BACKEND_GROUP, direction: 'ingress', proto: 'tcp', ports: [8080, 8080], peer: GROUP },
  { group: BACKEND_GROUP, direction: 'ingress', proto: 'icmp', peer: GROUP },
  { group: BACKEND_GROUP, direction: 'egress', proto: 'all', peer: '0.0.0.0/0' },
]

/** What the plugin writes in standard mode, on both nodes. */
const standard: readonly Edit[] = [
  { in: 'node-1', pod: BACKEND_1, ip: OWN_IP },
  { in: 'node-2', pod: BACKEND_2, ip: FAR_IP },
].flatMap(({ in: node, pod, ip }): readonly Edit[] => {
  const [was, dev, own] = [vlanVethName(pod), vethName(pod), `${ip}/32`] as const
  const rule = (op: 'add' | 'del', row: object): Edit =>
    (op === 'add'
      ? { op, in: node, table: 'rules', row }
      : { op, in: node, table: 'rules', where: row }) as Edit
  return [
    { op: 'set', in: node, table: 'devs', where: { name: was }, to: { name: dev } },
    { op: 'del', in: node, table: 'routes', where: { table: '101', dst: own } },
    {
      op: 'add',
      in: node,
      table: 'routes',
      row: { table: 'main', dst: own, dev, scope: 'link' },
    },
    rule('del', { priority: 10, iif: 'vlan.eth.1' }),
    rule('del', { priority: 10, iif: was }),
    rule('add', { priority: 0, table: 'local' }),
    rule('del', { priority: 20, table: 'local' }),
    rule('add', { priority: 512, to: own, table: 'main' }),
    rule('add', { priority: 1536, from: own, table: '101' }),
  ]
})

/** The nodes of all worlds, each with a trunk. */
export const world = buildWorld(entry, asks, {
  sources: [
    'https://github.com/aws/amazon-vpc-cni-k8s/blob/master/cmd/routed-eni-cni-plugin/driver/driver.go',
    'https://github.com/aws/amazon-vpc-resource-controller-k8s/blob/master/docs/sgp/workflow.md',
    'https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html',
  ],
  topology: () =>
    cluster(
      {
        ...SEED,
        groups,
        pods,
        services: SERVICES,
        clusterCidr: null,
        nodes: NODES.map(({ podCidr: _none, ...n }, i) => ({
          ...n,
          eth1:
            i === 0
              ? { ip: '192.168.0.110', mac: '0a:00:00:00:01:01' }
              : { ip: '192.168.0.210', mac: '0a:00:00:00:02:01' },
        })),
      },
      sgPerPod(),
    ),
  flows: {
    'frontend-1-to-backend-2': tcp(FRONTEND, FAR_IP, 8080),
    ping: ping(FRONTEND, FAR_IP),
    large: { ...ping(BACKEND_1, FAR_IP, 1472), df: true },
    'backend-1-to-backend-2': tcp(BACKEND_1, FAR_IP, 8080),
    'to-same-node': tcp(BACKEND_1, PLAIN_IP, 8080),
    'from-same-node': tcp(FRONTEND, OWN_IP, 8080),
    'to-other-node': ping(BACKEND_1, '192.168.0.200'),
    'from-other-node': ping('node-2', OWN_IP),
    'to-own-node': ping(BACKEND_1, '192.168.0.100'),
    'to-kubelet': tcp(BACKEND_1, '192.168.0.100', KUBELET_PORT),
    probe: tcp('node-1', OWN_IP, 8080),
    'probe-ping': ping('node-1', OWN_IP),
    'to-internet': tcp(BACKEND_1, '203.0.113.10', 443),
    'frontend-1-to-internet': tcp(FRONTEND, '203.0.113.10', 443),
    ...serviceFlows('near'),
    'node-port-inside': nodePortInside(),
  },
  whatIfs: {
    standard: { expect: 'delivered', flow: 'probe', edits: standard },
    'early-demux-off': {
      expect: 'delivered',
      flow: 'probe',
      edits: ['node-1', 'node-2'].map((n) => setSysctl(n, 'net.ipv4.tcp_early_demux', 0)),
    },
    'deny-nodes': {
      expect: 'security-group',
      edits: [
        {
          op: 'del',
          in: VPC_NAME,
          table: 'sgRules',
          where: { group: BACKEND_GROUP, direction: 'ingress', proto: 'tcp' },
        },
        {
          op: 'del',
          in: VPC_NAME,
          table: 'sgRules',
          where: { group: BACKEND_GROUP, direction: 'ingress', proto: 'icmp' },
        },
      ],
    },
    'delete-branch': {
      expect: 'neigh-failed',
      flow: 'to-other-node',
      edits: [{ op: 'del', in: VPC_NAME, table: 'enis', where: { id: branchEni(BACKEND_1) } }],
    },
    'delete-rule-10': {
      expect: 'source-dest-check',
      flow: 'from-other-node',
      edits: [
        {
          op: 'del',
          in: 'node-1',
          table: 'rules',
          where: { priority: 10, iif: 'vlan.eth.1' },
        },
      ],
    },
    'vlan-strict': {
      expect: 'delivered',
      flow: 'from-other-node',
      edits: [
        {
          op: 'add',
          in: 'node-1',
          table: 'sysctls',
          row: { key: 'net.ipv4.conf.vlan.eth.1.rp_filter', value: 1 },
        },
      ],
    },
    'lower-mtu': lowerMtu('eth1'),
    'no-endpoints': noEndpoints(pods, null),
    ...common('delivered'),
  },
  plugin: ({ era, externalSnat, excludeSnatCidrs, enforcing }) =>
    sgPerPod({
      ...(era === undefined ? {} : { era }),
      ...(externalSnat === undefined ? {} : { externalSnat }),
      ...(excludeSnatCidrs === undefined ? {} : { excludeSnatCidrs }),
      ...(enforcing === undefined ? {} : { enforcing }),
    }),
})
