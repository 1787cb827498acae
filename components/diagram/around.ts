import type { Area, Box, Scene } from './layout/index.ts'

export type Point = readonly [x: number, y: number]

/** How far a wire stays from boxes that are not its ends, and from cards. */
const CLEAR = 8
/** And where a machine's border is nearer than that: the middle of what is between. */
const NARROW = 5
/** What a bend costs, in px of way. */
const BEND = 40

interface At {
  readonly x: number
  readonly y: number
  readonly level: boolean
}
interface Found {
  readonly at: At
  readonly cost: number
  readonly from: Found | null
}

const areaOf = (b: Box): Area => ({ x: b.x - b.w / 2, y: b.y - b.h / 2, w: b.w, h: b.h })
const sorted = (all: readonly number[]): number[] =>
  [...new Set(all.map((n) => Math.round(n)))].toSorted((a, b) => a - b)

/** Where cards rest. */
export const traysOf = (scene: Scene): Area[] => [
  ...scene.columns.map((c) => c.tray),
  ...(scene.vpc === null ? [] : [scene.vpc.tray]),
]

/** The ways out of a box: the middles of its sides, and points of its upper and lower edge nearer the ends. */
function doors(b: Box): At[] {
  const across = [0, -0.3, 0.3].flatMap((f) =>
    [-1, 1].map((s) => ({ x: Math.round(b.x + f * b.w), y: b.y + (s * b.h) / 2, level: false })),
  )
  return [...across, ...[-1, 1].map((s) => ({ x: b.x + (s * b.w) / 2, y: b.y, level: true }))]
}

/** A way around what stands between two boxes: the one with the fewest bends, of those the shortest. Null if there is none. */
export function around(scene: Scene, a: Box, b: Box): Point[] | null {
  const boxes = scene.boxes.map(areaOf)
  const trays = traysOf(scene)
  const near = (t: Area, by: number): Area => ({
    x: t.x - by,
    y: t.y - by,
    w: t.w + 2 * by,
    h: t.h + 2 * by,
  })
  const blocked = [
    ...scene.boxes
      .filter((c) => c.id !== a.id && c.id !== b.id)
      .map((c) => near(areaOf(c), CLEAR / 2)),
    ...[a, b].map((c) => near(areaOf(c), -1)),
    ...trays.map((t) => near(t, 2)),
  ]
  const [starts, goals] = [doors(a), doors(b)]
  const borders = scene.columns.flatMap((c) => [c.x, c.x + c.w])
  const onBorder = (x: number): boolean => borders.some((b) => Math.abs(x - b) <= 3)
  const xs = sorted([
    ...[...boxes, ...trays].flatMap((t) => [
      t.x - (onBorder(t.x - CLEAR) ? NARROW : CLEAR),
      t.x + t.w + (onBorder(t.x + t.w + CLEAR) ? NARROW : CLEAR),
    ]),
    ...[...starts, ...goals].map((d) => d.x),
    ...scene.columns.map((c) => c.laneX),
  ]).filter((x) => x > 2 && x < scene.width - 2)
  const ys = sorted([
    ...[...boxes, ...trays].flatMap((t) => [t.y - CLEAR, t.y + t.h + CLEAR]),
    ...[...starts, ...goals].map((d) => d.y),
  ]).filter((y) => y > 2 && y < scene.height - 2)
  const open = (p: Point, q: Point): boolean =>
    blocked.every(
      (t) =>
        Math.max(p[0], q[0]) <= t.x ||
        Math.min(p[0], q[0]) >= t.x + t.w ||
        Math.max(p[1], q[1]) <= t.y ||
        Math.min(p[1], q[1]) >= t.y + t.h,
    )
  return search({ starts, goals, xs, ys, open })
}

interface Maze {
  readonly starts: readonly At[]
  readonly goals: readonly At[]
  readonly xs: readonly number[]
  readonly ys: readonly number[]
  readonly open: (p: Point, q: Point) => boolean
}

function search({ starts, goals, xs, ys, open }: Maze): Point[] | null {
  const keyOf = (p: At): string => `${p.x},${p.y},${p.level}`
  const ends = new Set(goals.map((g) => keyOf({ ...g, x: Math.round(g.x), y: Math.round(g.y) })))
  const best = new Map<string, number>()
  let edge: Found[] = starts.map((s) => ({
    at: { ...s, x: Math.round(s.x), y: Math.round(s.y) },
    cost: 0,
    from: null,
  }))
  while (edge.length > 0) {
    const next = edge.reduce((x, y) => (y.cost < x.cost ? y : x))
    edge = edge.filter((e) => e !== next)
    const key = keyOf(next.at)
    if ((best.get(key) ?? Infinity) <= next.cost) continue
    best.set(key, next.cost)
    if (ends.has(key) && next.from !== null) return pointsOf(next)
    edge.push(...stepsFrom(next, { xs, ys, open }))
  }
  return null
}

/** One line on in either direction, or a bend. */
function stepsFrom(f: Found, { xs, ys, open }: Pick<Maze, 'xs' | 'ys' | 'open'>): Found[] {
  const { x, y, level } = f.at
  const lines = level ? xs : ys
  const i = lines.indexOf(level ? x : y)
  const on = [lines[i - 1], lines[i + 1]].flatMap((n): Found[] => {
    if (n === undefined) return []
    const at = level ? { x: n, y, level } : { x, y: n, level }
    return open([x, y], [at.x, at.y])
      ? [{ at, cost: f.cost + Math.abs(n - (level ? x : y)), from: f }]
      : []
  })
  return f.from === null
    ? on
    : [...on, { at: { x, y, level: !level }, cost: f.cost + BEND, from: f }]
}

function pointsOf(last: Found): Point[] {
  const all: Point[] = []
  for (let f: Found | null = last; f !== null; f = f.from) all.push([f.at.x, f.at.y])
  return all
    .toReversed()
    .filter((p, i, l) => i === 0 || p[0] !== l[i - 1]![0] || p[1] !== l[i - 1]![1])
    .filter(
      (p, i, l) =>
        i === 0 ||
        i === l.length - 1 ||
        !(
          (p[0] === l[i - 1]![0] && p[0] === l[i + 1]![0]) ||
          (p[1] === l[i - 1]![1] && p[1] === l[i + 1]![1])
        ),
    )
}
