import { pathRound } from 'd3-path'
import type { Box, Scene } from './layout/index.ts'
import { around, traysOf, type Point } from './around.ts'

export type { Point } from './around.ts'

/** How far a wire that runs straight into a box stays from the box's corners. */
const CORNER = 12

/** How a wire could run, the simplest first: straight, then with one bend. Wires that lead to the lane of the VPC go down first. */
function simple(a: Box, b: Box): Point[][] {
  const right = a.x < b.x ? 1 : -1
  const down = a.y < b.y ? 1 : -1
  if (Math.abs(a.y - b.y) < 2)
    return [
      [
        [a.x + (right * a.w) / 2, a.y],
        [b.x - (right * b.w) / 2, b.y],
      ],
    ]
  const narrow = a.w < b.w ? a : b
  const wide = narrow === a ? b : a
  if (Math.abs(narrow.x - wide.x) <= wide.w / 2 - CORNER)
    return [
      [
        [narrow.x, a.y + (down * a.h) / 2],
        [narrow.x, b.y - (down * b.h) / 2],
      ],
    ]
  return [
    [
      [a.x, a.y + (down * a.h) / 2],
      [a.x, b.y],
      [b.x - (right * b.w) / 2, b.y],
    ],
    [
      [a.x + (right * a.w) / 2, a.y],
      [b.x, a.y],
      [b.x, b.y - (down * b.h) / 2],
    ],
  ]
}

/** The way of a program to what is below it in the kernel, beside the inner edge of its column. */
function lane(scene: Scene, a: Box, b: Box): Point[] | null {
  const [program, kernel] = a.kind === 'daemon' ? [a, b] : [b, a]
  if (program.kind !== 'daemon' || kernel.kind === 'tunnel' || program.space !== kernel.space)
    return null
  const column = scene.columns.find((c) => program.x > c.x && program.x < c.x + c.w)
  if (column === undefined) return null
  const side = column.laneX > program.x ? 1 : -1
  const points: Point[] = [
    [program.x + (side * program.w) / 2, program.y],
    [column.laneX, program.y],
    [column.laneX, kernel.y],
    [kernel.x + (side * kernel.w) / 2, kernel.y],
  ]
  return program === a ? points : points.toReversed()
}

const inside = (from: Point, to: Point, b: Box): boolean =>
  Math.max(from[0], to[0]) > b.x - b.w / 2 &&
  Math.min(from[0], to[0]) < b.x + b.w / 2 &&
  Math.max(from[1], to[1]) > b.y - b.h / 2 &&
  Math.min(from[1], to[1]) < b.y + b.h / 2

/** Does a wire between two boxes run through a third? Its parts are level or upright. */
export function crosses(
  scene: Scene,
  [a, b]: readonly [Box, Box],
  points: readonly Point[],
): Box | null {
  for (const [i, to] of points.slice(1).entries()) {
    const hit = scene.boxes.find((c) => c.id !== a.id && c.id !== b.id && inside(points[i]!, to, c))
    if (hit !== undefined) return hit
  }
  return null
}

/** Is a wire free of boxes that are not its ends, and of the places of cards? */
function free(scene: Scene, ends: readonly [Box, Box], points: readonly Point[]): boolean {
  return (
    crosses(scene, ends, points) === null &&
    traysOf(scene).every((t) =>
      points
        .slice(1)
        .every(
          (to, i) =>
            Math.max(points[i]![0], to[0]) < t.x ||
            Math.min(points[i]![0], to[0]) > t.x + t.w ||
            Math.max(points[i]![1], to[1]) < t.y ||
            Math.min(points[i]![1], to[1]) > t.y + t.h,
        ),
    )
  )
}

/** Where a wire runs in a picture: straight, with one bend, along its column's lane, or around what is in the way. */
export function route(scene: Scene, a: Box, b: Box): Point[] {
  const routes = routed.get(scene) ?? new Map<string, Point[]>()
  routed.set(scene, routes)
  const key = `${a.id}|${b.id}`
  // As its wire runs, whichever way it is gone.
  const turned = scene.wires.some(([x, y]) => x === b.id && y === a.id)
  const known = routes.get(key) ?? (turned ? route(scene, b, a).toReversed() : found(scene, a, b))
  routes.set(key, known)
  return known
}
const routed = new WeakMap<Scene, Map<string, Point[]>>()

function found(scene: Scene, a: Box, b: Box): Point[] {
  const beside = Math.abs(a.x - b.x) < 1 ? null : lane(scene, a, b)
  const plain = simple(a, b)
  const ways = [...(beside === null ? [] : [beside]), ...plain, lane(scene, a, b) ?? plain[0]!]
  return ways.find((w) => free(scene, [a, b], w)) ?? around(scene, a, b) ?? ways[0]!
}

/** A wire as an SVG path. */
export function path([from, ...rest]: readonly Point[]): string {
  const drawn = pathRound()
  if (from !== undefined) drawn.moveTo(...from)
  for (const to of rest) drawn.lineTo(...to)
  return drawn.toString()
}

const drawn = new WeakMap<Scene, Map<string, string>>()
/** The path of a wire of a picture: it is drawn for each part of the way that goes there. */
export function pathOf(scene: Scene, from: Box, to: Box): string {
  const paths = drawn.get(scene) ?? new Map<string, string>()
  drawn.set(scene, paths)
  const key = `${from.id}|${to.id}`
  const known = paths.get(key) ?? path(route(scene, from, to))
  paths.set(key, known)
  return known
}
