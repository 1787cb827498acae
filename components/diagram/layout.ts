import { line } from 'd3-shape'
import { netns, space, type Dev, type Netns, type Topology, type Vpc, type Walk } from '#lib/index.ts'

/** Boxes and wires of a topology, in figure units. Pure: the same rows and walk give the same picture. */
export type BoxKind = 'pod' | 'veth' | 'bridge' | 'routing' | 'tunnel' | 'daemon' | 'nic' | 'eni' | 'host' | 'more' | 'outside' | 'gateway'
export interface Box { readonly id: string; readonly kind: BoxKind; readonly x: number; readonly y: number; readonly w: number; readonly h: number; readonly label: string; readonly sub: string; readonly title: string }
export interface Column { readonly name: string; readonly ip: string; readonly x: number; readonly w: number }
export interface Band { readonly name: string; readonly sub: string; readonly y: number; readonly h: number; readonly kind: 'pod' | 'node' | 'vpc' | 'physical' }
export interface Scene { readonly width: number; readonly height: number; readonly boxes: readonly Box[]; readonly wires: readonly (readonly [string, string])[]; readonly columns: readonly Column[]; readonly bands: readonly Band[]; readonly more: string | null }

const LEFT = 122
const POD_W = 116
const SIDE_W = 128
const GAP = 26
const TOP = 38
const Y = { pod: TOP + 42, veth: TOP + 102, bridge: TOP + 158, routing: TOP + 226, nic: TOP + 302, eni: TOP + 388, host: TOP + 470 } as const
const BANDS = { node: TOP + 226, vpc: TOP + 346, physical: TOP + 430, end: TOP + 512 } as const
/** Pods and nodes drawn at most; the rest is counted. */
const MOST_PODS = 3
const MOST_NODES = 4

function short(name: string, most: number): string {
  return name.length <= most ? name : `${name.slice(0, most - 1)}…`
}

const address = (d: Dev | undefined): string => d?.addrs[0]?.split('/')[0] ?? ''

