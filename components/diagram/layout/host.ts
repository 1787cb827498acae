import type { Netns } from '#lib/index.ts'
import { figure } from '#components/words/figure.ts'
import { across, areaIn, box, type Draft, type Frame } from './draft.ts'
import { COLUMN, H, LANE, MAIN, MAIN_W, PAD, trayOf, Y } from './measure.ts'
import { addressOf, brief, gatewayOf, short } from './names.ts'
import { isOutside, type Part } from './part.ts'
import type { Column } from './scene.ts'

/** A machine that is no node: one box, and room for the card. */
export function host(
  to: Draft,
  part: Part,
  { n, left, mirrored }: { readonly n: Netns; readonly left: number; readonly mirrored: boolean },
): Column {
  const frame: Frame = { left, w: COLUMN, mirrored }
  const { w, h } = trayOf(part.outer)
  const outside = isOutside(n)
  const peered = part.vpc?.peerings.some((p) => p.id === gatewayOf(n)) === true
  box(to, {
    id: n.name,
    kind: 'outside',
    x: across(frame, MAIN),
    y: Y.pod,
    w: MAIN_W,
    h: H.pod,
    label: short(brief(n.name), MAIN_W - PAD),
    sub: addressOf(n),
    title: n.name,
    space: n.name,
  })
  return {
    name: peered ? figure().peered : outside ? figure().outside : short(n.name, COLUMN - 40),
    ip: '',
    x: left,
    y: Y.top,
    w: COLUMN,
    h: Y.bottom + part.deep - Y.top,
    mirrored,
    kernelY: Y.kernel,
    laneX: across(frame, LANE),
    tray: areaIn(frame, { x: COLUMN - 8 - w, y: Y.outer - h / 2, w, h }),
    outside,
  }
}
