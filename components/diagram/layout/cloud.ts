import type { Netns, Vpc } from '#lib/index.ts'
import { figure } from '#components/words/figure.ts'
import { across, box, type Draft } from './draft.ts'
import { GAP, H, MAIN, MARGIN, trayOf, Y } from './measure.ts'
import { eniOf, gatewayOf } from './names.ts'
import { isOutside, wiredOf, type Part } from './part.ts'
import type { Area, Box, Cloud, Column } from './scene.ts'

/** Between two gates, or a gate and the border. */
type Stretch = readonly [from: number, to: number]
const top = (part: Part): number => Y.gate + part.deep
const CLEAR = 20
/** Its name with what is noted there, and with its range only. */
const NAME_W = 150
const CIDR_W = 108

/** The VPC: gates on its upper edge below the NICs that are used, one lane, the place where it routes and maps. */
export function cloud(
  to: Draft,
  part: Part,
  {
    v,
    columns,
    width,
  }: { readonly v: Vpc; readonly columns: readonly Column[]; readonly width: number },
): Cloud {
  const tray = trayOf(part.outer)
  const deeper = part.deep + Math.max(0, tray.h - 80)
  const laneY = Y.lane + deeper
  const gates = part.machines.flatMap((n, i) => gatesOf(to, { part, v, n, column: columns[i]! }))
  box(to, {
    id: v.name,
    kind: 'vpc',
    x: MARGIN + columns[0]!.w + GAP / 2,
    y: laneY,
    w: 124,
    h: H.vpc,
    label: figure().vpcRouter,
    title: figure().vpcRouterOf(v.name),
    space: v.name,
  })
  for (const g of gates) to.wires.push([g.id, v.name])
  const right = width - MARGIN
  const xs = gates.map((g) => g.x).toSorted((a, b) => a - b)
  const stretches: Stretch[] = [MARGIN + 4 - CLEAR, ...xs].map((x, i) => [
    x + CLEAR,
    (xs[i] ?? right - 4 + CLEAR) - CLEAR,
  ])
  const at = stretches.find(([a, b]) => b - a >= tray.w) ?? stretches[0]!
  // Near the middle, so that on a phone it is in sight together with the gates.
  const area: Area = {
    x: Math.max(at[0], Math.min(at[1] - tray.w, MARGIN + columns[0]!.w + (GAP - tray.w) / 2)),
    y: top(part) + 8,
    ...tray,
  }
  const name = nameIn(stretches, area)
  if (part.more !== 0)
    box(to, {
      id: '+nodes',
      kind: 'more',
      x: name + 55,
      y: top(part) + 68,
      w: 110,
      h: H.more,
      label: figure().moreNodes(part.more),
      space: null,
    })
  const aws = v.cloud === undefined
  return {
    kind: 'vpc',
    x: MARGIN,
    y: top(part),
    w: right - MARGIN,
    h: Y.end + deeper - top(part),
    name: { text: figure().vpc(aws), x: name },
    aws,
    cidr: v.cidrs[0] ?? '',
    laneY,
    tray: area,
  }
}

/** Where its name begins: in the last stretch that has room for it and its notes beside the card, else for it alone. */
function nameIn(stretches: readonly Stretch[], tray: Area): number {
  for (const least of [NAME_W, CIDR_W])
    for (const [a, b] of stretches.toReversed()) {
      const from = tray.x >= a && tray.x < b ? tray.x + tray.w + GAP : a
      if (b - from >= least) return Math.max(from, Math.min(474, b - least))
    }
  return tray.x + tray.w + GAP
}

/** Below the box of a machine that is none. */
const columnX = (c: Column): number => across({ left: c.x, w: c.w, mirrored: c.mirrored }, MAIN)

function gatesOf(
  to: Draft,
  {
    part,
    v,
    n,
    column,
  }: { readonly part: Part; readonly v: Vpc; readonly n: Netns; readonly column: Column },
): Box[] {
  const before = to.boxes.length
  if (isOutside(n)) {
    const id = gatewayOf(n)
    if (!to.boxes.some((b) => b.id === id))
      box(to, {
        id,
        kind: 'gateway',
        x: columnX(column),
        y: top(part),
        w: 132,
        h: H.gate,
        label: v.peerings.some((p) => p.id === id) ? figure().peering : figure().gateway,
        title: id,
        space: v.name,
      })
    to.wires.push([n.name, id])
    return to.boxes.slice(before)
  }
  const on = part.pods.filter((p) => p.node === n.name && part.touched.has(p.name))
  for (const { n: at, d } of [n, ...on].flatMap((x) => wiredOf(part, x))) {
    const trunk = eniOf(d)
    // A branch of it that is asked stands for it.
    const eni = v.enis.find((e) => e.branch?.trunk === trunk && part.devs.has(e.id))?.id ?? trunk
    if (eni === '' || !(part.devs.has(eni) || part.devs.has(`${at.name}/${d.name}`))) continue
    const nic = to.boxes.find((b) => b.id === `${at.name}/${d.name}`)
    const x = nic?.x ?? columnX(column)
    const groups = v.enis.find((e) => e.id === eni)?.groups.join(', ') ?? ''
    const outer = x < column.x + column.w / 2 !== column.mirrored
    box(to, {
      id: eni,
      kind: 'gate',
      x,
      // Below the words of the one that may be beside it.
      y: top(part) + (eni === trunk ? 0 : 24),
      w: H.gate,
      h: H.gate,
      label: figure().eni,
      sub: groups,
      title: eni,
      space: v.name,
      machine: n.name,
      side: outer === column.mirrored ? -1 : 1,
    })
    to.wires.push([nic?.id ?? n.name, eni])
  }
  return to.boxes.slice(before)
}