export function layout(t: Topology, walk: Walk): Scene {
  const touched = new Set(walk.steps.filter((s) => walk.messages[s.message]?.kind !== 'arp').map((s) => s.in))
  const large = t.source.names.length > 200
  const names = large ? [...touched] : t.source.names
  const all = names.map((n) => space(t, n)).filter((s) => s !== undefined)
  const pods = all.filter((s): s is Netns => s.kind === 'netns' && (s.role === 'pod' || s.role === 'container'))
  const first = netns(t, walk.flow.from)?.node
  const nodes = all.filter((s): s is Netns => s.kind === 'netns' && s.role === 'node')
  const isUsed = (n: Netns): boolean => touched.has(n.name) || pods.some((p) => p.node === n.name && touched.has(p.name))
  const ordered = nodes.toSorted((a, b) => Number(b.name === first) - Number(a.name === first) || Number(isUsed(b)) - Number(isUsed(a)))
  const drawn = nodes.length <= MOST_NODES ? ordered : ordered.filter(isUsed).slice(0, MOST_NODES)
  const v = all.find((s): s is Vpc => s.kind === 'vpc')
  const hosts = all.filter((s): s is Netns => s.kind === 'netns' && s.role === 'host' && touched.has(s.name))
  const boxes: Box[] = []
  const wires: [string, string][] = []
  const columns: Column[] = []
  const box = (id: string, kind: BoxKind, x: number, y: number, w: number, h: number, label: string, sub = '', title = label): void => { boxes.push({ id, kind, x, y, w, h, label, sub, title }) }

  let x = LEFT
  for (const n of drawn) {
    const mine = pods.filter((p) => p.node === n.name).toSorted((a, b) => Number(touched.has(b.name)) - Number(touched.has(a.name)))
    const shown = mine.slice(0, mine.length > MOST_PODS ? MOST_PODS - 1 : MOST_PODS).toSorted((a, b) => pods.indexOf(a) - pods.indexOf(b))
    const slots = Math.max(2, shown.length + (mine.length > shown.length ? 1 : 0))
    const tunnels = n.devs.filter((d) => d.kind === 'vxlan' || d.kind === 'tun')
    const inner = slots * POD_W
    const width = inner + SIDE_W + 20
    const cx = (i: number): number => x + 10 + POD_W * i + POD_W / 2
    const side = x + 10 + inner + SIDE_W / 2
    const middle = x + 10 + inner / 2
    columns.push({ name: n.name, ip: address(n.devs.find((d) => d.name === 'eth0')), x, w: width })
    const bridge = n.devs.find((d) => d.kind === 'bridge')
    shown.forEach((p, i) => {
      box(p.name, 'pod', cx(i), Y.pod, POD_W - 10, 40, short(p.name.replace('web-app-', '').replace('-service', ''), 15), address(p.devs.find((d) => d.name === 'eth0')), p.name)
      const host = n.devs.find((d) => d.kind === 'veth' && d.peer.netns === p.name)
      if (host === undefined) return
      box(`${n.name}/${host.name}`, 'veth', cx(i), Y.veth, POD_W - 10, 26, short(host.name, 14), '', host.name)
      wires.push([p.name, `${n.name}/${host.name}`], [`${n.name}/${host.name}`, bridge === undefined ? n.name : `${n.name}/${bridge.name}`])
    })
    if (mine.length > shown.length) box(`${n.name}+pods`, 'more', cx(shown.length), Y.pod, POD_W - 10, 40, `+ ${mine.length - shown.length} pods`)
    if (bridge !== undefined) {
      box(`${n.name}/${bridge.name}`, 'bridge', middle, Y.bridge, inner - 12, 34, bridge.name, address(bridge))
      wires.push([`${n.name}/${bridge.name}`, n.name])
    }
    box(n.name, 'routing', middle, Y.routing, inner - 12, 34, 'routing and rules', '', `${n.name}: the IP layer of the kernel`)
    for (const [i, d] of tunnels.entries()) {
      box(`${n.name}/${d.name}`, 'tunnel', side, Y.routing - i * 44, SIDE_W - 20, 34, d.name, d.kind === 'tun' ? 'tun' : `vni ${d.kind === 'vxlan' ? d.vni : 0}`)
      wires.push([n.name, `${n.name}/${d.name}`])
      const daemon = n.daemons.find((x2) => x2.tun === d.name)
      if (daemon !== undefined) { box(`${n.name}/${d.name} program`, 'daemon', side, Y.bridge, SIDE_W - 20, 34, daemon.name, 'user space'); wires.push([`${n.name}/${d.name}`, `${n.name}/${d.name} program`]) }
    }
    const nics = n.devs.filter((d) => d.kind === 'nic')
    nics.forEach((d, i) => {
      const nx = d.name === 'eth0' ? side : middle - (i - 1) * 90
      const id = `${n.name}/${d.name}`
      box(id, 'nic', nx, Y.nic, 104, 34, d.name, address(d))
      const eni = d.kind === 'nic' && 'eni' in d.wire ? d.wire.eni : ''
      box(eni, 'eni', nx, Y.eni, 104, 34, 'ENI', short(v?.enis.find((e) => e.id === eni)?.groups.join(', ') ?? '', 15), eni)
      wires.push([n.name, id], [id, eni])
      if (tunnels.length > 0) wires.push([`${n.name}/${tunnels[0]!.name}`, id])
      if (i === 0) { box(`${n.name} host`, 'host', side, Y.host, 104, 34, 'host', 'not public'); wires.push([eni, `${n.name} host`]) } else wires.push([eni, `${n.name} host`])
    })
    x += width + GAP
  }
  hosts.forEach((h) => {
    box(h.name, 'outside', x + 60, Y.nic, 112, 40, short(h.name, 14), address(h.devs.find((d) => d.name === 'eth0')))
    const gw = v?.gateways[0]?.id ?? 'igw'
    box(gw, 'gateway', x + 60, Y.eni, 112, 34, 'internet gateway')
    wires.push([h.name, gw])
    columns.push({ name: 'outside', ip: '', x, w: 120 })
    x += 120 + GAP
  })
  const hostIds = drawn.map((n) => `${n.name} host`)
  hostIds.slice(1).forEach((id, i) => wires.push([hostIds[i]!, id]))
  const width = x - GAP + 14
  const bands: Band[] = [
    { name: 'Pod network', sub: pods[0] === undefined ? '' : poolOf(pods), y: TOP, h: BANDS.node - TOP, kind: 'pod' },
    { name: 'Node network', sub: v?.subnets[0]?.cidr ?? '', y: BANDS.node, h: BANDS.vpc - BANDS.node, kind: 'node' },
    { name: 'VPC', sub: v?.cidrs[0] ?? '', y: BANDS.vpc, h: BANDS.physical - BANDS.vpc, kind: 'vpc' },
    { name: 'Physical', sub: 'not published', y: BANDS.physical, h: BANDS.end - BANDS.physical, kind: 'physical' },
  ]
  return { width, height: BANDS.end, boxes, wires, columns, bands, more: nodes.length > drawn.length ? `${large ? 'many' : nodes.length - drawn.length} more nodes` : null }
}

/** The prefix the pods' addresses share, to the octet. */
function poolOf(pods: readonly Netns[]): string {
  const ips = pods.map((p) => address(p.devs.find((d) => d.name === 'eth0')).split('.'))
  let n = 0
  while (n < 3 && ips.every((ip) => ip[n] === ips[0]?.[n])) n += 1
  return n === 0 ? '' : `${ips[0]!.slice(0, n).join('.')}${'.0'.repeat(4 - n)}/${n * 8}`
}

/** Where a wire runs: straight, or with one bend, from border to border. */
export function ends(a: Box, b: Box): [number, number][] {
  if (Math.abs(a.y - b.y) < 2) return a.x < b.x ? [[a.x + a.w / 2, a.y], [b.x - b.w / 2, a.y]] : [[a.x - a.w / 2, a.y], [b.x + b.w / 2, a.y]]
  const down = a.y < b.y
  const start = down ? a.y + a.h / 2 : a.y - a.h / 2
  const end = down ? b.y - b.h / 2 : b.y + b.h / 2
  // Inside the wider box's span the wire drops straight.
  if (Math.abs(a.x - b.x) < Math.max(a.w, b.w) / 2 - 6) { const x = a.w < b.w ? a.x : b.x; return [[x, start], [x, end]] }
  const from = a.x < b.x ? a.x + a.w / 2 - 14 : a.x - a.w / 2 + 14
  if (down) return [[from, start], [from, b.y], [b.x + (b.x < a.x ? b.w / 2 : -b.w / 2), b.y]]
  const to = b.x < a.x ? b.x + b.w / 2 - 14 : b.x - b.w / 2 + 14
  return [[a.x + (a.x < b.x ? a.w / 2 : -a.w / 2), a.y], [to, a.y], [to, end]]
}

const draw = line<[number, number]>()

/** A wire as an SVG path. */
export function wire(a: Box, b: Box): string {
  return draw(ends(a, b)) ?? ''
}
