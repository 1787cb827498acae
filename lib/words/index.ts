import type { Need } from '#lib/analysis/read/ledger.ts'
import type { Broken } from '#lib/analysis/read/promises.ts'
import type { Topology } from '#lib/topology/topology.ts'
import type { Drop, DropReason } from '#lib/trace/drop.ts'
import type { Decision } from '#lib/trace/decision.ts'
import type { Message, Step } from '#lib/trace/walk.ts'
import { drops } from './en/drops.ts'
import { explained } from './en/explain.ts'
import { seen as english } from './en/seen.ts'
import { labels } from './en/labels.ts'
import { part } from './language/index.ts'

const explaining = part('explain', explained)
/** What is noted beside what tools show of a walk. */
export const seen = part('seen', english)
const naming = part('drops', drops)
const labelling = part('labels', labels)

/** One sentence for what a step decided and why. `t`: rows in which its refs resolve (the walk's `after`). */
export function explain(step: Step, t: Topology): string {
  return explaining().step(step, t)
}

/** The same, and where the answer depended on a mark, which rules that comes from: set first, then copied. */
export function explainWhole(step: Step, t: Topology): string {
  return [explain(step, t), explaining().marks(step, t)].filter((x) => x !== '').join(' ')
}

/** A broken promise, in words that go on a sentence: who saw which address, and whose it should have been. */
export function explainBroken(b: Broken): string {
  return explaining().broken(b)
}

/** Why it ended here, one sentence. */
export function explainDrop(drop: Drop): string {
  return explaining().drop(drop)
}

/** What had to be right, with its place. */
export function explainNeed(need: Need): string {
  return seen().need(need)
}

/** Why it ended here, in a few words that may stand in a sentence. */
export function dropTitle(reason: DropReason): string {
  return naming()[reason]
}

/** What a packet is called: 'echo request', 'SYN-ACK', 'who-has 10.1.15.1', 'time exceeded'. */
export function labelOf(message: Pick<Message, 'says'>): string {
  return labelling().packet(message.says)
}

/** A decision whose codes are words, as tools print it. */
export function inWords(d: Decision): object {
  if (d.kind === 'app') return { ...d, what: labelling().call(d) }
  if (d.kind !== 'socket') return d
  const { taker: _, ...said } = d
  return { ...said, did: labelling().socket(d) }
}
