import type { Walk } from '#lib/index.ts'
import type { Scene } from './layout/index.ts'
import { arrivals } from './motion.ts'
import { legsOf, SIDE, wayOf, type Leg, type Visit } from './way.ts'
import { path } from './wire.ts'
import type { Wrap } from './wrap.ts'

/** A stroke of a path: the packet itself, the border or the inside of a sleeve, and AWS's hatching around all. */
export interface Stroke {
  readonly kind: 'core' | 'sleeve' | 'inside' | 'hatch'
  readonly width: number
}

const CORE = 5
const GAP = 2.75
const RIM = 2.25
const HATCH = 4.5

/** How a stretch is drawn, from the bottom up: a sleeve for each IP header around the packet. */
export function strokesOf({ outer, hidden }: Wrap): readonly Stroke[] {
  const level = (n: number): number => CORE + 2 * n * (GAP + RIM)
  const sleeves = Array.from({ length: outer }, (_, i) => level(outer - i)).flatMap(
    (width): Stroke[] => [
      { kind: 'sleeve', width },
      { kind: 'inside', width: width - 2 * RIM },
    ],
  )
  return [
    ...(hidden ? [{ kind: 'hatch', width: level(outer) + 2 * HATCH } as const] : []),
    ...sleeves,
    { kind: 'core', width: CORE },
  ]
}

/** Stretches of one way that follow each other and are wrapped alike: drawn as one. `at` is when on a move the packet comes there, of what is new. */
export interface Run {
  readonly wrap: Wrap
  readonly done: boolean
  readonly at: number | null
  readonly d: string
}

/** How far a packet is, and since which step it moves. */
export interface Progress {
  readonly step: number
  readonly from?: number | null | undefined
}

/** The way of a packet as it is drawn. */
export function runsOf(legs: readonly Leg[], { step, from = null }: Progress): Run[] {
  const fresh = from === null ? null : arrivals(legs, { from, step }).at
  const out: Run[] = []
  for (const l of legs) {
    const done = l.n <= step
    const last = out.at(-1)
    const at = fresh?.get(l) ?? null
    const d = path(l.points)
    if (last?.done === done && last.at === null && at === null && alike(last.wrap, l.wrap))
      out[out.length - 1] = { ...last, d: `${last.d}${d}` }
    else out.push({ wrap: l.wrap, done, at, d })
  }
  return out
}
const alike = (a: Wrap, b: Wrap): boolean => a.outer === b.outer && a.hidden === b.hidden

/** The packet that another one answers, or that waits for it: it stays in the picture, thin, beside it. */
export function answered(walk: Walk, message: number): number | null {
  const m = walk.messages[message]
  if (m === undefined || m.cause === null) return null
  return m.leg === 'back' || m.kind !== 'flow' ? m.cause : null
}

/** The stretches of a packet, and of the one it answers: each keeps to its own side of the line. `wires` are those that neither leaves free. */
export interface Trails {
  readonly own: readonly Leg[]
  readonly other: readonly Leg[]
  readonly wires: ReadonlySet<string>
}

export function trails(scene: Scene, walk: Walk, message: number): Trails {
  const way = wayOf(scene, walk, message)
  const known = made.get(way)
  if (known !== undefined) return known
  const other = answered(walk, message)
  const same = other !== null && walk.messages[other]?.leg === walk.messages[message]?.leg
  const own = legsOf(scene, way, other === null ? 0 : SIDE)
  // As far as it had come when this one began.
  const first = walk.steps.find((s) => s.message === message)?.n ?? 0
  const theirs =
    other === null
      ? []
      : legsOf(scene, wayOf(scene, walk, other), same ? -SIDE - 1 : SIDE + 1).filter(
          (l) => l.n < first,
        )
  const out = {
    own,
    other: theirs,
    wires: new Set(
      [...own, ...theirs].flatMap(({ from: a, to: b }) => [`${a.id}|${b.id}`, `${b.id}|${a.id}`]),
    ),
  }
  made.set(way, out)
  return out
}
const made = new WeakMap<readonly Visit[], Trails>()
