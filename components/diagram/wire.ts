import { line } from 'd3-shape'
import type { Box, Scene } from './layout.ts'

export type Point = readonly [x: number, y: number]

/** Where a wire runs: straight, or with one bend, from border to border. */
export function ends(a: Box, b: Box): Point[] {
  if (Math.abs(a.y - b.y) < 2) return a.x < b.x ? [[a.x + a.w / 2, a.y], [b.x - b.w / 2, a.y]] : [[a.x - a.w / 2, a.y], [b.x + b.w / 2, a.y]]
  const down = a.y < b.y
  const start = down ? a.y + a.h / 2 : a.y - a.h / 2
  const end = down ? b.y - b.h / 2 : b.y + b.h / 2
  // Inside the wider box's span the wire drops straight.
  if (Math.abs(a.x - b.x) < Math.max(a.w, b.w) / 2 - 6) { const x = a.w < b.w ? a.x : b.x; return [[x, start], [x, end]] }
  const from = a.x < b.x ? a.x + a.w / 2 - 14 : a.x - a.w / 2 + 14
  if (down) return [[from, start], [from, b.y], [b.x + (b.x < a.x ? b.w / 2 : -b.w / 2), b.y]]
  const to = b.x < a.x ? b.x + b.w / 2 - 14 : b.x - b.w / 2 + 14
  return [[a.x + (a.x < b.x ? a.w / 2 : -a.w / 2), a.y], [to, a.y], [to, end]]
}

/** Below the boxes of a row, and beside a box: where a wire goes that would cross one. */
const UNDER = 18
const BESIDE = 8

/** Does a wire between two boxes run through a third? Its parts are level or upright. */
export function crosses(scene: Scene, a: Box, b: Box, points: readonly Point[]): Box | null {
  for (const [i, to] of points.slice(1).entries()) {
    const from = points[i]!
    const hit = scene.boxes.find((c) => c.id !== a.id && c.id !== b.id
      && Math.max(from[0], to[0]) > c.x - c.w / 2 && Math.min(from[0], to[0]) < c.x + c.w / 2 && Math.max(from[1], to[1]) > c.y - c.h / 2 && Math.min(from[1], to[1]) < c.y + c.h / 2)
    if (hit !== undefined) return hit
  }
  return null
}

/** Where a wire runs in a picture: straight or with one bend if no box is in the way, else around: below the row, or beside the box it comes from. */
export function route(scene: Scene, a: Box, b: Box): Point[] {
  const direct = ends(a, b)
  if (crosses(scene, a, b, direct) === null) return direct
  const below = a.y + Math.max(a.h, b.h) / 2 + UNDER
  const towards = b.x < a.x ? -1 : 1
  const beside = a.x + towards * (a.w / 2 + BESIDE)
  const ways: Point[][] = Math.abs(a.y - b.y) < 2
    ? [[[a.x, a.y + a.h / 2], [a.x, below], [b.x, below], [b.x, b.y + b.h / 2]]]
    : [[[a.x + towards * a.w / 2, a.y], [beside, a.y], [beside, b.y], [b.x - towards * b.w / 2, b.y]], ends(b, a).toReversed()]
  return ways.find((w) => crosses(scene, a, b, w) === null) ?? direct
}

const draw = line<Point>()

/** A wire as an SVG path. */
export function path(points: readonly Point[]): string {
  return draw([...points]) ?? ''
}
