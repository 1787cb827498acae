import { dev, netns, type Topology } from '#lib/topology/topology.ts'
import type { Step } from '#lib/trace/walk.ts'

/** Loopback and its like set no limit a reader would meet. */
const UNLIMITED = 20_000

/** The MTU of the device a step is at, in bytes; null where no link has a say. */
export function mtuAt(topology: Topology, step: Step): number | null {
  const n = step.dev === null ? undefined : netns(topology, step.in)
  const d = n === undefined ? undefined : dev(n, step.dev!)
  return d === undefined || d.mtu > UNLIMITED ? null : d.mtu
}
