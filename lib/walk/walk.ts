import { isMulticast } from '#lib/wire/addr.ts'
import { writeAll } from '#lib/topology/write.ts'
import { withSpace, space, type Topology } from '#lib/topology/topology.ts'
import { isLoss } from '#lib/trace/drop.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Loss, Step, Walk } from '#lib/trace/walk.ts'
import { settle } from '#lib/run/clock.ts'
import type { Ports } from '#lib/run/ports.ts'
import { BudgetError } from '#lib/run/record.ts'
import {
  newRun,
  NEWEST,
  type Asks,
  type At,
  type Here,
  type Run,
  type Traits,
} from '#lib/run/run.ts'
import { lookupFdb, lookupVxlanFdb } from '#lib/lookup/fdb.ts'
import { lookupLease } from '#lib/lookup/lease.ts'
import { lookupNeigh } from '#lib/lookup/neigh.ts'
import { evaluate } from '#lib/lookup/netfilter.ts'
import { lookupRoute } from '#lib/lookup/route.ts'
import { sgAllows } from '#lib/lookup/security-group.ts'
import { eniOf } from '#lib/lookup/vpc-route.ts'
import { lookupSocket } from '#lib/lookup/socket.ts'
import { deviceOf } from '#lib/link/index.ts'
import { reject, sendError } from '#lib/ip/icmp.ts'
import { path, QUESTIONS, type Questions } from '#lib/ip/path.ts'
import { sender } from '#lib/programs/errors.ts'
import { echoed } from '#lib/programs/ping.ts'
import { newPrograms } from '#lib/programs/programs.ts'
import { start } from '#lib/programs/start.ts'
import { early, tcpRcv } from '#lib/programs/tcp-rcv.ts'
import { udpRcv } from '#lib/programs/udp.ts'
import { fabric } from '#lib/vpc/fabric.ts'

/** The calls that go up, filled in. */
const portsBy = (q: Questions): Ports<Here, At> => ({
  ...path(q),
  deviceOf,
  error: sendError,
  reject,
  fabric: (at, s) => fabric(at as Parameters<typeof fabric>[0], s),
  udp: udpRcv,
  tcp: tcpRcv,
  early,
  echoed,
  sender,
})
const PORTS = portsBy(QUESTIONS)

/** Tables as the kernel searches them, and outer headers as its tunnels choose them. */
const ASKS: Asks = {
  route: lookupRoute,
  neigh: lookupNeigh,
  behind: (found) => found,
  fdb: lookupFdb,
  remote: lookupVxlanFdb,
  lease: lookupLease,
  socket: lookupSocket,
  chain: evaluate,
  admits: sgAllows,
  mapping: eniOf,
  outer: (chosen) => chosen,
}
export type Variant = Partial<Asks>

export interface WalkOptions {
  /** Neighbours and bridge FDB are as an identical earlier flow left them (contract: caches are cold otherwise). */
  readonly warm?: boolean
  /** Another kernel's than Linux 6.18's. */
  readonly traits?: Traits
  /**
   * A misconception: what it believes of how tables are searched or outer headers chosen stands in for what the kernel does
   * (`{ route: firstRow }`). Rows that it names are those of the topology, and the same variant makes the same walk.
   */
  readonly variant?: Variant
  /** Questions that are asked otherwise, or not at all (`{ countDown: () => {} }`): what would be without one. */
  readonly questions?: Partial<Questions>
}

/** Compute everything a flow does, from the rows. Same input, same result; the input is not touched.
 *  Throws RangeError where the flow is from nobody, or to a multicast address. */
