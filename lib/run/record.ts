import { size } from '#lib/wire/packet.ts'
import type { Edit } from '#lib/topology/edit.ts'
import type { Ref, TableName } from '#lib/topology/topology.ts'
import type { Decision } from '#lib/trace/decision.ts'
import type { Stage } from '#lib/trace/stages.ts'
import type { Drop } from '#lib/trace/drop.ts'
import type { Frame, Message } from '#lib/trace/walk.ts'
import { MOST_COMPARED } from '#lib/lookup/netfilter.ts'
import type { Place, Run } from './run.ts'
import type { Skb } from './skb.ts'

/** The most steps one walk may take: a layer 2 loop ends here. The kernel has no such limit: a storm goes on until somebody pulls a plug (1.2 million frames in a second, Linux 6.18). */
const STEP_BUDGET = 20_000
/** The most bytes its frames may have together: a storm of jumbo frames ends here. */
const BYTE_BUDGET = 32 * 2 ** 20
/** Frames before whose number nobody counts bytes: each has at most 64 kB. */
const UNCOUNTED = 512
/** The most firewall rules one walk may compare, about a second's worth. The kernel compares on, packet by packet. */
const RULE_BUDGET = MOST_COMPARED
export const NO_WRITES: readonly Edit[] = []
export const NO_REFS: readonly Ref[] = []
const NO_FRAMES: readonly number[] = []

/** What a stage decided; `drop`: why the packet ends there. */
export interface Told {
  readonly stage: Stage
  readonly decision: Decision
  readonly writes?: readonly Edit[]
  readonly drop?: Drop | null
}

/** Record the step a stage took; the packet stands in skb as it leaves. */
export function record(
  at: Place,
  s: Skb,
  { stage, decision, writes = NO_WRITES, drop = null }: Told,
): void {
  const { steps } = at.run
  const n = steps.length
  if (n >= STEP_BUDGET) throw new BudgetError()
  steps.push({
    n,
    from: s.step,
    in: at.in,
    dev: at.on,
    stage,
    decision,
    packet: s.packet,
    message: s.message,
    writes,
    drop,
    frames: NO_FRAMES,
  })
  s.step = n
}

/** What a capture here shows now; belongs to the last step of the packet. */
export function tap(at: Place, s: Skb, dir: Frame['dir']): void {
  const { run } = at
  const seq = run.frames.length
  if (seq > UNCOUNTED) {
    run.bytes += size(s.packet)
    if (run.bytes > BYTE_BUDGET) throw new BudgetError()
  }
  run.frames.push({
    seq,
    in: at.in,
    dev: at.on!,
    dir,
    to: dir === 'in' ? s.to : null,
    packet: s.packet,
    step: s.step,
    message: s.message,
  })
  // The step was made in this run and nobody has seen it yet: it may still be completed in place.
  const step = run.steps[s.step] as { frames: readonly number[] } | undefined
  if (step !== undefined) step.frames = step.frames === NO_FRAMES ? [seq] : [...step.frames, seq]
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

/** A row as a step names it; null where no row matched. */
export function ref(name: string, table: TableName, row: number | null): Ref | null {
  return row === null || row < 0 ? null : { in: name, table, row }
}

/** A packet is born. Its number. */
export function message(run: Run, made: Omit<Message, 'n'>): number {
  const { kind, leg, says, cause } = made
  return run.messages.push({ n: run.messages.length, kind, leg, says, cause }) - 1
}

/** The leg of the message that a packet belongs to. */
export function legOf(run: Run, s: Skb): Message['leg'] {
  return run.messages[s.message]?.leg ?? 'forward'
}

/** The leg of what answers it. */
export function answerLeg(run: Run, s: Skb): Message['leg'] {
  return run.messages[s.message]?.leg === 'forward' ? 'back' : 'forward'
}
