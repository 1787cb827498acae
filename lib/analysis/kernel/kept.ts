import type { Scenario } from '#lib/worlds/scenario.ts'
import { seen } from '#lib/words/index.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Agreement } from './verify.ts'

/* What is kept of a run of `npm run verify:all`, and what a line about it says. lib/analysis/kernel/keep.ts writes it and compares a walk with it again. */

/** A run: what its program learned, which counters moved, and its frames in their order, each a place and its bytes (two indices). Or why this kernel could not show it. */
export type KeptRun =
  | {
      readonly outcome: string
      readonly lost: number
      readonly counters: Readonly<Record<string, Readonly<Record<string, number>>>>
      readonly gaps: readonly string[]
      readonly frames: readonly number[]
    }
  | { readonly lacks: readonly string[] }
/** The runs of a world by flow, then by what-if ('' is the world as it is). `places` are namespace, device, direction and whom it was for; `bytes` are the frames that differ. */
export interface Kept {
  readonly version: 1
  readonly kernel: string
  readonly world: string
  readonly places: readonly string[]
  readonly bytes: readonly string[]
  readonly runs: Readonly<Record<string, Readonly<Record<string, KeptRun>>>>
}

/** What one line about a run needs, and one about why it cannot be said. */
export interface Told {
  readonly verdict: Agreement['verdict']
  readonly frames: number
  readonly allowances: Agreement['allowances']
}
type Runs<T> = Readonly<Record<string, Readonly<Record<string, T>>>>
/** Another kernel that was asked, and what it said of the runs that it was asked for. */
export interface Also {
  readonly kernel: string
  readonly runs: Runs<Agreement['verdict']>
}
/** What a kernel's recordings of one world come to: a verdict for each flow and what-if, without the frames. */
export interface Summary {
  readonly version: 1
  readonly kernel: string
  readonly also?: readonly Also[]
  readonly world: string
  readonly runs: Runs<Told>
}

/** Which run of its world a figure's state is; null: a network that nobody recorded. One what-if at a time was, of flows that the world itself names. */
export function runOf(
  known: Readonly<Record<string, Scenario>>,
  s: Scenario,
  {
    flow,
    whatIfs,
    edits,
  }: { readonly flow: Flow; readonly whatIfs: readonly string[]; readonly edits: number },
): { readonly flow: string; readonly whatIf: string } | null {
  // A sandbox's network has the name of a world, not its rows.
  if (!Object.hasOwn(known, s.id) || known[s.id] !== s || whatIfs.length > 1 || edits > 0)
    return null
  const name = Object.keys(s.flows).find((f) => s.flows[f] === flow)
  const whatIf = whatIfs[0] ?? ''
  return name === undefined || (whatIf !== '' && !Object.hasOwn(s.whatIfs, whatIf))
    ? null
    : { flow: name, whatIf }
}

/** A run in a record of records; what a prototype has is none. */
export function inRuns<T>(
  runs: Readonly<Record<string, Readonly<Record<string, T>>>>,
  at: { readonly flow: string; readonly whatIf: string },
): T | null {
  const each = Object.hasOwn(runs, at.flow) ? runs[at.flow] : undefined
  return each !== undefined && Object.hasOwn(each, at.whatIf) ? (each[at.whatIf] ?? null) : null
}

const short = (kernel: string): string => /^\d+\.\d+/.exec(kernel)?.[0] ?? kernel

/** `Linux 6.18 and 6.1 agree: 214 frames, 3 kinds of difference allowed`, the frames being those of the first; null of a run that was not compared. Of the others only those are named that could be asked. */
export function badgeText(
  s: Pick<Summary, 'kernel' | 'also'>,
  at: { readonly flow: string; readonly whatIf: string },
  t: Told,
): string | null {
  if (t.verdict === 'not verified') return null
  const all = [
    { kernel: s.kernel, verdict: t.verdict },
    ...(s.also ?? []).map((x) => ({
      kernel: x.kernel,
      verdict: inRuns(x.runs, at) ?? 'not verified',
    })),
  ]
  const saying = (v: Agreement['verdict']): string[] =>
    all.filter((x) => x.verdict === v).map((x) => short(x.kernel))
  const badge = {
    agree: saying('agrees'),
    differ: saying('differs'),
    frames: t.frames,
    kinds: Object.keys(t.allowances).length,
  }
  return t.verdict === 'differs' ? seen().linuxDiffers(badge) : seen().linuxAgrees(badge)
}
