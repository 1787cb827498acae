import type { Topology } from '#lib/topology/topology.ts'
import { cluster } from '#lib/worlds/cluster/cluster.ts'
import { NODES, PODS, SEED } from '#lib/worlds/cluster/seed.ts'
import { GROUP, NODE_GROUP, type PodSpec } from '#lib/worlds/cluster/spec.ts'
import { docker, type DockerOptions } from './cni.ts'
import { entry } from './entry.ts'

/** Docker gives the same addresses on every host: .2 to the first container, .3 to the second. Each publishes its port 80. */
const CONTAINERS: readonly PodSpec[] = PODS.map((p) => ({
  name: p.name,
  node: p.node,
  listen: [{ proto: 'tcp', port: 80 }],
  ...(p.name.startsWith('backend')
    ? { ip: '172.17.0.3', publish: [{ host: 8080, port: 80, proto: 'tcp' }] }
    : { ip: '172.17.0.2', publish: [{ host: 8081, port: 80, proto: 'tcp' }] }),
}))
// docker run -p is meant for everybody, so the group lets the published ports in from anywhere.
const PUBLIC = {
  group: GROUP,
  direction: 'ingress',
  proto: 'tcp',
  ports: [8080, 8081],
  peer: '0.0.0.0/0',
} as const

/** The seed's machines as two Docker hosts. */
export function hosts(o: DockerOptions): Topology {
  return cluster(
    {
      ...SEED,
      role: 'container',
      groups: [...NODE_GROUP, PUBLIC],
      nodes: NODES.map((n) => ({ ...n, podCidr: entry.traits.range })),
      pods: CONTAINERS,
    },
    docker(o),
  )
}
