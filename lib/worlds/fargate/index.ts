import type { Edit } from '#lib/topology/edit.ts'
import { parseIptables } from '#lib/topology/iptables.ts'
import type { SgRule } from '#lib/topology/rows.ts'
import { editsBetween } from '#lib/worlds/between.ts'
import { cluster } from '#lib/worlds/cluster/cluster.ts'
import { ping, SEED, tcp } from '#lib/worlds/cluster/seed.ts'
import { VPC_NAME, type PodSpec } from '#lib/worlds/cluster/spec.ts'
import { kubeProxy } from '#lib/worlds/cni/kube-proxy.ts'
import { whenAsked } from '#lib/worlds/scenario.ts'
import { serviceFlows, SERVICES } from '#lib/worlds/services.ts'
import { common, setDev } from '#lib/worlds/what-ifs.ts'
import { buildWorld } from '#lib/worlds/world.ts'
import { fargate, KUBELET_PORT } from './cni.ts'
import { asks } from './asks.ts'
import { entry } from './entry.ts'

const TCP_8080 = [{ proto: 'tcp', port: 8080 }] as const
const [FRONTEND, BACKEND_2] = ['web-app-frontend-1', 'backend-service-2'] as const
const [OWN, NEAR, FAR] = ['192.168.0.111', '192.168.0.112', '192.168.0.211'] as const
const pods: readonly PodSpec[] = [
  { name: FRONTEND, node: 'fargate-1', ip: OWN, listen: TCP_8080 },
  { name: 'backend-service-1', node: 'fargate-2', ip: NEAR, listen: TCP_8080 },
  { name: 'web-app-frontend-2', node: 'fargate-3', ip: '192.168.0.212', listen: TCP_8080 },
  { name: BACKEND_2, node: 'fargate-4', ip: FAR, listen: TCP_8080 },
]
/** eks-cluster-sg-…: in all from itself, out all (EKS user guide, sec-group-reqs). */
const CLUSTER_GROUP = 'sg-cluster'
const WITHIN: SgRule = {
  group: CLUSTER_GROUP,
  direction: 'ingress',
  proto: 'all',
  peer: CLUSTER_GROUP,
}
const BACKEND_GROUP = 'sg-backend'
const shut: readonly Edit[] = [{ op: 'del', in: VPC_NAME, table: 'sgRules', where: { ...WITHIN } }]
const ownGroup = (row: Omit<SgRule, 'group'>): Edit => ({
  op: 'add',
  in: VPC_NAME,
  table: 'sgRules',
  row: { group: BACKEND_GROUP, ...row },
})
/** The Service of all worlds without its node port, which no node answers. */
const services = SERVICES.map(({ nodePort: _none, ...s }) => s)
const nobodyBehind = whenAsked(() => {
  const rules = (behind: readonly PodSpec[]) => {
    const endpoints = behind.map((p) => ({ ip: p.ip, port: 8080 }))
    return parseIptables(
      kubeProxy(
        services.map((s) => ({ ...s, endpoints })),
        { clusterCidr: null },
      ),
    )
  }
  const [before, after] = [rules(pods.filter((p) => services[0]!.pods.includes(p.name))), rules([])]
  return pods.flatMap((p) => editsBetween(p.name, before, after))
})
const { service, 'service-hairpin': hairpin } = serviceFlows('near')

/** The pods of all worlds, each in a machine for itself. */
export const world = buildWorld(entry, asks, {
  sources: [
    'https://docs.aws.amazon.com/eks/latest/userguide/fargate.html',
    'https://docs.aws.amazon.com/eks/latest/userguide/fargate-pod-configuration.html',
    'https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html',
  ],
  topology: () =>
    cluster(
      {
        ...SEED,
        groups: [
          WITHIN,
          { group: CLUSTER_GROUP, direction: 'egress', proto: 'all', peer: '0.0.0.0/0' },
        ],
        groupIds: [CLUSTER_GROUP],
        pods,
        services,
        clusterCidr: null,
        nodes: pods.map(({ node, ip }) => ({ name: node, ip, subnet: 'a' })),
      },
      fargate,
    ),
  flows: {
    'frontend-1-to-backend-2': tcp(FRONTEND, FAR, 8080),
    ping: ping(FRONTEND, FAR),
    large: { ...ping(FRONTEND, FAR, 1472), df: true },
    'frontend-1-to-backend-1': tcp(FRONTEND, NEAR, 8080),
    'to-kubelet': tcp(FRONTEND, FAR, KUBELET_PORT),
    // kubelet is in the machine: its questions never leave it.
    probe: tcp(FRONTEND, OWN, 8080),
    'to-internet': tcp(FRONTEND, '203.0.113.10', 443),
    service,
    'service-hairpin': hairpin,
  },
  whatIfs: {
    'deny-security-group': { expect: 'security-group', edits: shut },
    'probe-unseen': { expect: 'delivered', flow: 'probe', edits: shut },
    'own-group': {
      expect: 'security-group',
      flow: 'ping',
      edits: [
        ownGroup({ direction: 'ingress', proto: 'tcp', ports: [8080, 8080], peer: CLUSTER_GROUP }),
        ownGroup({ direction: 'egress', proto: 'all', peer: '0.0.0.0/0' }),
        {
          op: 'set',
          in: VPC_NAME,
          table: 'enis',
          where: { id: `eni-${BACKEND_2}-eth0` },
          to: { groups: [BACKEND_GROUP] },
        },
      ],
    },
    'no-kube-proxy': {
      expect: 'vpc-no-public-address',
      flow: 'service',
      edits: [
        { op: 'del', in: FRONTEND, table: 'netfilter', where: { table: 'nat', chain: 'OUTPUT' } },
      ],
    },
    'no-default-route': {
      expect: 'no-route',
      flow: 'to-internet',
      edits: [
        {
          op: 'del',
          in: FRONTEND,
          table: 'routes',
          where: { table: 'main', dst: '0.0.0.0/0' },
        },
      ],
    },
    'lower-mtu': {
      expect: 'message-size',
      flow: 'large',
      edits: [setDev(FRONTEND, 'eth0', { mtu: 1400 })],
    },
    'no-endpoints': {
      expect: 'netfilter-reject',
      flow: 'service',
      get edits() {
        return nobodyBehind()
      },
    },
    'nacl-deny': common('delivered')['nacl-deny'],
  },
  plugin: () => fargate,
})
