import type { Packet } from '#lib/wire/packet.ts'
import type { Edit } from '#lib/topology/edit.ts'
import type { Topology } from '#lib/topology/topology.ts'
import type { Decision } from './decision.ts'
import type { Stage } from './stages.ts'
import type { Drop } from './drop.ts'
import type { Flow } from './flow.ts'
import type { Saying } from './saying.ts'

/** One packet the walk follows from birth on: the request, each segment of a connection, an ARP question, an ICMP error. */
export interface Message {
  readonly n: number
  readonly kind: 'flow' | 'arp' | 'error'
  /** 'forward': from the flow's sender towards its destination; 'back': the answers. ARP and errors carry that of the packet that caused them. */
  readonly leg: 'forward' | 'back'
  /** What it says; in words: `labelOf`. */
  readonly says: Saying
  /** The message that caused it (null for the first). */
  readonly cause: number | null
}

/** One question, its evidence, the packet after it, what it wrote; and why it ended, if it ended here. */
export interface Step {
  readonly n: number
  /** The step this copy came from; -1 at an origin. */
  readonly from: number
  readonly in: string
  readonly dev: string | null
  readonly stage: Stage
  readonly decision: Decision
  /** As it leaves this step. */
  readonly packet: Packet
  readonly message: number
  /** Rows the kernel wrote here: neigh, fdb, conntrack, sgFlows. */
  readonly writes: readonly Edit[]
  readonly drop: Drop | null
  /** Indices into frames: what captures show because of this step. */
  readonly frames: readonly number[]
}

/** What a capture on one device shows: Ethernet frames whole, bare IP on a TUN. */
export interface Frame {
  readonly seq: number
  readonly in: string
  readonly dev: string
  readonly dir: 'in' | 'out'
  readonly to: 'host' | 'otherhost' | 'broadcast' | 'multicast' | null
  readonly packet: Packet
  readonly step: number
  readonly message: number
}

/** The first loss on the flow's own path that ended it, with the ICMP error that came back, if one did. */
export interface Loss {
  readonly step: number
  readonly drop: Drop
  readonly in: string
  readonly dev: string | null
  readonly icmp: {
    readonly type: number
    readonly code: number
    readonly from: string
    readonly mtu?: number
  } | null
}

/** What became of a flow: a value, the same for the same topology and flow. Steps and frames stand in the order in which a kernel would come to them. */
export interface Walk {
  readonly before: Topology
  readonly flow: Flow
  readonly messages: readonly Message[]
  readonly steps: readonly Step[]
  readonly frames: readonly Frame[]
  /** Completed both ways: echo answered, datagram answered, connection closed cleanly. */
  readonly delivered: boolean
  readonly loss: Loss | null
  /** before + every step's writes; all Refs resolve in it. Computed when first read. */
  readonly after: Topology
}

/** 'node-1/flannel.1 xmit', a repeat gets '#2': how prose, links and goldens name a step. Built for all steps at once. */
export function keys(walk: Walk): string[] {
  const seen = new Map<string, number>()
  return walk.steps.map((s) => {
    const key = `${s.in}${s.dev === null ? '' : `/${s.dev}`} ${s.stage}`
    const n = (seen.get(key) ?? 0) + 1
    seen.set(key, n)
    return n === 1 ? key : `${key}#${n}`
  })
}
