import type { Topology } from '#lib/topology/topology.ts'
import { cluster } from '#lib/worlds/cluster/cluster.ts'
import { NODES, SEED } from '#lib/worlds/cluster/seed.ts'
import type { PodSpec } from '#lib/worlds/cluster/spec.ts'
import { NODE_PORT_OPEN, SERVICES } from '#lib/worlds/services.ts'
import { vpcCni } from './cni.ts'

const TCP_8080 = [{ proto: 'tcp', port: 8080 }] as const
const TCP_9100 = [{ proto: 'tcp', port: 9100 }] as const
/** Four pods on secondary addresses of eth1, one per node on a secondary address of eth0. */
export const PODS: readonly PodSpec[] = [
  {
    name: 'web-app-frontend-1',
    node: 'node-1',
    ip: '192.168.0.111',
    listen: TCP_8080,
    mac: '56:00:00:00:01:aa',
    hostMac: '2a:00:00:00:01:aa',
  },
  {
    name: 'backend-service-1',
    node: 'node-1',
    ip: '192.168.0.112',
    listen: TCP_8080,
    mac: '56:00:00:00:01:ab',
    hostMac: '2a:00:00:00:01:ab',
  },
  {
    name: 'metrics-1',
    node: 'node-1',
    ip: '192.168.0.101',
    listen: TCP_9100,
    eni: 'eth0',
    mac: '56:00:00:00:01:ac',
    hostMac: '2a:00:00:00:01:ac',
  },
  {
    name: 'web-app-frontend-2',
    node: 'node-2',
    ip: '192.168.0.212',
    listen: TCP_8080,
    mac: '56:00:00:00:02:aa',
    hostMac: '2a:00:00:00:02:aa',
  },
  {
    name: 'backend-service-2',
    node: 'node-2',
    ip: '192.168.0.211',
    listen: TCP_8080,
    mac: '56:00:00:00:02:bb',
    hostMac: '2a:00:00:00:02:bb',
  },
  {
    name: 'metrics-2',
    node: 'node-2',
    ip: '192.168.0.201',
    listen: TCP_9100,
    eni: 'eth0',
    mac: '56:00:00:00:02:ac',
    hostMac: '2a:00:00:00:02:ac',
  },
]

/** The seed's nodes, each with a second ENI. */
export function nodes(): Topology {
  return cluster(
    {
      ...SEED,
      pods: PODS,
      groups: [...SEED.groups, NODE_PORT_OPEN],
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
    vpcCni,
  )
}
