import type { Area, Box } from './scene.ts'

/** Boxes and wires so far. */
export interface Draft {
  readonly boxes: Box[]
  readonly wires: [string, string][]
}

/** Where a column stands, and whether it is seen in a mirror. */
export interface Frame {
  readonly left: number
  readonly w: number
  readonly mirrored: boolean
}

export const across = (f: Frame, x: number): number => f.left + (f.mirrored ? f.w - x : x)
export const areaIn = (f: Frame, a: Area): Area => ({
  ...a,
  x: f.left + (f.mirrored ? f.w - a.x - a.w : a.x),
})

type Placed = Pick<Box, 'id' | 'kind' | 'x' | 'y' | 'w' | 'h' | 'label' | 'space'> & Partial<Box>
export function box(to: Draft, b: Placed): void {
  to.boxes.push({ sub: '', title: b.label, machine: null, used: true, side: 1, ...b })
}

/** Does a box, with some room around it, stand in an area? */
export const stands = (b: Box, a: Area, room: number): boolean =>
  b.x - b.w / 2 - room < a.x + a.w &&
  b.x + b.w / 2 + room > a.x &&
  b.y - b.h / 2 - room < a.y + a.h &&
  b.y + b.h / 2 + room > a.y
