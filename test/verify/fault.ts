import type { Edit } from '#lib/topology/edit.ts'
import type { Flow } from '#lib/trace/flow.ts'

/** How a flow ends is written out: `reason in namespace`, then the ICMP error that came back, or `silent`, and the counter that moved. */
export interface Sent {
  readonly flow: Flow
  readonly ends: string
}
/** One lab: a world, what is wrong in it, and what is sent through it. */
export interface Fault {
  readonly fault: string
  readonly world: string
  readonly edits: readonly Edit[]
  readonly sent: readonly Sent[]
}