export function walk(topology: Topology, asked: Flow, options: WalkOptions = {}): Walk {
  const { warm = false, ...kernel } = options
  const { traits = NEWEST, variant, questions } = kernel
  const flow = toSelf(asked)
  const before = warm ? warmed(topology, flow, kernel) : topology
  const run = newRun({
    ports: questions === undefined ? PORTS : portsBy({ ...QUESTIONS, ...questions }),
    asks: variant === undefined ? ASKS : { ...ASKS, ...variant },
    traits,
    before,
    flow,
    programs: newPrograms(),
  })
  if (space(before, flow.from)?.kind !== 'netns')
    throw new RangeError(`flow.from: no pod, node or host is called ${flow.from}`)
  /** The step at which a budget was spent. */
  let spent: Step | null = null
  if (isMulticast(flow.to))
    throw new RangeError(
      `flow.to: ${flow.to} is a multicast address, and multicast is not modelled; choose an address that one machine has`,
    )
  try {
    start(run)
    settle(run)
  } catch (error) {
    if (!(error instanceof BudgetError)) throw error
    const last = run.steps[run.steps.length - 1]
    if (last !== undefined) run.steps[last.n] = { ...last, drop: { reason: error.reason } }
    run.done = false
    spent = last ?? null
  }
  return finished({
    before,
    flow: asked,
    messages: run.messages,
    steps: run.steps,
    frames: run.frames,
    delivered: run.done,
    loss: run.done ? null : lossOf(run, spent),
  })
}

const afters = new WeakMap<Walk, Topology>()
/**
 * One function for all walks. With `get after()` in a literal each walk has one of its own, V8 keeps that with the shape of the
 * object, and each walk is kept alive by the one before it until all memory is searched: half of the time went there.
 */
const AFTER: PropertyDescriptor & ThisType<Walk> = {
  enumerable: true,
  configurable: true,
  get() {
    let known = afters.get(this)
    if (known === undefined) {
      known = writeAll(
        this.before,
        this.steps.flatMap((s) => s.writes),
      )
      afters.set(this, known)
    }
    return known
  },
}

function finished(found: Omit<Walk, 'after'>): Walk {
  return Object.defineProperty(found, 'after', AFTER) as Walk
}

/** ip_route_output_key_hash_rcu(): nobody is oneself, at the address the socket is bound to or else 127.0.0.1. */
function toSelf(flow: Flow): Flow {
  return flow.to === '0.0.0.0'
    ? { ...flow, to: flow.src ?? '127.0.0.1', src: flow.src ?? '127.0.0.1' }
    : flow
}

/** The topology with the neighbours and FDB entries this flow leaves behind in the same kernels; connections are forgotten. */
export function warmed(
  topology: Topology,
  flow: Flow,
  kernel: Omit<WalkOptions, 'warm'> = {},
): Topology {
  const first = walk(topology, flow, kernel)
  let t = topology
  const kept = first.steps
    .flatMap((s) => s.writes)
    .filter((w) => w.table === 'neigh' || w.table === 'fdb')
  t = writeAll(t, kept)
  for (const name of t.edited.keys()) {
    const s = space(t, name)
    if (
      s?.kind === 'netns' &&
      s.neigh.some((n) => n.state === 'FAILED' || n.state === 'INCOMPLETE')
    )
      t = withSpace(t, {
        ...s,
        neigh: s.neigh.filter((n) => n.state !== 'FAILED' && n.state !== 'INCOMPLETE'),
      })
  }
  return t
}

/** The first loss on the flow's own path that ended it. Copies of a flood and asides are passed over unless nothing else was lost. What goes round until a budget is spent was not lost anywhere before. */
function lossOf(run: Run, spent: Step | null): Loss | null {
  const end = spent === null ? null : run.steps[spent.n]!
  if (end !== null && end.drop !== null)
    return { step: end.n, drop: end.drop, in: end.in, dev: end.dev, icmp: run.icmp }
  const drops = run.steps.filter(
    (s): s is Step & { drop: NonNullable<Step['drop']> } =>
      s.drop !== null && run.messages[s.message]?.kind === 'flow',
  )
  const real = drops.filter((s) => isLoss(s.drop))
  const step = real[0] ?? drops[0] ?? run.steps.find((s) => s.drop !== null)
  if (step === undefined || step.drop === null) return null
  return { step: step.n, drop: step.drop, in: step.in, dev: step.dev, icmp: run.icmp }
}
