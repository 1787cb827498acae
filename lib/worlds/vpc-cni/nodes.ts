import type { SgRule } from '#lib/topology/rows.ts'
import type { Topology } from '#lib/topology/topology.ts'
import { cluster } from '#lib/worlds/cluster/cluster.ts'
import { NODES, SEED } from '#lib/worlds/cluster/seed.ts'
import { GROUP, type PodSpec } from '#lib/worlds/cluster/spec.ts'
import { NODE_PORT_OPEN, SERVICES } from '#lib/worlds/services.ts'
import { vpcCni } from './cni.ts'
import type { VpcCniOptions } from './eras.ts'

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

/** A VPC that is peered with the nodes', and a machine in it. */
export const PEERED = '172.16.0.0/16'
export const PEER = {
  name: 'peer',
  ip: '172.16.0.10',
  listen: [{ proto: 'tcp', port: 5432 }],
} as const
/** It may call the pods. */
const PEER_IN: SgRule = {
  group: GROUP,
  direction: 'ingress',
  proto: 'tcp',
  ports: [8080, 8080],
  peer: PEERED,
}

/** The seed's nodes, each with a second ENI. `mtu` is that of the ENIs. */
export function nodes(o: VpcCniOptions = {}, mtu: number = SEED.mtu): Topology {
  return cluster(
    {
      ...SEED,
      mtu,
      peerings: [{ id: 'pcx-peer', cidr: PEERED }],
      hosts: [...SEED.hosts, PEER],
      pods: PODS,
      groups: [...SEED.groups, NODE_PORT_OPEN, PEER_IN],
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
    vpcCni(o),
  )
}
