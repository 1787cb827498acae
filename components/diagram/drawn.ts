import { counts, lost, type Step, type Walk } from '#lib/index.ts'
import { cardOf, type Card } from './card.ts'
import { restOf } from './chip.ts'
import type { Area, Box, Scene } from './layout/index.ts'
import { trayAt } from './shot.ts'
import { placeOf } from './place.ts'
import { signsIn } from './stack.ts'
import type { Point } from './wire.ts'
import { wrapOf, type Wrap } from './wrap.ts'

/** The packet of a step, as a picture has it: the box it is in, where its chip rests, and its card in the tray there. */
export interface Shown {
  readonly here: Box
  readonly at: Point
  readonly wrap: Wrap
  /** How it was wrapped at the stop before on this message. */
  readonly was: Wrap | null
  readonly lost: boolean
  readonly card: Card
  readonly tray: Area | null
  /** Packets around the innermost one, at most, anywhere on this walk. */
  readonly most: number
}

/** Null where the place of the step is not drawn. */
export function shownOf(
  scene: Scene,
  {
    walk,
    step,
    before = toldBefore(walk, step),
  }: {
    readonly walk: Walk
    readonly step: Step
    readonly before?: Step | null | undefined
  },
): Shown | null {
  const here = placeOf(scene, step)
  if (here === null) return null
  const wrap = wrapOf(step)
  const tray = trayAt(scene, here)
  const most = mostAround(walk)
  return {
    here,
    at: restOf(scene, here, wrap),
    wrap,
    was: before === null ? null : wrapOf(before),
    lost: lost(walk, step),
    card: cardOf({ walk, step, before }, signsIn(tray?.w ?? 0, most)),
    tray,
    most,
  }
}

const deepest = new WeakMap<Walk, number>()
/** How many packets are around the innermost one, at most, anywhere on a walk. */
export function mostAround(walk: Walk): number {
  const known = deepest.get(walk) ?? Math.max(0, ...walk.steps.map((s) => wrapOf(s).outer))
  deepest.set(walk, known)
  return known
}

/** The step before on this message that is told as this one is; null where the message begins. */
function toldBefore(walk: Walk, step: Step): Step | null {
  const detail = (['story', 'network'] as const).find((d) => counts(walk, step, d)) ?? 'kernel'
  let s = walk.steps[step.from]
  while (s?.message === step.message && !counts(walk, s, detail)) s = walk.steps[s.from]
  return s?.message === step.message ? s : null
}

/** Decisions for which something is looked up in a table. */
const LOOKUPS: ReadonlySet<Step['decision']['kind']> = new Set([
  'route',
  'lease',
  'fdb',
  'vpc-route',
  'vpc-mapping',
])
export const looksUp = (step: Step): boolean => LOOKUPS.has(step.decision.kind)
