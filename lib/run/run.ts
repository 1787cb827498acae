import type { Address, Mac } from '#lib/wire/addr.ts'
import type { Packet } from '#lib/wire/packet.ts'
import type { Dev } from '#lib/topology/devs.ts'
import type { Neigh } from '#lib/topology/rows.ts'
import type { SgFlow } from '#lib/topology/rows.ts'
import { stackOf, type Stack } from '#lib/topology/stacked.ts'
import type { Netns, Ref, Topology } from '#lib/topology/topology.ts'
import type { Decision } from '#lib/trace/decision.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Frame, Loss, Message, Step } from '#lib/trace/walk.ts'
import type { lookupFdb, lookupVxlanFdb } from '#lib/lookup/fdb.ts'
import type { lookupLease } from '#lib/lookup/lease.ts'
import type { lookupNeigh } from '#lib/lookup/neigh.ts'
import type { evaluate } from '#lib/lookup/netfilter.ts'
import type { lookupRoute } from '#lib/lookup/route.ts'
import type { sgAllows } from '#lib/lookup/security-group.ts'
import type { eniOf } from '#lib/lookup/vpc-route.ts'
import type { Noted } from '#lib/lookup/verdict.ts'
import type { lookupSocket } from '#lib/lookup/socket.ts'
import type { Device } from './device.ts'
import type { Ports } from './ports.ts'
import type { CtSlot, Skb, VirtualConn } from './skb.ts'

/* A run is one walk in the making; it has a Live of each namespace that the flow reached, and these an At of each device. */

/** Where something happens: in a namespace or a VPC, on a device or an ENI of it, or on none (null). */
export interface Place {
  readonly run: Run
  readonly in: string
  readonly on: string | null
}

/** A device of a namespace in a run; made once (lib/run/live.ts). */
export interface At<D extends Dev | null = Dev> extends Place {
  readonly l: Live
  readonly dev: D
  /** How it behaves. */
  readonly kind: D extends Dev ? Device<At, Here> : Device<At, Here> | null
  /** Its row; null: no device has the name `on`. */
  readonly row: Ref | null
  /** The decisions it takes again and again. */
  readonly received: Decision
  readonly transmitted: Decision
}
/** A namespace in a run, on a device or on none; or on one that is named and not there. */
export type Here = At<Dev | null>

/** What is the same of a device in all runs. */
export interface Spot {
  /** Which place of a run it is. */
  readonly number: number
  readonly dev: Dev | null
  readonly kind: Device<At, Here> | null
  readonly row: Ref | null
  readonly received: Decision
  readonly transmitted: Decision
}

/** A neighbour being asked for, with the packets that wait for the answer. */
export interface Asking {
  /** The packet that the question is asked for. */
  readonly cause: Skb
  readonly ip: Address
  probes: number
  readonly waiting: {
    readonly skb: Skb
    readonly src: Address
    readonly next: (lladdr: Mac) => void
  }[]
}

/** What one namespace learned during this run, over its rows. */
export interface Live {
  readonly n: Netns
  readonly run: Run
  /** The namespace, on none of its devices. */
  readonly here: At<null>
  /** Its devices by name, as all runs know them; and those of this run so far, by their numbers (lib/run/live.ts). */
  readonly spots: Map<string | null, Spot>
  readonly places: Here[]
  neigh: Map<string, { lladdr: Mac | null; index: number; row: Neigh }>
  neighRows: number
  /** Neighbours on bridges whose link-layer header the kernel keeps ready (hh_cache): those that a packet was sent to. */
  headed: { readonly dev: string; readonly ip: Address }[] | null
  asking: Map<string, Asking>
  fdb: Map<string, { port: string; index: number }>
  fdbRows: number
  ct: Map<number, CtSlot> | null
  ctRows: number
  holding: Map<string, Skb[]>
  /** Learned path MTUs by destination (RFC 1191; kept as routes of table cache). */
  pmtu: Map<string, number> | null
  /** Errors that tunnels heard of and told nobody yet, by device, and when the last came (struct ip_tunnel: err_count, err_time). */
  failing: Map<string, { count: number; last: number }> | null
  /** Gateways that redirects named, by destination (`via` of table cache). */
  gateways: Map<string, Address> | null
  ipId: number
  /** Connections to virtual services that began in this run. */
  virtuals: readonly VirtualConn[] | null
  /** What rules have kept in this run: lists of `-m recent`, buckets of `-m limit`. */
  noted: readonly Noted[] | null
}

export type Job = () => void
/** What happens at a time of some clock; of two at one time the first that was planned. */
export interface Due {
  readonly at: number
  readonly seq: number
  readonly job: Job
}

