import type { Packet } from '#lib/wire/packet.ts'
import { spaces, withSpace, type Topology, type Vpc } from '#lib/topology/topology.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Walk } from '#lib/trace/walk.ts'
import type { WalkOptions } from '#lib/walk/walk.ts'
import type { Asks } from './asked.ts'

/** A misconception: which predictions it has an answer to, and the walk as it believes it. */
export interface Belief {
  readonly asks: readonly Asks[]
  /** It has lookups or questions answered its own way. */
  readonly walk?: WalkOptions
  /** It takes other rows to be there; `flow` is what is sent. */
  readonly rows?: (t: Topology, flow: Flow) => Topology
  /** What it makes of the walk as it was: other packets, or fewer. */
  readonly as?: (walk: Walk) => Walk
  /** What it counts of a packet, bytes. */
  readonly counts?: (p: Packet) => number
  /** It is about the network as it was: what is changed makes no difference to it. */
  readonly unchanged?: true
}

/** The topology with each VPC changed. */
export const vpcs = (t: Topology, change: (v: Vpc) => Vpc): Topology =>
  spaces(t).reduce((now, s) => (s.kind === 'vpc' ? withSpace(now, change(s)) : now), t)

/** The VPC as it would be if its interfaces sent from any address. */
export const unchecked = (t: Topology): Topology =>
  vpcs(t, (v) => ({ ...v, enis: v.enis.map((e) => ({ ...e, sourceDestCheck: false })) }))

/** And if its groups let everything in. */
export const open = (t: Topology): Topology =>
  vpcs(unchecked(t), (v) => ({
    ...v,
    sgRules: [
      ...v.sgRules,
      ...[...new Set(v.sgRules.map((r) => r.group))].map(
        (group) => ({ group, direction: 'ingress', proto: 'all', peer: '0.0.0.0/0' }) as const,
      ),
    ],
  }))
