import { counts, laterPieces, type Step, type Walk } from '#lib/index.ts'
import type { Box, Scene } from './layout/index.ts'
import { placeOf } from './place.ts'
import { beside, into, measured, type Line } from './side.ts'
import { route, type Point } from './wire.ts'
import { wrapOf, type Wrap } from './wrap.ts'

/** One place on the way of a packet, the step that is there, and how the packet came: what was around it on the wire. */
export interface Visit {
  readonly n: number
  readonly box: Box
  readonly came: Wrap
}

/** All places one packet passes, whatever detail is told; of one that is cut, those of its first piece. */
export function wayOf(scene: Scene, walk: Walk, message: number): readonly Visit[] {
  const ways = known.get(walk) ?? new WeakMap<Scene, Map<number, readonly Visit[]>>()
  known.set(walk, ways)
  const of = ways.get(scene) ?? new Map<number, readonly Visit[]>()
  ways.set(scene, of)
  const made = of.get(message) ?? visits(scene, walk, message)
  of.set(message, made)
  return made
}
const known = new WeakMap<Walk, WeakMap<Scene, Map<number, readonly Visit[]>>>()

function visits(scene: Scene, walk: Walk, message: number): Visit[] {
  const later = laterPieces(walk)
  const all = walk.steps.flatMap((s): (Visit & { readonly told: boolean })[] => {
    const box = s.message !== message || later.has(s.n) ? null : placeOf(scene, s)
    return box === null
      ? []
      : [{ n: s.n, box, came: cameTo({ scene, walk }, s, box), told: counts(walk, s, 'network') }]
  })
  // Where only the kernel asks, the packet is seen to pass if what is told before and after is wired to it, and not to each other.
  // From one gate of a VPC to another it goes by the VPC's lane, also where nothing is asked there.
  const lane = scene.boxes.find((b) => b.kind === 'vpc')
  const told = all.flatMap((v, i) => (v.told ? [i] : []))
  return told.flatMap((i, k) => {
    const [v, before] = [all[i]!, told[k - 1]]
    const u = before === undefined ? undefined : all[before]
    if (u === undefined || u.box.id === v.box.id || wired(scene, u.box, v.box)) return [v]
    if (lane !== undefined && onEdge(u.box) && onEdge(v.box)) return [{ ...v, box: lane }, v]
    const by = all
      .slice(before! + 1, i)
      .find((x) => wired(scene, u.box, x.box) && wired(scene, x.box, v.box))
    return by === undefined ? [v] : [by, v]
  })
}

const onEdge = (b: Box): boolean => b.kind === 'gate' || b.kind === 'gateway'
const wired = (scene: Scene, a: Box, b: Box): boolean =>
  scene.wires.some(([x, y]) => (x === a.id && y === b.id) || (x === b.id && y === a.id))

/** How a packet came to the box it is in: as it left the step before, or the one it has been here since. */
function cameTo(
  { scene, walk }: { readonly scene: Scene; readonly walk: Walk },
  step: Step,
  box: Box,
): Wrap {
  let before = walk.steps[step.from]
  while (before?.message === step.message && placeOf(scene, before)?.id === box.id)
    before = walk.steps[before.from]
  if (before?.message !== step.message) return wrapOf(step)
  const { outer, hidden } = wrapOf(before)
  const outside = box.kind === 'outside' || placeOf(scene, before)?.kind === 'outside'
  return { outer, hidden: !outside && (hidden || wrapOf(step).hidden) }
}

/** A stretch of a way between two boxes, in its order. */
export interface Leg {
  readonly n: number
  readonly from: Box
  readonly to: Box
  readonly wrap: Wrap
  readonly points: readonly Point[]
}

/** The stretches of a way, each once however often it is passed: who goes in circles draws no more than the circle. `aside` is how far to the right of the wire it runs, as packets see it that go there; one that comes back on a wire keeps to its own side of it. */
export function legsOf(scene: Scene, way: readonly Visit[], aside = 0): readonly Leg[] {
  const legs = new Map<string, Omit<Leg, 'points'>>()
  for (const [i, v] of way.entries()) {
    const u = way[i - 1]
    if (u === undefined || u.box.id === v.box.id) continue
    const key = `${u.box.id}|${v.box.id}`
    if (!legs.has(key)) legs.set(key, { n: v.n, from: u.box, to: v.box, wrap: v.came })
  }
  return [...legs.values()].map((l) => ({
    ...l,
    points: beside(
      into(route(scene, l.from, l.to), l.from, l.to),
      aside !== 0 || !legs.has(`${l.to.id}|${l.from.id}`) ? aside : SIDE,
    ),
  }))
}
/** From the middle of a wire to the packet's own side of it. */
export const SIDE = 6

/** Where the chip passes from one step of a packet to a later one, in circles too: along the stretches, each point with its share of the length. It begins where it is now. */
export function passage(
  { legs, way }: { readonly legs: readonly Leg[]; readonly way: readonly Visit[] },
  { from, to }: { readonly from: number; readonly to: number },
  [start, end]: readonly [Point, Point],
): Line {
  const passed = way.flatMap((v, i) => {
    const u = way[i - 1]
    return u === undefined || v.n <= from || v.n > to
      ? []
      : (legs.find((l) => l.from.id === u.box.id && l.to.id === v.box.id)?.points ?? [])
  })
  return measured([start, ...passed, end])
}

/** The point of a passage at a share of its length. */
export function along({ points, times }: Line, share: number): Point {
  const next = times.findIndex((t, n) => n > 0 && t >= share)
  const i = next < 0 ? points.length - 1 : next
  const [from, to] = [points[i - 1]!, points[i]!]
  const span = times[i]! - times[i - 1]!
  const f = span === 0 ? 1 : (share - times[i - 1]!) / span
  return [from[0] + f * (to[0] - from[0]), from[1] + f * (to[1] - from[1])]
}
