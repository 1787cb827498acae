import { ADDRESS, NAME, widthOf } from './advances.ts'
import type { Area, Box, Column } from './scene.ts'

/** A line of text: its base line, and what stands at `x`. Names are 14 px, addresses 12.5 px and monospaced. */
export interface Text {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'middle' | 'end'
  readonly mono: boolean
}

/** The words of a box: in it; of a gate beside it. */
export function textsOf(b: Box): Text[] {
  if (b.kind === 'gate')
    return [
      {
        text: b.label,
        x: b.x + b.side * (b.w / 2 + 5),
        y: b.y - 9,
        anchor: b.side > 0 ? 'start' : 'end',
        mono: true,
      },
    ]
  const small = b.kind === 'more'
  const line = (text: string, y: number, mono: boolean): Text => ({
    text,
    x: b.x,
    y,
    anchor: 'middle',
    mono,
  })
  if (b.sub === '') return [line(b.label, b.y + (small ? 4.5 : 5), small)]
  return [line(b.label, b.y - 2, false), line(b.sub, b.y + 14, true)]
}

/** The name of a machine and its address, at the upper edge of its column. */
export const headsOf = (c: Column): Text[] => [
  { text: c.name, x: c.x + EDGE, y: c.y + 20, anchor: 'start', mono: false },
  { text: c.ip, x: c.x + c.w - EDGE, y: c.y + 20, anchor: 'end', mono: true },
]
export const EDGE = 14

/** What a text covers, at most. */
export function boundsOf(t: Text): Area {
  const size = t.mono ? ADDRESS : NAME
  const w = widthOf(t.text, size, t.mono)
  const x = t.anchor === 'start' ? t.x : t.anchor === 'end' ? t.x - w : t.x - w / 2
  return { x, y: t.y - 0.76 * size, w, h: size }
}
