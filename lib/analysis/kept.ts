import type { Scenario } from '#lib/scenarios/scenario.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Agreement } from './verify.ts'

/* What is kept of a run of `npm run verify:all`, and what a line about it says. lib/analysis/keep.ts writes it and compares a walk with it again. */

/** A run: what its program learned, which counters moved, and its frames in their order, each a place and its bytes (two indices). Or why this kernel could not show it. */
export type KeptRun =
  | { readonly outcome: string; readonly lost: number; readonly counters: Readonly<Record<string, Readonly<Record<string, number>>>>; readonly gaps: readonly string[]; readonly frames: readonly number[] }
  | { readonly lacks: readonly string[] }
/** The runs of a world by flow, then by what-if ('' is the world as it is). `places` are namespace, device, direction and whom it was for; `bytes` are the frames that differ. */
export interface Kept {
  readonly version: 1; readonly kernel: string; readonly world: string
  readonly places: readonly string[]; readonly bytes: readonly string[]
  readonly runs: Readonly<Record<string, Readonly<Record<string, KeptRun>>>>
}

/** What one line about a run needs, and one about why it cannot be said. */
export interface Told { readonly verdict: Agreement['verdict']; readonly frames: number; readonly allowances: Agreement['allowances'] }
export interface Summary { readonly version: 1; readonly kernel: string; readonly world: string; readonly runs: Readonly<Record<string, Readonly<Record<string, Told>>>> }

/** Which run of its world a figure's state is; null: a network that nobody recorded. One what-if at a time was, of flows that the world itself names. */
export function runOf(known: Readonly<Record<string, Scenario>>, s: Scenario, flow: Flow, whatIfs: readonly string[], edits: number): { readonly flow: string; readonly whatIf: string } | null {
  // A sandbox's network has the name of a world, not its rows.
  if (!Object.hasOwn(known, s.id) || known[s.id] !== s || whatIfs.length > 1 || edits > 0) return null
  const name = Object.keys(s.flows).find((f) => s.flows[f] === flow)
  const whatIf = whatIfs[0] ?? ''
  return name === undefined || (whatIf !== '' && !Object.hasOwn(s.whatIfs, whatIf)) ? null : { flow: name, whatIf }
}

/** A run in a record of records; what a prototype has is none. */
export function inRuns<T>(runs: Readonly<Record<string, Readonly<Record<string, T>>>>, at: { readonly flow: string; readonly whatIf: string }): T | null {
  const each = Object.hasOwn(runs, at.flow) ? runs[at.flow] : undefined
  return each !== undefined && Object.hasOwn(each, at.whatIf) ? each[at.whatIf] ?? null : null
}

/** `Linux 6.18 agrees: 214 frames, 3 kinds of difference allowed`; null of a run that was not compared. */
export function badgeText(kernel: string, t: Told): string | null {
  const linux = `Linux ${/^\d+\.\d+/.exec(kernel)?.[0] ?? kernel}`
  if (t.verdict === 'not verified') return null
  if (t.verdict === 'differs') return `${linux} differs from this walk`
  const kinds = Object.keys(t.allowances).length
  return `${linux} agrees: ${t.frames === 0 ? 'no frames' : t.frames === 1 ? '1 frame' : `${t.frames} frames`}, ${kinds === 0 ? 'no difference' : kinds === 1 ? '1 kind of difference' : `${kinds} kinds of difference`} allowed`
}
