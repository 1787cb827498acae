import type { Topology, Walk } from '#lib/index.ts'
import { figure } from '#components/words/figure.ts'
import { cloud } from './cloud.ts'
import { box, type Draft } from './draft.ts'
import { host } from './host.ts'
import { lan, wires } from './lan.ts'
import { COLUMN, GAP, H, MARGIN, Y } from './measure.ts'
import { node } from './node.ts'
import { partOf } from './part.ts'
import type { Column, Scene } from './scene.ts'

export { brief } from './names.ts'
export type { Area, Box, BoxKind, Cloud, Column, Scene } from './scene.ts'

/** Where machines are wired to each other, below their columns. */
const LAN = 24

/** Boxes and wires of a topology, as far as a walk needs them: what takes no part is counted. Of a walk that ends early, what `meant` (the same flow with nothing changed) comes to is there too. Pure: the same rows and walks give the same picture. */
export function layout(t: Topology, walk: Walk, meant?: Walk): Scene {
  const part = partOf(t, meant === undefined ? [walk] : [walk, meant])
  const to: Draft = { boxes: [], wires: [] }
  const columns: Column[] = []
  let left = MARGIN
  for (const [i, n] of part.machines.filter((m) => !part.below.includes(m)).entries()) {
    const at = { n, left, mirrored: i % 2 === 1 }
    columns.push(n.role === 'host' ? host(to, part, at) : node(to, part, at))
    left += columns[i]!.w + GAP
  }
  const { vpc: v } = part
  const single = 2 * COLUMN + GAP
  const under = v !== undefined || part.below.length > 0
  const inner = under ? Math.max(left - GAP, MARGIN + single) : left - GAP
  const width = inner + MARGIN + (!under && part.more !== 0 ? 126 : 0)
  const at = { columns, width }
  const vpc = v !== undefined ? cloud(to, part, { v, ...at }) : under ? lan(to, part, at) : null
  if (v === undefined) wires(to, part)
  if (!under && part.more !== 0)
    box(to, {
      id: '+nodes',
      kind: 'more',
      x: inner + 69,
      y: Y.nic,
      w: 114,
      h: H.more,
      label: figure().moreNodes(part.more),
      space: null,
    })
  const ends = new Set(to.boxes.map((b) => b.id))
  const below = part.machines.length > 1 ? LAN : 0
  return {
    width,
    height: vpc === null ? Y.bottom + part.deep + below + MARGIN : vpc.y + vpc.h + MARGIN,
    boxes: to.boxes,
    wires: to.wires.filter(([a, b]) => ends.has(a) && ends.has(b)),
    columns,
    vpc,
    more: part.more,
  }
}