/** What differs between kernels that somebody asked (lib/analysis/kernel/kernels.ts), or by their timing. */
export interface Traits {
  /** How deep a tunnel may stand in others, itself and each of them counted twice; null: tunnels are not counted, only devices (IP_TUNNEL_RECURSION_LIMIT). */
  readonly tunnelLimit: number | null
  /** The most segments that TCP sends in one packet at first, two at least (tcp_tso_autosize, by the measured round-trip time). */
  readonly burst: number
}
/** Linux 6.18's. */
export const NEWEST: Traits = { tunnelLimit: 5, burst: Infinity }

/** What a bridge knows of a MAC: the port, and the row that says so; -1 for none. */
export interface Behind {
  readonly port: string
  readonly index: number
}

/** What a tunnel chose for the outer headers; `sport` is the outer UDP source port. */
export interface Outer {
  readonly ttl: number
  readonly tos: number
  readonly df: boolean
  readonly sport: number
}

/** How tables are searched and outer headers chosen. Who believes otherwise ("the first row wins") is a walk with one of these exchanged. */
export interface Asks {
  readonly route: typeof lookupRoute
  readonly neigh: typeof lookupNeigh
  /** Where a bridge sends a MAC, as it `found`: a port by name, itself by its own, or null: unknown. */
  readonly behind: (
    found: Behind | null,
    mac: Mac,
    bridge: { readonly n: Netns; readonly name: string },
  ) => Behind | null
  /** A bridge's forwarding entry. */
  readonly fdb: typeof lookupFdb
  /** A tunnel's: which remote has the MAC. */
  readonly remote: typeof lookupVxlanFdb
  readonly lease: typeof lookupLease
  readonly socket: typeof lookupSocket
  /** A table's chain at a hook, in the order of its rules. */
  readonly chain: typeof evaluate
  /** The groups of an interface of a VPC. */
  readonly admits: typeof sgAllows
  /** A VPC's mapping service: which interface has the address. */
  readonly mapping: typeof eniOf
  /** `chosen` is what the tunnel would write around `inner`. */
  readonly outer: (chosen: Outer, inner: Packet) => Outer
}

export interface Run {
  readonly ports: Ports<Here, At>
  readonly asks: Asks
  readonly traits: Traits
  readonly before: Topology
  /** What of it stands on other devices; null: nothing does. */
  readonly stack: Stack | null
  readonly flow: Flow
  readonly steps: Step[]
  readonly frames: Frame[]
  readonly messages: Message[]
  readonly live: Map<string, Live>
  /** Crossings of a veth, a wire or lo, first in first out. */
  readonly queue: Job[]
  head: number
  /** Softirqs run when a system call gives up the CPU: in process context a crossing is worked off at once, in softirq context it queues. */
  context: 'process' | 'softirq'
  /** What programs do next, in the order in which they get to run (see `wake`). */
  readonly woken: Due[]
  /** The programs' own clock, in ticks, and until when each daemon is busy. */
  tick: number
  readonly busy: Map<string, number>
  readonly timers: Due[]
  now: number
  seq: number
  /** How many devices, and tunnels below them, have handed on the packet that is being sent right now (softnet_data.xmit.recursion). */
  nested: number
  /** Firewall rules compared so far, and bytes of frames. */
  compared: number
  bytes: number
  /** Flows that security groups began to track during this run, by VPC; their rows follow those of the topology. */
  readonly tracked: Map<string, SgFlow[]>
  /** How many ICMP errors each namespace may still send to each address (inet_peer_xrlim_allow). */
  limits: Map<string, { tokens: number; last: number }> | null
  /** How many redirects each router has sent to each address, and when the last (inet_peer). */
  redirected: Map<string, { sent: number; last: number }> | null
  /** What programs keep: theirs alone (lib/programs/ends.ts). */
  readonly programs: unknown
  /** The flow completed both ways. */
  done: boolean
  icmp: Loss['icmp']
}

/** A run in which nothing has happened yet. */
export function newRun(
  given: Pick<Run, 'ports' | 'asks' | 'traits' | 'before' | 'flow' | 'programs'>,
): Run {
  // No spread: one shape, whatever was given.
  const { ports, asks, traits, before, flow, programs } = given
  return {
    ports,
    asks,
    traits,
    before,
    stack: stackOf(before),
    flow,
    programs,
    steps: [],
    frames: [],
    messages: [],
    live: new Map(),
    queue: [],
    head: 0,
    context: 'softirq',
    woken: [],
    tick: 0,
    busy: new Map(),
    timers: [],
    now: 0,
    seq: 0,
    nested: 0,
    compared: 0,
    bytes: 0,
    tracked: new Map(),
    limits: null,
    redirected: null,
    done: false,
    icmp: null,
  }
}
