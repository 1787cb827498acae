import type { Cidr } from '#lib/wire/addr.ts'
import { parseIptables } from '#lib/topology/iptables.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { SgRule } from '#lib/topology/rows.ts'
import { editsBetween } from './between.ts'
import type { PodSpec, ServiceSpec } from './cluster/spec.ts'
import { kubeProxy } from './cni/kube-proxy.ts'
import { whenAsked } from './scenario.ts'
import type { Asked } from './world.ts'
import type { SERVICE_FLOWS } from './ids.ts'
import { NODES, tcp } from './cluster/seed.ts'

/** The one Service of every Kubernetes world. */
const BACKEND = {
  name: 'backend',
  portName: 'http',
  ip: '10.96.0.50',
  port: 80,
  proto: 'tcp',
  targetPort: 8080,
  pods: ['backend-service-1', 'backend-service-2'],
  nodePort: 30080,
} as const satisfies ServiceSpec
export const SERVICES: readonly ServiceSpec[] = [BACKEND]

/** A node port is meant for everybody, so the nodes' group lets it in from anywhere. */
export const NODE_PORT_OPEN: SgRule = {
  group: 'sg-node',
  direction: 'ingress',
  proto: 'tcp',
  ports: [BACKEND.nodePort, BACKEND.nodePort],
  peer: '0.0.0.0/0',
}

/** What is asked of the Service. The draw decides which endpoint a flow gets (a test says which): 1 gives the one on node-2, 0 the one on node-1. */
const FAR = 1
const NEAR = 0
const NEAR_FROM_INSIDE = 2
export function serviceFlows(nodePort: 'near' | 'far'): {
  readonly [F in (typeof SERVICE_FLOWS)[number]]: Flow
} {
  const to = (from: string, draw: number): Flow => ({
    ...tcp(from, BACKEND.ip, BACKEND.port),
    draw,
  })
  return {
    service: to('web-app-frontend-1', FAR),
    'service-same-node': to('web-app-frontend-1', NEAR),
    'service-hairpin': to('backend-service-1', NEAR),
    // node-1's public address, which the internet gateway knows.
    'node-port': {
      ...tcp('internet', NODES[0]!.publicIp!, BACKEND.nodePort),
      draw: nodePort === 'near' ? NEAR : FAR,
    },
  }
}

/** node-1's node port, called by node-2, for the pod on node-1. */
export function nodePortInside(): Flow {
  return { ...tcp('node-2', NODES[0]!.ip, BACKEND.nodePort), draw: NEAR_FROM_INSIDE }
}

/** Nobody is behind the Service any more: what kube-proxy then takes away on each node, rules before chains, and what it writes. */
export function noEndpoints(
  pods: readonly PodSpec[],
  clusterCidr: Cidr | null,
  nodes: readonly { readonly name: string }[] = NODES,
): Asked {
  const rows = (behind: readonly string[]) =>
    parseIptables(
      kubeProxy(
        [
          {
            ...BACKEND,
            endpoints: pods
              .filter((p) => behind.includes(p.name))
              .map((p) => ({ ip: p.ip, port: BACKEND.targetPort })),
          },
        ],
        { clusterCidr },
      ),
    )
  const edits = whenAsked(() => {
    const [before, after] = [rows(BACKEND.pods), rows([])]
    return nodes.flatMap((n) => editsBetween(n.name, before, after))
  })
  return {
    expect: 'netfilter-reject',
    flow: 'service',
    get edits() {
      return edits()
    },
  }
}
