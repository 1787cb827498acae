import type { Edit } from '#lib/topology/edit.ts'
import { parseIptables } from '#lib/topology/iptables.ts'
import type { SgRule } from '#lib/topology/rows.ts'
import { editsBetween } from '#lib/worlds/between.ts'
import { cluster } from '#lib/worlds/cluster/cluster.ts'
import { NODES, ping, POD_NETWORK, PODS, SEED, tcp } from '#lib/worlds/cluster/seed.ts'
import { eniId, GROUP, VPC_NAME } from '#lib/worlds/cluster/spec.ts'
import { whenAsked } from '#lib/worlds/scenario.ts'
import { NODE_PORT_OPEN, noEndpoints, serviceFlows, SERVICES } from '#lib/worlds/services.ts'
import { common, lowerMtu, setSysctl } from '#lib/worlds/what-ifs.ts'
import { buildWorld } from '#lib/worlds/world.ts'
import { gke, INTRANODE, masquerade, MASQUERADES, RESERVED } from './cni.ts'
import { asks } from './asks.ts'
import { entry } from './entry.ts'

const [CLIENT, FAR] = ['web-app-frontend-1', '10.1.20.3'] as const
const ingress = (row: Omit<SgRule, 'group' | 'direction'>): SgRule => ({
  group: GROUP,
  direction: 'ingress',
  ...row,
})
/** gke-CLUSTER-HASH-all: whatever a pod sends. */
const FROM_PODS = ingress({ proto: 'all', peer: POD_NETWORK })
const SUBNET = SEED.subnets[0]!.cidr
/** What GKE creates (concepts/firewall-rules), the node port that a person opens, and what every network of Google's lets out. */
const groups: readonly SgRule[] = [
  FROM_PODS,
  // gke-CLUSTER-HASH-vms: nodes among each other.
  ingress({ proto: 'tcp', ports: [1, 65535], peer: SUBNET }),
  ingress({ proto: 'udp', ports: [1, 65535], peer: SUBNET }),
  ingress({ proto: 'icmp', peer: SUBNET }),
  NODE_PORT_OPEN,
  { group: GROUP, direction: 'egress', proto: 'all', peer: '0.0.0.0/0' },
]
const withoutConfig = whenAsked(() => {
  const rows = (ranges: Parameters<typeof masquerade>[0]) => parseIptables(masquerade(ranges))
  const [before, after] = [rows([POD_NETWORK, SEED.vpc]), rows(RESERVED)]
  return NODES.flatMap((n) => editsBetween(n.name, before, after))
})
const visible: readonly Edit[] = [
  setSysctl('node-1', 'net.ipv4.conf.eth0.rp_filter', 2),
  ...Object.entries(INTRANODE).flatMap(([table, rows]) =>
    (rows as readonly object[]).map(
      (row): Edit => ({ op: 'add', in: 'node-1', table, row }) as unknown as Edit,
    ),
  ),
]

/** The nodes and pods of all worlds in a VPC that knows the pods' ranges as the nodes' own. */
export const world = buildWorld(entry, asks, {
  sources: [
    'https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips',
    'https://cloud.google.com/kubernetes-engine/docs/concepts/network-overview',
    'https://cloud.google.com/kubernetes-engine/docs/concepts/firewall-rules',
    'https://cloud.google.com/kubernetes-engine/docs/concepts/ip-masquerade-agent',
    'https://github.com/GoogleCloudPlatform/netd/blob/master/scripts/install-cni.sh',
    'https://github.com/containernetworking/plugins/blob/main/plugins/main/ptp/ptp.go',
    'https://github.com/kubernetes-sigs/ip-masq-agent/blob/master/cmd/ip-masq-agent/ip-masq-agent.go',
  ],
  topology: () =>
    cluster(
      {
        ...SEED,
        // "The default MTU is 1460 bytes" (VPC guide).
        mtu: 1460,
        secondaryCidrs: [POD_NETWORK],
        groups,
        services: SERVICES,
        clusterCidr: POD_NETWORK,
      },
      gke(POD_NETWORK),
    ),
  flows: {
    'frontend-1-to-backend-2': tcp(CLIENT, FAR, 8080),
    ping: ping(CLIENT, FAR),
    large: { ...ping(CLIENT, FAR, 1432), df: true },
    'same-node': tcp(CLIENT, PODS[1]!.ip, 8080),
    'to-node': ping(CLIENT, NODES[1]!.ip),
    'node-to-pod': ping('node-1', FAR),
    'to-internet': tcp(CLIENT, '203.0.113.10', 443),
    'free-address': ping(CLIENT, '10.1.15.50'),
    ...serviceFlows('far'),
  },
  whatIfs: {
    'drop-alias': {
      expect: 'vpc-unknown-address',
      edits: [
        {
          op: 'set',
          in: VPC_NAME,
          table: 'enis',
          where: { id: eniId({ name: 'node-2' }, 'eth0') },
          to: { prefixes: [] },
        },
      ],
    },
    'drop-pod-route': {
      expect: 'source-dest-check',
      edits: [
        { op: 'del', in: 'node-2', table: 'routes', where: { table: 'main', dst: `${FAR}/32` } },
      ],
    },
    'deny-pod-range': {
      expect: 'security-group',
      edits: [{ op: 'del', in: VPC_NAME, table: 'sgRules', where: { ...FROM_PODS } }],
    },
    'forward-tcp': {
      expect: 'netfilter',
      edits: [
        {
          op: 'del',
          in: 'node-2',
          table: 'netfilter',
          where: { table: 'filter', chain: 'FORWARD', proto: 'tcp', target: { type: 'ACCEPT' } },
        },
      ],
    },
    intranode: { expect: 'delivered', flow: 'same-node', edits: visible },
    'default-ranges': {
      expect: 'vpc-no-public-address',
      flow: 'to-internet',
      get edits() {
        return withoutConfig()
      },
    },
    'no-masquerade': {
      expect: 'vpc-no-public-address',
      flow: 'to-internet',
      edits: [{ op: 'del', in: 'node-1', table: 'netfilter', where: MASQUERADES }],
    },
    'ip-forward-off': common('delivered')['ip-forward-off'],
    'no-internet-route': common('delivered')['no-internet-route'],
    'lower-mtu': lowerMtu('eth0'),
    'no-endpoints': noEndpoints(PODS, POD_NETWORK),
  },
  plugin: ({ podCidr }) => gke(podCidr),
})
