import type { Bytes, Ipv4, Mac } from '#lib/wire/addr.ts'
import { BROADCAST, isGroup } from '#lib/wire/addr.ts'
import { size, type Ethernet, type Packet } from '#lib/wire/packet.ts'
import { fnv1a } from '#lib/wire/hash.ts'
import type { Dev, DevOf } from '#lib/topology/devs.ts'
import type { Edit } from '#lib/topology/edit.ts'
import type { Conntrack, Neigh, Tuple } from '#lib/topology/linux.ts'
import type { SgFlow } from '#lib/topology/vpc.ts'
import { space, type Netns, type Ref, type TableName, type Topology, type Vpc } from '#lib/topology/topology.ts'
import type { Decision, Stage } from '#lib/trace/decision.ts'
import type { Drop } from '#lib/trace/drop.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Frame, Message, Step } from '#lib/trace/walk.ts'
import { deviceByName, deviceIndex } from '#lib/lookup/local.ts'
import { MOST_COMPARED } from '#lib/lookup/netfilter.ts'

/** A packet under way, as the kernel's sk_buff: the bytes and what one kernel remembers about them. Mutable; belongs to one run. */
export interface Skb {
  packet: Packet
  readonly message: number
  /** The last step recorded for it. */
  step: number
  mark: number
  /** Device it arrived on; null for a packet made here. */
  iif: string | null
  ct: Ct | null
  ctDir: 'original' | 'reply'
  ctState: 'new' | 'established' | 'related' | 'invalid' | null
  /** br_netfilter has already run PREROUTING (ip_sabotage_in). */
  sabotaged: boolean
  /** Largest fragment seen when conntrack put it together; 0 if it was whole. */
  fragMax: number
  /** One of several copies of a flood: losing it does not end the flow. */
  copy: boolean
  /** Whom the frame it came in was for. */
  to: Frame['to']
}

/** A conntrack entry as this run knows it; `index` is its row once confirmed, -1 before. */
export interface Ct {
  readonly proto: Conntrack['proto']; readonly original: Tuple; reply: Tuple
  mark: number; replied: boolean; state: Conntrack['state'] | undefined; index: number
  /** Which of the two nat decisions have been taken (kernel: IPS_DST_NAT_DONE, IPS_SRC_NAT_DONE). */
  dstDone: boolean; srcDone: boolean
  /** No port was free: its answers would be another connection's. */
  taken: boolean
}

/** A connection under one of its two tuples; those with the same hash are chained. */
export interface CtSlot { readonly ct: Ct; readonly dir: 'original' | 'reply'; readonly next: CtSlot | undefined }

/** A neighbour being asked for, with the packets that wait for the answer. */
export interface Asking { readonly ip: Ipv4; readonly dev: string; probes: number; readonly waiting: { readonly skb: Skb; readonly src: Ipv4; readonly next: (lladdr: Mac) => void }[] }

/** What one namespace learned during this run, over its rows. */
export interface Live {
  readonly n: Netns
  /** Is the device at the other end of a veth there and up? */
  peerUp(netns: string, dev: string): boolean
  neigh: Map<string, { lladdr: Mac | null; index: number; row: Neigh }>
  neighRows: number
  /** Neighbours on bridges whose link-layer header the kernel keeps ready (hh_cache): those that a packet was sent to. */
  headed: Set<string> | null
  asking: Map<string, Asking>
  fdb: Map<string, { port: string; index: number }>
  fdbRows: number
  ct: Map<number, CtSlot> | null
  ctRows: number
  holding: Map<string, Skb[]>
  /** Learned path MTUs by destination (RFC 1191; kept as routes of table cache). */
  pmtu: Map<string, number> | null
  routeRows: number
  ipId: number
}

export type Job = () => void

/** Most namespaces of a warm walk learn nothing: they share one empty map until they do. */
const NOTHING = new Map<string, never>()

