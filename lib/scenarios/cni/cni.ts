import type { Patch } from '../patch.ts'
import type { ClusterSpec, NodeSpec, PodSpec } from '../spec.ts'

/** What differs between networks, and all of it: how a node is prepared, how a pod is attached, how a node learns of another. */
export interface Cni {
  node(c: ClusterSpec, n: NodeSpec, pods: readonly PodSpec[]): Patch
  /** Rows in the pod, and on its node. `index` counts the node's pods. */
  attach(c: ClusterSpec, n: NodeSpec, p: PodSpec, index: number): { readonly pod: Patch; readonly host: Patch }
  join(c: ClusterSpec, from: NodeSpec, to: NodeSpec): Patch
}
