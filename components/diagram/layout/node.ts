import type { Dev, Netns } from '#lib/index.ts'
import { figure } from '#components/words/figure.ts'
import { across, areaIn, box, stands, type Draft, type Frame } from './draft.ts'
import { ADDRESS, widthOf } from './advances.ts'
import {
  COLUMN,
  GAP,
  H,
  LANE,
  MAIN,
  MAIN_W,
  PAD,
  SIDE,
  SIDE_W,
  SLOT,
  trayOf,
  VETH_W,
  Y,
} from './measure.ts'
import { EDGE } from './texts.ts'
import { address, addressOf, brief, endOf, eth0, hasPorts, nicsOf, short } from './names.ts'
import { tunnelsOf, wiredOf, type Part, type Wired } from './part.ts'
import type { Area, Box, Column } from './scene.ts'

/** Who stands above the kernel: a pod, or a program of the node itself. */
type Upper = { readonly pod: Netns } | { readonly program: string }

/** What of a node is drawn. */
interface Parts {
  readonly n: Netns
  readonly uppers: readonly Upper[]
  readonly rest: number
  readonly bridge: Dev | undefined
  readonly tunnels: readonly Dev[]
  readonly nics: readonly Wired[]
  /** Is anything asked of the node itself? */
  readonly routes: boolean
}

function partsOf(part: Part, n: Netns): Parts {
  const mine = part.pods.filter((p) => p.node === n.name)
  const pods = mine.filter((p) => part.touched.has(p.name))
  const bridges = n.devs.filter(hasPorts)
  const asked = bridges.filter((d) => part.devs.has(`${n.name}/${d.name}`))
  const tunnels = tunnelsOf(part, n)
  const wired = [n, ...pods].flatMap((x) => wiredOf(part, x))
  const used = wired.filter((x) => part.devs.has(`${x.n.name}/${x.d.name}`))
  // Of those that nothing comes to, one is drawn, faint, if its place is free.
  const free = part.machines.length > 1 || part.vpc !== undefined ? 2 - used.length : 0
  const faint = wired.filter((x) => !used.includes(x)).slice(0, Math.max(0, free))
  return {
    n,
    uppers: [
      ...pods.map((pod) => ({ pod })),
      ...(part.programs.has(n.name) ? [{ program: n.name }] : []),
    ],
    rest: mine.length - pods.length,
    bridge: asked[0] ?? (pods.length > 0 ? bridges[0] : undefined),
    tunnels,
    nics: wired.filter((x) => used.includes(x) || faint.includes(x)),
    routes: part.touched.has(n.name) || pods.some((p) => endOf(n, p.name) !== undefined),
  }
}

/** A node the packet goes to: pods on top, then veth, bridge, routing with the tunnel beside it, NICs. */
export function node(
  to: Draft,
  part: Part,
  { n, left, mirrored }: { readonly n: Netns; readonly left: number; readonly mirrored: boolean },
): Column {
  const p = partsOf(part, n)
  const programs = p.tunnels.filter((d) => n.daemons.some((e) => e.tun === d.name)).length
  const others = p.nics.filter((x) => x.d !== nicsOf(n)[0]).length
  const slots = Math.max(2, p.uppers.length + programs, others + 1, p.tunnels.length + 1)
  for (let extra = slots - 2; ; extra += 1) {
    const frame: Frame = { left, w: COLUMN + extra * SLOT, mirrored }
    const mine: Draft = { boxes: [], wires: [] }
    const draw: Drawing = { to: mine, part, p, frame, extra }
    above(draw)
    stack(draw)
    wrapping(draw)
    wired(draw)
    const tray = trayIn(draw)
    if (tray === null) continue
    to.boxes.push(...mine.boxes)
    to.wires.push(...mine.wires)
    return {
      name: short(n.node, nameW(p, frame.w)),
      ip: addressOf(n),
      x: left,
      y: Y.top,
      w: frame.w,
      h: Y.bottom + part.deep - Y.top,
      mirrored,
      kernelY: Y.kernel,
      laneX: across(frame, LANE + extra * SLOT),
      tray: areaIn(frame, tray),
      outside: false,
    }
  }
}

