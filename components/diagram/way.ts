import type { Walk } from '#lib/index.ts'
import { stops } from '#components/lab/stops.ts'
import type { Box, Scene } from './layout.ts'
import { depthOf, placeOf } from './place.ts'
import { route, type Point } from './wire.ts'

/** One place on the way of a packet, and the step that is there. */
export interface Visit { readonly n: number; readonly box: Box; readonly depth: number }

/** All places one packet passes, whatever detail is told. Between two hosts it crosses the physical network, of which the walk has no step: nobody publishes it. */
export function wayOf(scene: Scene, walk: Walk, message: number): Visit[] {
  const visits = stops(walk, 'network').map((s) => walk.steps[s.step]!).filter((s) => s.message === message)
    .flatMap((s): Visit[] => { const box = placeOf(scene, s); return box === null ? [] : [{ n: s.n, box, depth: depthOf(scene, box) }] })
  return visits.flatMap((v, i) => {
    const before = visits[i - 1]?.box
    const far = before?.kind === 'host' && v.box.kind === 'eni' ? scene.boxes.find((b) => b.kind === 'host' && v.box.id.startsWith(`eni-${b.id.replace(/ host$/, '')}-`)) : undefined
    return far === undefined || far.id === before?.id ? [v] : [{ n: v.n, box: far, depth: depthOf(scene, far) }, v]
  })
}

export interface Leg { readonly from: Box; readonly to: Box; readonly deeper: Box; readonly done: boolean }

/** The wires of a way in its order, those up to a step marked as done. */
export function legsOf(way: readonly Visit[], step: number): Leg[] {
  return way.slice(1).map((v, i): Leg => { const u = way[i]!; return { from: u.box, to: v.box, deeper: u.depth > v.depth ? u.box : v.box, done: v.n <= step } }).filter((l) => l.from.id !== l.to.id)
}

/** The wires of a way, each once however often it is passed: who goes in circles draws no more than the circle. */
export function wiresOf(way: readonly Visit[], step: number): Leg[] {
  const wires = new Map<string, Leg>()
  for (const l of legsOf(way, step)) {
    const key = `${l.from.id}|${l.to.id}`
    wires.set(key, wires.get(key)?.done === true ? wires.get(key)! : l)
  }
  return [...wires.values()]
}

/** Where the token passes from one step of a packet to a later one: along the wires, each point with its share of the length. `start` is where it is now. */
export function passage(scene: Scene, way: readonly Visit[], from: number, to: number, start: Point, end: Point): { readonly points: readonly Point[]; readonly times: readonly number[]; readonly length: number } {
  const legs = legsOf(way.filter((v, i) => v.n <= to && (v.n > from || (way[i + 1]?.n ?? 0) > from)), to)
  const points = [start, ...legs.flatMap((l, i) => [...route(scene, l.from, l.to).slice(1, -1), ...(i < legs.length - 1 ? [[l.to.x, l.to.y] as Point] : [])]), end]
  const far = points.map((p, i) => (i === 0 ? 0 : Math.hypot(p[0] - points[i - 1]![0], p[1] - points[i - 1]![1])))
  const length = far.reduce((a, b) => a + b, 0)
  let sum = 0
  return { points, times: far.map((d) => { sum += d; return length === 0 ? 1 : sum / length }), length }
}

/** The point of a passage at a share of its length. */
export function along(points: readonly Point[], times: readonly number[], share: number): Point {
  const next = times.findIndex((t, n) => n > 0 && t >= share)
  const i = next < 0 ? points.length - 1 : next
  const [from, to] = [points[i - 1]!, points[i]!]
  const span = times[i]! - times[i - 1]!
  const f = span === 0 ? 1 : (share - times[i - 1]!) / span
  return [from[0] + f * (to[0] - from[0]), from[1] + f * (to[1] - from[1])]
}
