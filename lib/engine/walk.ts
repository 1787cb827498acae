import { isMulticast } from '#lib/wire/addr.ts'
import { toVpc } from './vpc.ts'
import { writeAll } from '#lib/topology/write.ts'
import { withSpace, space, type Topology } from '#lib/topology/topology.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Loss, Step, Walk } from '#lib/trace/walk.ts'
import { BudgetError, drain, due, type Kernel, type Run } from '#lib/devices/run.ts'
import { start } from './apps.ts'
import { postrouting } from './netfilter.ts'
import { localOut } from './output.ts'
import { forwardHook, maySend, prerouting, receive, upper } from './receive.ts'
import { devXmit, split, withNeighbour } from './transmit.ts'

const KERNEL: Kernel = { receive, upper, devXmit, prerouting, maySend, forwardHook, postrouting, split, localOut, withNeighbour, toVpc }

/** Compute everything a flow does, from the rows. Same input, same result; the input is not touched.
 *  `warm`: neighbours and bridge FDB are as an identical earlier flow left them (contract: caches are cold otherwise). */
export function walk(topology: Topology, flow: Flow, options: { readonly warm?: boolean } = {}): Walk {
  const before = options.warm === true ? warmed(topology, flow) : topology
  const run: Run = {
    kernel: KERNEL, before, flow, steps: [], frames: [], messages: [], live: new Map(), queue: [], head: 0, context: 'softirq', programs: [], tick: 0, busy: new Map(), timers: [],
    now: 0, seq: 0, nested: 0, compared: 0, bytes: 0, tracked: [], limits: null, ends: new Map(), done: false, icmp: null,
  }
  if (space(before, flow.from)?.kind !== 'netns') throw new RangeError(`flow.from: no pod, node or host is called ${flow.from}`)
  /** The step at which a budget was spent. */
  let spent: Step | null = null
  if (isMulticast(flow.to)) throw new RangeError(`flow.to: ${flow.to} is a multicast address, and multicast is not modelled; choose an address that one machine has`)
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
  let after: Topology | null = null
  return {
    before, flow, messages: run.messages, steps: run.steps, frames: run.frames, delivered: run.done, loss: run.done ? null : lossOf(run, spent),
    get after() { return (after ??= writeAll(before, run.steps.flatMap((s) => s.writes))) },
  }
}

/** Frames first, then what programs do next, then what only time brings. */
function settle(run: Run): void {
  for (;;) {
    drain(run)
    const program = due(run.programs)
    if (program !== undefined) { run.tick = program.at; program.job(); continue }
    const timer = due(run.timers)
    if (timer === undefined) return
    run.now = timer.at
    timer.job()
  }
}

/** The topology with the neighbours and FDB entries this flow leaves behind; connections are forgotten. */
export function warmed(topology: Topology, flow: Flow): Topology {
  const first = walk(topology, flow)
  let t = topology
  const kept = first.steps.flatMap((s) => s.writes).filter((w) => w.table === 'neigh' || w.table === 'fdb')
  t = writeAll(t, kept)
  for (const name of t.edited.keys()) {
    const s = space(t, name)
    if (s?.kind === 'netns' && s.neigh.some((n) => n.state === 'FAILED' || n.state === 'INCOMPLETE')) t = withSpace(t, { ...s, neigh: s.neigh.filter((n) => n.state !== 'FAILED' && n.state !== 'INCOMPLETE') })
  }
  return t
}

/** The first loss on the flow's own path that ended it. Copies of a flood and asides are passed over unless nothing else was lost. What goes round until a budget is spent was not lost anywhere before. */
function lossOf(run: Run, spent: Step | null): Loss | null {
  const end = spent === null ? null : run.steps[spent.n]!
  if (end !== null && end.drop !== null) return { step: end.n, drop: end.drop, in: end.in, dev: end.dev, icmp: run.icmp }
  const drops = run.steps.filter((s): s is Step & { drop: NonNullable<Step['drop']> } => s.drop !== null && run.messages[s.message]?.kind === 'flow')
  const real = drops.filter((s) => s.drop.reason !== 'other-host' && s.drop.reason !== 'not-arp-owner')
  const step = real[0] ?? drops[0] ?? run.steps.find((s) => s.drop !== null)
  if (step === undefined || step.drop === null) return null
  return { step: step.n, drop: step.drop, in: step.in, dev: step.dev, icmp: run.icmp }
}
