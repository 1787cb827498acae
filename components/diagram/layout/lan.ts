import { peerOf, type Netns } from '#lib/index.ts'
import { figure } from '#components/words/figure.ts'
import { box, type Draft } from './draft.ts'
import { GAP, H, MARGIN, trayOf, Y } from './measure.ts'
import { brief, short } from './names.ts'
import { isSwitch, wiredOf, type Part } from './part.ts'
import type { Cloud, Column } from './scene.ts'

/* A network between machines that is one of machines too: a switch into which they are plugged, and who is plugged into it besides. */

const BOX_W = 124
/** Between the switch and what stands below it. */
const ROW = 52

/** The place below the columns where they stand, one below the other: a wire from the side is free. */
export function lan(
  to: Draft,
  part: Part,
  { columns, width }: { readonly columns: readonly Column[]; readonly width: number },
): Cloud {
  const top = Y.gate + part.deep
  const tray = trayOf(part.outer)
  const x = MARGIN + columns[0]!.w + GAP / 2
  const first = top + 8 + tray.h / 2
  for (const [i, n] of part.below.entries())
    box(to, {
      id: n.name,
      kind: isSwitch(n) ? 'bridge' : 'outside',
      x,
      y: first + i * ROW,
      w: BOX_W,
      h: H.box,
      label: short(brief(n.name), BOX_W - GAP),
      title: n.name,
      space: n.name,
    })
  const last = first + (part.below.length - 1) * ROW + H.box / 2
  const right = width - MARGIN
  // Beside the way down of the last machine.
  const name = right - 2 * MARGIN - BOX_W
  if (part.more !== 0)
    box(to, {
      id: '+nodes',
      kind: 'more',
      x: name + 55,
      y: top + 62,
      w: 110,
      h: H.more,
      label: figure().moreNodes(part.more),
      space: null,
    })
  return {
    kind: 'lan',
    aws: false,
    x: MARGIN,
    y: top,
    w: right - MARGIN,
    h: Math.max(first + tray.h / 2, last) + 8 - top,
    name: { text: figure().lan, x: name },
    cidr: '',
    laneY: first,
    tray: { x: MARGIN + 24, y: top + 8, ...tray },
  }
}

/** Machines that are wired to each other directly. */
export function wires(to: Draft, part: Part): void {
  const id = (n: Netns, name: string): string =>
    to.boxes.some((b) => b.id === `${n.name}/${name}`) ? `${n.name}/${name}` : n.name
  for (const n of part.machines)
    for (const { d } of wiredOf(part, n)) {
      const peer = peerOf(d) ?? undefined
      const m = part.machines.find((other) => other.name === peer?.netns)
      if (peer !== undefined && m !== undefined && n.name < m.name)
        to.wires.push([id(n, d.name), id(m, peer.dev)])
    }
}
