import type { Edit } from '#lib/topology/edit.ts'
import { applyAll } from '#lib/topology/apply.ts'
import { netns, withSpace, type Netns, type Topology } from '#lib/topology/topology.ts'
import type { Flow } from '#lib/trace/flow.ts'
import { cluster } from '#lib/worlds/cluster/cluster.ts'
import { NODES, POD_NETWORK, PODS, SEED, tcp } from '#lib/worlds/cluster/seed.ts'
import { NODE_GROUP, type NodeSpec, type PodSpec } from '#lib/worlds/cluster/spec.ts'
import { flannel, type Backend } from './cni.ts'

/* A night in which flanneld on node-1 does not run: what each hour leaves in the tables. Nothing of it is written down here but who has flanneld, and who has come. */

/** What happens, in its order. `at`: minutes after it stopped. */
export const HOURS = [
  /** flanneld on node-1 stops. */
  { id: 'stops', at: 0 },
  /** What was learned has been forgotten: ARP, the bridges' MACs. */
  { id: 'forgets', at: 5 },
  /** A pod is made on node-1. */
  { id: 'pod', at: 60 },
  /** A third node joins. */
  { id: 'node', at: 120 },
  /** node-1's lease is not renewed and ends, where it is kept in etcd. */
  { id: 'lease', at: 420 },
  /** flanneld on node-1 starts again. */
  { id: 'starts', at: 480 },
] as const
/** What happened last, by its name in HOURS. */
export type HourId = (typeof HOURS)[number]['id']

/** etcd's lease lasts so long, and is renewed so long before it ends (pkg/subnet/etcd/local_manager.go), minutes. */
export const LEASE = { lasts: 24 * 60, renewed: 23 * 60 } as const

const NODE_3: NodeSpec = {
  name: 'node-3',
  ip: '192.168.0.130',
  subnet: 'a',
  podCidr: '10.1.30.0/24',
}
const LISTEN = [{ proto: 'tcp', port: 8080 }] as const
const NEW_POD: PodSpec = { name: 'late-pod', node: 'node-1', ip: '10.1.15.4', listen: LISTEN }
const POD_3: PodSpec = { name: 'far-pod', node: 'node-3', ip: '10.1.30.2', listen: LISTEN }
const DEAD = 'node-1'

/** Who talks, and since when they can. */
export const TALKS = [
  { id: 'there', since: 'stops', flow: tcp('web-app-frontend-1', '10.1.20.3', 8080) },
  { id: 'back', since: 'stops', flow: tcp('backend-service-2', '10.1.15.2', 8080) },
  { id: 'home', since: 'stops', flow: tcp('web-app-frontend-1', '10.1.15.3', 8080) },
  { id: 'new-pod', since: 'pod', flow: tcp(NEW_POD.name, '10.1.20.3', 8080) },
  { id: 'to-new-node', since: 'node', flow: tcp('web-app-frontend-1', POD_3.ip, 8080) },
  { id: 'others', since: 'node', flow: tcp('backend-service-2', POD_3.ip, 8080) },
] as const satisfies readonly { readonly id: string; readonly since: HourId; readonly flow: Flow }[]
/** Who sends to whom that night, by its name in TALKS. */
export type TalkId = (typeof TALKS)[number]['id']

interface Here {
  readonly nodes: readonly NodeSpec[]
  readonly pods: readonly PodSpec[]
}

const isFrom = (hour: HourId, since: HourId): boolean =>
  HOURS.findIndex((h) => h.id === hour) >= HOURS.findIndex((h) => h.id === since)

/** Can these talk yet? */
export const talksAt = (hour: HourId): readonly (typeof TALKS)[number][] =>
  TALKS.filter((t) => isFrom(hour, t.since))

/** Rows of a cluster whose flannelds all run and know all nodes of it. */
function running(backend: Backend, { nodes, pods }: Here): Topology {
  const bare = backend === 'host-gw'
  // Without an envelope the VPC has to let pods' addresses through.
  const groups = bare
    ? [
        ...NODE_GROUP,
        { group: 'sg-node', direction: 'ingress', proto: 'all', peer: POD_NETWORK } as const,
      ]
    : NODE_GROUP
  return cluster(
    {
      ...SEED,
      groups,
      nodes: bare ? nodes.map((n) => ({ ...n, sourceDestCheck: false })) : nodes,
      pods,
    },
    flannel({ backend, network: POD_NETWORK, bridge: 'docker0', hairpin: false }),
  )
}

/** What goes with the program: what it holds open, or else what only it remembers. */
function stopped(t: Topology): Topology {
  const { daemons, leases } = netns(t, DEAD)!
  const edits: readonly Edit[] =
    daemons.length > 0
      ? daemons.map(({ name }) => ({ op: 'del', in: DEAD, table: 'daemons', where: { name } }))
      : leases.map(({ subnet }) => ({ op: 'del', in: DEAD, table: 'leases', where: { subnet } }))
  return applyAll(t, edits)
}

/** One node's rows as they would be in another cluster. */
const asIn = (t: Topology, node: string, other: Topology): Topology =>
  withSpace(t, netns(other, node) as Netns)

/** The tables at an hour of that night. */
export function nightAt(backend: Backend, hour: HourId): Topology {
  const come: Here = {
    nodes: [...NODES, ...(isFrom(hour, 'node') ? [NODE_3] : [])],
    pods: [
      ...PODS,
      ...(isFrom(hour, 'pod') ? [NEW_POD] : []),
      ...(isFrom(hour, 'node') ? [POD_3] : []),
    ],
  }
  const all = running(backend, come)
  if (isFrom(hour, 'starts')) return all
  // Who does not run has not heard of the third node.
  const known: Here = { nodes: NODES, pods: come.pods.filter((p) => p.node !== NODE_3.name) }
  let t = asIn(all, DEAD, running(backend, known))
  if (isFrom(hour, 'lease')) {
    // The others have what they would have if node-1 had never been.
    const alive = come.nodes.filter((n) => n.name !== DEAD)
    const without = running(backend, {
      nodes: alive,
      pods: come.pods.filter((p) => p.node !== DEAD),
    })
    for (const { name } of alive) t = asIn(t, name, without)
  }
  return stopped(t)
}