/** The map of that name, the namespace's own from now on: ask for it before writing. */
export function own<K extends 'neigh' | 'asking' | 'fdb' | 'holding'>(l: Live, name: K): Live[K] {
  if ((l[name] as unknown) === NOTHING) l[name] = new Map() as Live[K]
  return l[name]
}

/** One end of a TCP connection, or the client's socket. */
export interface End {
  readonly role: 'client' | 'server'
  state: 'syn-sent' | 'syn-received' | 'established' | 'fin-wait' | 'last-ack' | 'closed'
  seq: number; ack: number; id: number
  /** Payload bytes received so far, and how many are expected. */
  got: number; readonly want: number
  /** The peer's timestamp to echo. */
  echo: number
  /** TCP only: what it sends by and what it has received. */
  readonly tcp?: Tcb
}

/** A segment that was sent and is not acknowledged. Offsets count data bytes; `burst` is the number of the packet (GSO) it was cut from; `again`: it was sent again since it was lost. */
export interface Sent { readonly start: number; readonly end: number; readonly burst: number; lost: boolean; sacked: boolean; readonly again: boolean }

/** struct tcp_sock in small: one write each way, no congestion but slow start. */
export interface Tcb {
  /** rx_opt.mss_clamp: the peer's MSS option. The peer's window, and the largest so far. The path MTU it goes by (icsk_pmtu_cookie). */
  clamp: number; window: number; largest: number; pmtu: number
  /** What is written, from which sequence number on; how far it is sent and acknowledged. */
  data: Bytes; base: number; next: number; una: number; cwnd: number; sent: Sent[]; sends: number
  /** A program is in a system call of this socket: what comes in waits (sk_backlog). */
  owned: boolean; backlog: Job[]
  /** Received out of order, as offsets of the peer's data: the latest first. Which acknowledgements are due at once, and from where on one is. */
  ahead: Range[]; quick: number; acked: number
}
export type Range = readonly [start: number, end: number]

/** What the devices need of the stack above them; the engine supplies it, so that this floor need not know it. */
export interface Kernel {
  receive(run: Run, l: Live, d: Dev, s: Skb): void
  /** From a device to its protocol, without another tap. */
  upper(run: Run, l: Live, d: Dev, s: Skb): void
  devXmit(run: Run, l: Live, d: Dev, s: Skb): void
  prerouting(run: Run, l: Live, s: Skb, iif: string): boolean
  /** The source check of a packet that is routed in; false if it ended there. */
  maySend(run: Run, l: Live, d: Dev, s: Skb, src: Ipv4, dst: Ipv4): boolean
  forwardHook(run: Run, l: Live, s: Skb, iif: string, oif: string): boolean
  postrouting(run: Run, l: Live, s: Skb, oif: string, bridged?: boolean): boolean
  split(run: Run, l: Live, s: Skb, d: Dev, mtu: number): Skb[]
  /** `through`: the tunnel device whose outer packet it is. */
  localOut(run: Run, l: Live, s: Skb, through?: string): boolean
  /** Goes on with a neighbour's MAC: at once if it is known, else when ARP has brought it. */
  withNeighbour(run: Run, l: Live, s: Skb, d: Dev, ip: Ipv4, next: (lladdr: Mac, header: boolean) => void): void
  /** A frame leaves a NIC for the VPC. */
  toVpc(run: Run, l: Live, d: DevOf<'nic'>, s: Skb): void
}

export interface Run {
  readonly kernel: Kernel
  readonly before: Topology
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
  readonly programs: { readonly at: number; readonly seq: number; readonly job: Job }[]
  /** The programs' own clock, in ticks, and until when each daemon is busy. */
  tick: number
  readonly busy: Map<string, number>
  readonly timers: { readonly at: number; readonly seq: number; readonly job: Job }[]
  now: number
  seq: number
  /** How many devices, and tunnels below them, have handed on the packet that is being sent right now (softnet_data.xmit.recursion). */
  nested: number
  /** Firewall rules compared so far, and bytes of frames. */
  compared: number
  bytes: number
  /** Flows that security groups began to track during this run; their rows follow those of the topology. */
  readonly tracked: SgFlow[]
  /** How many ICMP errors each namespace may still send to each address (inet_peer_xrlim_allow). */
  limits: Map<string, { tokens: number; last: number }> | null
  /** Connections and sockets of programs taking part. */
  readonly ends: Map<string, End>
  /** The flow completed both ways. */
  done: boolean
  icmp: { type: number; code: number; from: string; mtu?: number } | null
}