/** How much of the upper edge the address has, and the count of the pods that take no part. */
const ipW = (n: Netns): number => widthOf(addressOf(n), ADDRESS, true)
const restW = (rest: number): number => widthOf(figure().morePods(rest), ADDRESS, true) + PAD
const nameW = ({ n, rest }: Parts, w: number): number =>
  w - 2 * EDGE - ipW(n) - GAP - (rest > 0 ? restW(rest) + GAP / 2 : 0)

interface Drawing {
  readonly to: Draft
  readonly part: Part
  readonly p: Parts
  readonly frame: Frame
  readonly extra: number
}

/** The place of a slot: the first is the pods', the last what wraps and the first NIC. */
const slotX = ({ extra }: Drawing, i: number): number =>
  i === 0 ? MAIN : SIDE + extra * SLOT - (extra + 1 - i) * SLOT

/** Pods with their veths, programs of the node. */
function above(d: Drawing): void {
  const { to, p, frame, extra } = d
  const { n, bridge } = p
  const taken = new Set(
    p.tunnels.flatMap((t, i) =>
      n.daemons.some((e) => e.tun === t.name) ? [extra + 2 - p.tunnels.length + i] : [],
    ),
  )
  const free = Array.from({ length: extra + 2 }, (_, i) => i).filter((i) => !taken.has(i))
  p.uppers.forEach((u, i) => {
    const x = across(frame, slotX(d, free[i]!))
    const w = free[i] === 0 ? MAIN_W : SIDE_W
    if ('program' in u) {
      const id = `${n.name} program`
      box(to, {
        id,
        // A machine that is a pod's has no program but it.
        kind: n.role === 'pod' ? 'pod' : 'daemon',
        x,
        y: Y.pod,
        w,
        h: H.pod,
        label: n.role === 'pod' ? short(brief(n.name), w - PAD) : figure().program,
        sub: n.role === 'pod' ? addressOf(n) : figure().onNode,
        space: n.name,
      })
      to.wires.push([id, n.name])
      return
    }
    const { pod } = u
    box(to, {
      id: pod.name,
      kind: 'pod',
      x,
      y: Y.pod,
      w,
      h: H.pod,
      label: short(brief(pod.name), w - PAD),
      sub: address(eth0(pod)),
      title: pod.name,
      space: pod.name,
    })
    const end = endOf(n, pod.name)
    if (end === undefined) {
      to.wires.push([pod.name, n.name])
      return
    }
    const id = `${n.name}/${end.name}`
    box(to, {
      id,
      kind: 'veth',
      x,
      y: Y.kernel,
      w: VETH_W,
      h: H.veth,
      label: short(end.name, VETH_W - PAD),
      title: end.name,
      space: n.name,
    })
    to.wires.push([pod.name, id], [id, bridge === undefined ? n.name : `${n.name}/${bridge.name}`])
  })
  if (p.rest > 0)
    box(to, {
      id: `${n.name}+pods`,
      kind: 'more',
      x: frame.left + frame.w - EDGE - ipW(n) - GAP / 2 - restW(p.rest) / 2,
      y: Y.head,
      w: restW(p.rest),
      h: H.more,
      label: figure().morePods(p.rest),
      title: figure().morePodsOf(p.rest, n.name),
      space: null,
    })
}

/** Bridge and routing. */
function stack({ to, p, frame }: Drawing): void {
  const { n, bridge } = p
  const x = across(frame, MAIN)
  if (bridge !== undefined) {
    const id = `${n.name}/${bridge.name}`
    box(to, {
      id,
      kind: 'bridge',
      x,
      y: Y.bridge,
      w: MAIN_W,
      h: H.box,
      label: short(bridge.name, MAIN_W - PAD),
      sub: address(bridge),
      space: n.name,
    })
    to.wires.push([id, n.name])
  }
  if (!p.routes) return
  box(to, {
    id: n.name,
    kind: 'routing',
    x,
    y: Y.routing,
    w: MAIN_W,
    h: H.box,
    label: figure().ipLayer,
    title: figure().ipLayerOf(n.name),
    space: n.name,
  })
}

