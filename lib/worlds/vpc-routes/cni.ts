import { by } from '#lib/worlds/by.ts'
import { eniId, ROUTE_TABLE, VPC_NAME, type Cni } from '#lib/worlds/cluster/spec.ts'
import { rangeOf } from '#lib/worlds/cni/bridge.ts'
import { routed } from '#lib/worlds/lan/cni.ts'

/** The LAN's bridges; which node has which pods is written into the VPC's route table instead of into every node, as flannel's aws-vpc backend did. */
export const vpcRouted: Cni = {
  ...routed,
  join: () => [],
  fabric: (nodes) => [
    {
      in: VPC_NAME,
      by: by('person', 'node-joined'),
      rows: {
        vpcRoutes: nodes.map((n) => ({
          routeTable: ROUTE_TABLE,
          dst: rangeOf(n),
          target: eniId(n, 'eth0'),
        })),
      },
    },
  ],
}
