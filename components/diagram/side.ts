import type { Box } from './layout/index.ts'
import type { Point } from './wire.ts'

/** How far a stretch goes on below the boxes at its ends: theirs are round corners. */
const BELOW = 10

/** The same stretch, its ends below the boxes. */
export function into(points: readonly Point[], from: Box, to: Box): Point[] {
  const out = [...points]
  const last = out.length - 1
  if (last < 1) return out
  out[0] = towards(out[0]!, out[1]!, -Math.min(BELOW, from.h / 2, from.w / 2))
  out[last] = towards(points[last]!, points[last - 1]!, -Math.min(BELOW, to.h / 2, to.w / 2))
  return out
}

function towards([x, y]: Point, [tx, ty]: Point, by: number): Point {
  const far = Math.hypot(tx - x, ty - y)
  return far === 0 ? [x, y] : [x + ((tx - x) / far) * by, y + ((ty - y) / far) * by]
}

/** A stretch so far to the right of another, as who goes along it sees it. Its parts are level or upright. */
export function beside(points: readonly Point[], by: number): readonly Point[] {
  if (by === 0) return points
  const normals = points.slice(1).map(([x, y], i): Point => {
    const [fx, fy] = points[i]!
    const far = Math.hypot(x - fx, y - fy)
    return far === 0 ? [0, 0] : [-(y - fy) / far, (x - fx) / far]
  })
  return points.map(([x, y], i): Point => {
    const a = normals[i - 1] ?? normals[i]!
    const b = normals[i] ?? a
    // Around a corner both parts move; along a line the point moves once.
    const corner = Math.abs(a[0] * b[0] + a[1] * b[1]) < 0.5
    const [nx, ny] = corner ? [a[0] + b[0], a[1] + b[1]] : a
    return [x + by * nx, y + by * ny]
  })
}

/** A line's points, and of each its share of the length. */
export interface Line {
  readonly points: readonly Point[]
  readonly times: readonly number[]
  readonly length: number
}

export function measured(points: readonly Point[]): Line {
  const far = points.map((p, i) =>
    i === 0 ? 0 : Math.hypot(p[0] - points[i - 1]![0], p[1] - points[i - 1]![1]),
  )
  const length = far.reduce((a, b) => a + b, 0)
  let sum = 0
  return {
    points,
    times: far.map((d) => {
      sum += d
      return length === 0 ? 1 : sum / length
    }),
    length,
  }
}
