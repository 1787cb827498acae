import { check, goalTold, type Goal, type Topology, type Verdict, type Walk } from '#lib/index.ts'
import type { Lit } from '#components/words/en/exercises.ts'

/** What a goal comes to, as a lamp shows it: `why` it is broken, and a walk that shows it, or that it is broken. A file of its own: pages load it with their first lamp. */
export interface Lamp {
  readonly lit: Lit
  readonly why: string | null
  readonly walk: Walk | null
  /** The step at which that walk is lost, if it is. */
  readonly step: number | null
}

/** The lamps of goals in a network; `start` is what `unchanged` and `at-most` compare with. */
export function lampsOf(goals: readonly Goal[], now: Topology, start: Topology): readonly Lamp[] {
  return check(goals, now, start).map(lampOf)
}

function lampOf({ holds, counterexample: c, first }: Verdict): Lamp {
  if (holds || c === null) return { lit: 'holds', why: null, walk: first, step: null }
  const walk = c.kind === 'flow' ? c.walk : null
  return {
    lit: c.kind === 'asked' ? 'unasked' : 'broken',
    why: goalTold(c),
    walk,
    step: walk?.loss?.step ?? null,
  }
}
