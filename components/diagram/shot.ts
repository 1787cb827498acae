import type { Area, Box, Scene } from './layout/index.ts'

/** What of a picture is seen, in its units, and how many pixels one of them takes. Where there is more room than picture it begins before 0. */
export interface Shot extends Area {
  readonly scale: number
}
/** A place in pixels, and how much of it, from below, something stands on: that takes no part in how large the picture is, so that it is the same from stop to stop. */
export type Room = readonly [width: number, height: number, covered: number]

/** Below this, words would be smaller than 13 px. */
export const LEAST = 0.96
export const MOST = 1.6
/** Around where the packet is: its ring. */
const RING = 7
/** A column, with a little of what is beside it. */
const BESIDE = 6
/** The chip of a packet in two others, with what is beside it; and what a gate asks, on its other side. */
const CHIP = 40
const ASKS = 52

/** The widest column, with what is beside it. */
export const widest = (scene: Scene): number =>
  Math.max(...scene.columns.map((c) => c.w)) + 2 * BESIDE

/** As large as its place allows; where not all of it has room, as large as it is read. What just fits is shown a little smaller. */
function scaleFor(scene: Scene, [w, h]: Room): number {
  const fits = Math.min(w / scene.width, h / scene.height)
  if (fits >= LEAST) return Math.min(fits, MOST)
  const near = [w / scene.width, h / scene.height, w / widest(scene)].filter(
    (s) => s >= LEAST && s < 1,
  )
  return Math.min(1, ...near)
}

export type Range = readonly [from: number, to: number]
const join = (a: Range, b: Range): Range => [Math.min(a[0], b[0]), Math.max(a[1], b[1])]
/** Where a window of this length begins: around the largest of what is asked for that it holds, inside the whole. If it does not hold the second with the first, as near to that as the first allows. */
function begin(length: number, whole: number, asked: Asked['x']): number {
  if (length >= whole) return (whole - length) / 2
  const [own, card] = asked
  const [a, b] = asked.filter(([x, y]) => y - x <= length).at(-1) ?? own
  const held = card[1] - card[0] <= length
  const at = held ? (a + b - length) / 2 : card[0] < own[0] ? own[1] - length : own[0]
  return Math.min(Math.max(0, at), whole - length)
}

/** Where the card rests while the packet is at a box. */
export function trayAt(scene: Scene, here: Box): Area | null {
  const { vpc } = scene
  return (vpc !== null && here.y >= vpc.y ? vpc : columnAt(scene, here))?.tray ?? null
}
const columnAt = (scene: Scene, b: Box): Scene['columns'][number] | undefined =>
  scene.columns.find((c) => b.x > c.x && b.x < c.x + c.w && b.y > c.y && b.y < c.y + c.h)

/** What is to be seen while the packet is at a box, in each direction: the box, with its card, and all that belongs to it; each holds the one before. */
export interface Asked {
  readonly x: readonly [Range, Range, ...Range[]]
  readonly y: readonly [Range, Range, ...Range[]]
}

export function askedAt(scene: Scene, b: Box): Asked {
  const tray = trayAt(scene, b)
  const column = columnAt(scene, b)
  // At a gate the chip stands beside it, and what it asks.
  const beside = b.side > 0 ? [CHIP, ASKS] : [ASKS, CHIP]
  const [left = 0, right = 0] = b.kind === 'gate' ? beside : [0, 0]
  const own = {
    x: [b.x - b.w / 2 - RING - 3 - left, b.x + b.w / 2 + RING + 3 + right],
    y: [b.y - b.h / 2 - RING - 1, b.y + b.h / 2 + RING + 1],
  } as const
  const card =
    tray === null
      ? own
      : {
          x: join(own.x, [tray.x - 2, tray.x + tray.w + 2]),
          y: join(own.y, [tray.y - 2, tray.y + tray.h + 2]),
        }
  const rows: Range[] =
    column === undefined
      ? scene.vpc === null
        ? []
        : [[scene.vpc.y - 28, scene.height]]
      : [[0, column.y + column.h + BESIDE]]
  const across: Range[] =
    column === undefined ? [] : [[column.x - BESIDE, column.x + column.w + BESIDE]]
  return { x: [own.x, card.x, ...across], y: [own.y, card.y, ...rows] }
}

/** What is seen while the packet is at a box: all of the picture, else the whole column, else the box and its card. */
export function shotOf(scene: Scene, here: Box | null, room: Room): Shot {
  const scale = scaleFor(scene, room)
  const [w, h] = [room[0] / scale, (room[1] - room[2]) / scale]
  const { x, y } = askedAt(scene, here ?? scene.boxes[0]!)
  return { scale, w, h, x: begin(w, scene.width, x), y: begin(h, scene.height, y) }
}
