import { LARGE, ping, tcp } from '#lib/worlds/cluster/seed.ts'
import { nodePortInside, serviceFlows } from '#lib/worlds/services.ts'
import { buildWorld } from '#lib/worlds/world.ts'
import { vpcCni } from './cni.ts'
import { asks } from './asks.ts'
import { entry } from './entry.ts'
import { nodes, PEER } from './nodes.ts'
import { WHAT_IFS } from './what-ifs.ts'

/** The same nodes and pods under the AWS VPC CNI: pods have addresses of the VPC. */
export const world = buildWorld(entry, asks, {
  sources: [
    'https://github.com/aws/amazon-vpc-cni-k8s/blob/master/pkg/networkutils/network.go',
    'https://github.com/aws/amazon-vpc-cni-k8s/blob/master/cmd/routed-eni-cni-plugin/driver/driver.go',
  ],
  topology: () => nodes(),
  flows: {
    'frontend-1-to-backend-2': tcp('web-app-frontend-1', '192.168.0.211', 8080),
    ping: ping('web-app-frontend-1', '192.168.0.211'),
    large: { ...ping('web-app-frontend-1', '192.168.0.211', 1472), df: true },
    'large-no-df': ping('web-app-frontend-1', '192.168.0.211', LARGE),
    'same-node': tcp('web-app-frontend-1', '192.168.0.112', 8080),
    'to-node': ping('web-app-frontend-1', '192.168.0.200'),
    'to-internet': tcp('web-app-frontend-1', '203.0.113.10', 443),
    'metrics-1-to-metrics-2': tcp('metrics-1', '192.168.0.201', 9100),
    'frontend-1-to-metrics-2': tcp('web-app-frontend-1', '192.168.0.201', 9100),
    'frontend-1-to-metrics-1': tcp('web-app-frontend-1', '192.168.0.101', 9100),
    'to-peer': tcp('web-app-frontend-1', PEER.ip, 5432),
    'from-peer': tcp(PEER.name, '192.168.0.111', 8080),
    // To the pod on node-1: half of all connections, those whose answer needs the connection's mark.
    ...serviceFlows('near'),
    // The same port, called from inside the VPC, as a load balancer does.
    'node-port-inside': nodePortInside(),
  },
  whatIfs: WHAT_IFS,
  plugin: ({ era, externalSnat, excludeSnatCidrs }) =>
    vpcCni({
      ...(era === undefined ? {} : { era }),
      ...(externalSnat === undefined ? {} : { externalSnat }),
      ...(excludeSnatCidrs === undefined ? {} : { excludeSnatCidrs }),
    }),
})
