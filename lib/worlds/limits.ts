import { BRIDGE_PORTS, NODES, PODS, PODS_PER_NODE } from '#lib/topology/bounds.ts'
import type { Limits } from './entry.ts'

/** What the machine and the page bear, whatever the network. */
export const ROUTED: Limits = {
  nodes: NODES,
  pods: PODS,
  podsPerNode: PODS_PER_NODE,
  bridgePorts: null,
}
/** The kernel's bridge bears fewer ports than a node pods. */
export const BRIDGED: Limits = { ...ROUTED, bridgePorts: BRIDGE_PORTS }