/** What wraps, its program above the kernel, and the routing that is asked again of what came out. */
function wrapping(d: Drawing): void {
  const { to, p, frame, extra } = d
  const { n, tunnels } = p
  if (tunnels.length === 0) return
  const outer = `${n.name} outer`
  tunnels.forEach((t, i) => {
    const x = across(frame, slotX(d, extra + 2 - tunnels.length + i))
    const id = `${n.name}/${t.name}`
    box(to, {
      id,
      kind: 'tunnel',
      x,
      y: Y.routing,
      w: SIDE_W,
      h: H.box,
      label: short(t.name, SIDE_W - PAD),
      sub: 'vni' in t ? `vni ${t.vni}` : t.kind,
      space: n.name,
      title: t.name,
    })
    if (i === 0) to.wires.push([n.name, id])
    const daemon = n.daemons.find((e) => e.tun === t.name)
    if (daemon === undefined) {
      to.wires.push([id, outer])
      return
    }
    const program = `${id} program`
    box(to, {
      id: program,
      kind: 'daemon',
      x,
      y: Y.pod,
      w: SIDE_W,
      h: H.pod,
      label: short(daemon.name, SIDE_W - PAD),
      sub: figure().program,
      space: n.name,
      title: daemon.name,
    })
    to.wires.push([id, program], [program, outer])
  })
  box(to, {
    id: outer,
    kind: 'routing',
    x: across(frame, SIDE + extra * SLOT),
    y: Y.outer,
    w: SIDE_W,
    h: H.outer,
    label: figure().ipLayer,
    title: figure().outerOf(n.name),
    space: n.name,
  })
}

/** The NICs: the first stands below what wraps, the second below routing. */
function wired(d: Drawing): void {
  const { to, part, p, frame, extra } = d
  const { n, nics, tunnels } = p
  const [first] = nicsOf(n)
  const others = nics.filter((x) => x.d !== first)
  nics.forEach((x) => {
    const { d: nic } = x
    // The first NIC of a node has the same place in every picture.
    const k = others.indexOf(x)
    const slot = k < 0 ? extra + 1 : k === 0 ? 0 : k === extra + 1 ? extra + 1 : k
    const id = `${x.n.name}/${nic.name}`
    box(to, {
      id,
      kind: 'nic',
      x: across(frame, slotX(d, slot)),
      y: Y.nic + part.deep,
      w: SIDE_W,
      h: H.box,
      label: short(nic.name, SIDE_W - PAD),
      sub: address(nic),
      space: x.n.name,
      title: nic.name,
      used: part.devs.has(id),
    })
    if (nic === first && tunnels.length > 0) to.wires.push([`${n.name} outer`, id])
    else if (part.devs.has(id)) to.wires.push([x.n.name, id])
  })
}

/** A place for the card that is free of boxes: at the outer edge below routing, else where one is. */
function trayIn({ to, part, frame, p }: Drawing): Area | null {
  const { w, h } = trayOf(p.tunnels.length === 0 ? 0 : part.outer)
  const local: Frame = { ...frame, left: 0 }
  const boxes = to.boxes.map((b) => ({ ...b, x: across(local, b.x - frame.left) }))
  for (const x of [8, 152, frame.w - w - 8])
    for (const y of [Y.routing + 27, 276 + part.deep - h, 190 - h]) {
      const area: Area = { x, y, w, h }
      if (area.x + w > frame.w - 4 || area.y < Y.kernel + 6) continue
      if (boxes.every((b) => !stands(b, area, 5)) && !straightIn(boxes, to.wires, area)) return area
    }
  return null
}

/** Does a wire that runs straight down pass an area? */
function straightIn(boxes: readonly Box[], wires: Draft['wires'], a: Area): boolean {
  const by = (id: string): Box | undefined => boxes.find((b) => b.id === id)
  return wires.some(([from, to]) => {
    const [x, y] = [by(from), by(to)]
    if (x === undefined || y === undefined || Math.abs(x.x - y.x) > 1) return false
    const [top, low] = [Math.min(x.y, y.y), Math.max(x.y, y.y)]
    return x.x > a.x - 8 && x.x < a.x + a.w + 8 && top < a.y + a.h && low > a.y
  })
}
