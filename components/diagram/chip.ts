import type { Area, Box, Column, Scene } from './layout/index.ts'
import type { Point } from './wire.ts'
import type { Wrap } from './wrap.ts'

/** Half the side of the chip's square, and how much each packet around it adds. */
const HALF = 8
const AROUND = 5.5
/** As far as it may reach down into a box: names begin below. */
const REACH = 8
/** And into another one: its border. */
const TOUCH = 2

/** Half the side of the chip with so much around it. */
export const halfOf = ({ outer, hidden }: Wrap): number =>
  HALF + AROUND * (outer + (hidden ? 1 : 0))

/** Where the chip rests: at a corner of its box where it stands on no other, the upper one towards the middle first; at a gate beside it, where no words are. */
export function restOf(scene: Scene, box: Box, wrap: Wrap): Point {
  const half = halfOf(wrap)
  if (box.kind === 'gate') return [box.x - box.side * (box.w / 2 + half + 7), box.y]
  const column = scene.columns.find((c) => box.x >= c.x && box.x <= c.x + c.w && box.y < c.y + c.h)
  const inner = column?.mirrored === true ? -1 : 1
  const corners = [-1, 1].flatMap((below) =>
    [inner, -inner].map((side): Point => [
      box.x + (side * box.w) / 2,
      box.y + below * (box.h / 2 - REACH + half),
    ]),
  )
  const taken = [...scene.boxes.filter((b) => b.id !== box.id), ...scene.columns.flatMap(heads)]
  const free = ([x, y]: Point): boolean =>
    taken.every(
      (b) =>
        Math.abs(b.x - x) >= b.w / 2 + half - TOUCH || Math.abs(b.y - y) >= b.h / 2 + half - TOUCH,
    )
  return corners.find(free) ?? corners[0]!
}

/** What is written at the head of a machine: its name, its address. */
function heads(c: Column): readonly Area[] {
  const y = c.y + 15
  return [
    { x: c.x + 50, y, w: 80, h: 16 },
    { x: c.x + c.w - 66, y, w: 108, h: 16 },
  ]
}