/** The most steps one walk may take: a layer 2 loop ends here. The kernel has no such limit: a storm goes on until somebody pulls a plug (1.2 million frames in a second, Linux 6.18). */
export const STEP_BUDGET = 20_000
/** The most bytes its frames may have together: a storm of jumbo frames ends here. */
const BYTE_BUDGET = 32 * 2 ** 20
/** Frames before whose number nobody counts bytes: each has at most 64 kB. */
const UNCOUNTED = 512
/** The most firewall rules one walk may compare, about a second's worth. The kernel compares on, packet by packet. */
const RULE_BUDGET = MOST_COMPARED
const NO_WRITES: readonly Edit[] = []
const NO_FRAMES: readonly number[] = []

export function live(run: Run, name: string): Live {
  const known = run.live.get(name)
  if (known !== undefined) return known
  const n = space(run.before, name)
  if (n === undefined || n.kind !== 'netns') throw new RangeError(`no namespace ${name}`)
  const made: Live = {
    n,
    peerUp(name, dev) { const o = space(run.before, name); return o?.kind === 'netns' && deviceByName(o, dev)?.up === true },
    neigh: NOTHING as Live['neigh'], neighRows: n.neigh.length, headed: null, asking: NOTHING as Live['asking'], fdb: NOTHING as Live['fdb'], fdbRows: n.fdb.length,
    ct: null, ctRows: n.conntrack.length, holding: NOTHING as Live['holding'], pmtu: null, routeRows: n.routes.length, ipId: (fnv1a(name) & 0x7fff) + 1,
  }
  run.live.set(name, made)
  return made
}

export function vpcOf(run: Run, name: string): Vpc {
  const v = space(run.before, name)
  if (v === undefined || v.kind !== 'vpc') throw new RangeError(`no VPC ${name}`)
  return v
}

export function ref(name: string, table: TableName, row: number | null): Ref | null {
  return row === null || row < 0 ? null : { in: name, table, row }
}

export function nextId(l: Live): number {
  l.ipId = (l.ipId & 0xffff) % 0xffff + 1
  return l.ipId
}

export function message(run: Run, kind: Message['kind'], leg: Message['leg'], label: string, cause: number | null): number {
  run.messages.push({ n: run.messages.length, kind, leg, label, cause })
  return run.messages.length - 1
}

export function skb(packet: Packet, msg: number, from = -1): Skb {
  return { packet, message: msg, step: from, mark: 0, iif: null, ct: null, ctDir: 'original', ctState: null, sabotaged: false, fragMax: 0, copy: false, to: null }
}

/** Record the step a stage took; the packet stands in skb as it leaves. */
export function record(run: Run, s: Skb, where: string, dev: string | null, stage: Stage, decision: Decision, writes: readonly Edit[] = NO_WRITES, drop: Drop | null = null): void {
  const n = run.steps.length
  if (n >= STEP_BUDGET) throw new BudgetError()
  run.steps.push({ n, from: s.step, in: where, dev, stage, decision, packet: s.packet, message: s.message, writes, drop, frames: NO_FRAMES })
  s.step = n
}

/** Ends a walk that would not end (a loop); caught by the loop, which records the drop. */
export class BudgetError extends Error {
  readonly reason: 'step-budget' | 'rule-budget'
  constructor(reason: BudgetError['reason'] = 'step-budget') {
    super(reason)
    this.reason = reason
  }
}

/** Counts rules that were compared. */
export function compared(run: Run, rules: number): void {
  run.compared += rules
  if (run.compared > RULE_BUDGET) throw new BudgetError('rule-budget')
}

