import type { Edit } from '#lib/topology/edit.ts'
import { cluster } from '#lib/worlds/cluster/cluster.ts'
import { NODES, ping, POD_NETWORK, SEED, tcp } from '#lib/worlds/cluster/seed.ts'
import { eniId, GROUP, NODE_GROUP, VPC_NAME } from '#lib/worlds/cluster/spec.ts'
import { checks, common, lowerMtu } from '#lib/worlds/what-ifs.ts'
import { buildWorld } from '#lib/worlds/world.ts'
import { vpcRouted } from './cni.ts'
import { asks } from './asks.ts'
import { entry } from './entry.ts'

const POD_RANGE = {
  group: GROUP,
  direction: 'ingress',
  proto: 'all',
  peer: POD_NETWORK,
} as const
const [NEAR, FAR] = ['10.1.15.0/24', '10.1.20.0/24'] as const
const forget = (dst: string): Edit => ({
  op: 'del',
  in: VPC_NAME,
  table: 'vpcRoutes',
  where: { dst },
})

/** The seed's nodes in two subnets, where no node can be another's gateway: each pod range is a route of the VPC to its node's ENI. */
export const world = buildWorld(entry, asks, {
  sources: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html',
    'https://github.com/flannel-io/flannel/blob/v0.10.0/Documentation/aws-vpc-backend.md',
  ],
  topology: () =>
    cluster(
      {
        ...SEED,
        subnets: [...SEED.subnets, { name: 'b', cidr: '192.168.1.0/24' }],
        groups: [...NODE_GROUP, POD_RANGE],
        nodes: NODES.map((n) => ({
          ...n,
          sourceDestCheck: false,
          ...(n.name === 'node-2' ? { subnet: 'b', ip: '192.168.1.200' as const } : {}),
        })),
      },
      vpcRouted,
    ),
  flows: {
    'frontend-1-to-backend-2': tcp('web-app-frontend-1', '10.1.20.3', 8080),
    ping: ping('web-app-frontend-1', '10.1.20.3'),
    'same-node': tcp('web-app-frontend-1', '10.1.15.3', 8080),
    'backend-2-to-frontend-1': tcp('backend-service-2', '10.1.15.2', 8080),
    large: { ...ping('web-app-frontend-1', '10.1.20.3', 1472), df: true },
    'to-node': ping('web-app-frontend-1', '192.168.1.200'),
    'to-internet': tcp('web-app-frontend-1', '203.0.113.10', 443),
    'node-to-internet': tcp('node-1', '203.0.113.10', 443),
  },
  whatIfs: {
    'check-on': { edits: checks(true), expect: 'source-dest-check' },
    'drop-vpc-route': { edits: [forget(FAR)], expect: 'vpc-no-public-address' },
    'wrong-eni': {
      edits: [
        {
          op: 'set',
          in: VPC_NAME,
          table: 'vpcRoutes',
          where: { dst: FAR },
          to: { target: eniId({ name: 'node-1' }, 'eth0') },
        },
      ],
      expect: 'ttl-exceeded',
    },
    untaught: {
      edits: [...checks(true), forget(NEAR), forget(FAR)],
      expect: 'source-dest-check',
    },
    'deny-pod-range': {
      edits: [{ op: 'del', in: VPC_NAME, table: 'sgRules', where: { ...POD_RANGE } }],
      expect: 'security-group',
    },
    'lower-mtu': lowerMtu('eth0'),
    ...common('delivered'),
    'nacl-deny': { ...common('delivered')['nacl-deny'], flow: 'node-to-internet' },
    'no-internet-route': { ...common('delivered')['no-internet-route'], flow: 'node-to-internet' },
  },
  plugin: () => vpcRouted,
})