/** What a capture on this device shows now; belongs to the last step of the packet. */
export function tap(run: Run, s: Skb, where: string, dev: string, dir: 'in' | 'out', to: Frame['to']): void {
  const seq = run.frames.length
  if (seq > UNCOUNTED) {
    run.bytes += size(s.packet)
    if (run.bytes > BYTE_BUDGET) throw new BudgetError()
  }
  run.frames.push({ seq, in: where, dev, dir, to, packet: s.packet, step: s.step, message: s.message })
  // The step was made in this run and nobody has seen it yet: it may still be completed in place.
  const step = run.steps[s.step] as { frames: readonly number[] } | undefined
  if (step !== undefined) step.frames = step.frames === NO_FRAMES ? [seq] : [...step.frames, seq]
}

/** A frame leaves the namespace: it waits its turn, or, from a system call, is worked off before the call goes on. */
export function cross(run: Run, job: Job): void {
  run.queue.push(job)
  if (run.context === 'process') drain(run)
}

export function drain(run: Run): void {
  const [was, nested] = [run.context, run.nested]
  run.context = 'softirq'
  // What waited is worked off once the call that sent it has come back.
  run.nested = 0
  while (run.head < run.queue.length) {
    const job = run.queue[run.head]!
    run.head += 1
    job()
  }
  run.queue.length = 0
  run.head = 0
  run.context = was
  run.nested = nested
}

/** local_bh_disable() until the outermost call returns: what it sends crosses only then. */
export function bottomHalvesOff(run: Run, job: Job): void {
  const was = run.context
  run.context = 'softirq'
  job()
  run.context = was
  if (was === 'process') drain(run)
}

/** Something happens after a while, if nothing happened before. Milliseconds of the model's own clock. */
export function later(run: Run, ms: number, job: Job): void {
  run.seq += 1
  run.timers.push({ at: run.now + ms, seq: run.seq, job })
}

/** How long a program takes to run after it was woken, in ticks; a wire carries on when its sender's softirqs are done. Kernels promise no order between processes; this is the one the labs showed:
 *  a daemon in its read loop is quicker than a program that has to be scheduled, two daemon hops are slower; one daemon's packets follow each other. */
const WAKE = { wire: 0, daemon: 2, program: 3, 'when quiet': 1000 } as const
const NEXT_PACKET = 2.5

/** A program is woken: it runs when the network is quiet and its turn has come. */
export function wake(run: Run, who: keyof typeof WAKE, job: Job, daemon = ''): void {
  const free = who === 'daemon' ? run.busy.get(daemon) : undefined
  const at = free !== undefined && free > run.tick ? free - WAKE.daemon + NEXT_PACKET : run.tick + WAKE[who]
  if (who === 'daemon') run.busy.set(daemon, at + WAKE.daemon)
  run.seq += 1
  run.programs.push({ at, seq: run.seq, job })
}

/** The entry that is due first; taken out. */
export function due<T extends { readonly at: number; readonly seq: number }>(list: T[]): T | undefined {
  let next = 0
  list.forEach((x, i) => { const n = list[next]!; if (x.at < n.at || (x.at === n.at && x.seq < n.seq)) next = i })
  return list.splice(next, 1)[0]
}

/** Run as a program's system call. */
export function asProcess(run: Run, job: Job): void {
  const was = run.context
  run.context = 'process'
  job()
  run.context = was
}

export function device(l: Live, name: string): Dev | undefined {
  return deviceByName(l.n, name)
}

export function deviceRef(l: Live, name: string): Ref | null {
  return ref(l.n.name, 'devs', deviceIndex(l.n, name))
}

/** Whom a frame is for, seen from the device it came in on (kernel: eth_type_trans). */
export function addressee(frame: Ethernet, mac: Mac): NonNullable<Frame['to']> {
  if (frame.dst === mac) return 'host'
  if (frame.dst === BROADCAST) return 'broadcast'
  return isGroup(frame.dst) ? 'multicast' : 'otherhost'
}
