import { netns, space, type Dev, type Netns, type Topology, type Vpc, type Walk } from '#lib/index.ts'

/** Boxes and wires of a topology, in figure units. Pure: the same rows and walk give the same picture. */
export type BoxKind = 'pod' | 'veth' | 'bridge' | 'routing' | 'tunnel' | 'daemon' | 'nic' | 'eni' | 'host' | 'more' | 'outside' | 'gateway'
export interface Box { readonly id: string; readonly kind: BoxKind; readonly x: number; readonly y: number; readonly w: number; readonly h: number; readonly label: string; readonly sub: string; readonly title: string }
/** A node, or what is outside the VPC. */
export interface Column { readonly name: string; readonly ip: string; readonly x: number; readonly w: number; readonly outside?: boolean }
export type BandKind = 'pod' | 'node' | 'vpc' | 'physical'
export interface Band { readonly name: string; readonly sub: string; readonly y: number; readonly h: number; readonly kind: BandKind }
export interface Scene { readonly width: number; readonly height: number; readonly boxes: readonly Box[]; readonly wires: readonly (readonly [string, string])[]; readonly columns: readonly Column[]; readonly bands: readonly Band[]; readonly more: string | null }

const LEFT = 122
const POD_W = 116
const SIDE_W = 128
const GAP = 26
const TOP = 38
const NIC_W = 106
/** Pods drawn of a node, nodes drawn at most; the rest is counted. */
const MOST_PODS = 2
const MOST_NODES = 8
/** From one row to the next; above the deep ones there is room for a packet with what is around it. */
const ROOM = { veth: 62, bridge: 60, routing: 70, nic: 92, eni: 90, host: 86, end: 38 } as const
/** Below a bridge a packet comes to the routing with another around it, and needs that much more room. The row below has it to give. */
const WRAPPED = 6

interface Rows { readonly pod: number; readonly veth: number; readonly bridge: number; readonly routing: number; readonly nic: number; readonly eni: number; readonly host: number }

/** Where the rows stand: a world without bridges needs no room for them, and is less deep. */
function rowsFor(bridged: boolean): Rows {
  const pod = TOP + 54
  const veth = pod + ROOM.veth
  const bridge = veth + (bridged ? ROOM.bridge : 0)
  const wrapped = bridged ? WRAPPED : 0
  const routing = bridge + ROOM.routing + wrapped
  const nic = routing + ROOM.nic - wrapped
  const eni = nic + ROOM.eni
  return { pod, veth, bridge, routing, nic, eni, host: eni + ROOM.host }
}

function short(name: string, most: number): string {
  return name.length <= most ? name : `${name.slice(0, most - 1)}…`
}

/** A name as the picture has it: what all names of the article's pods share is left out. */
export const brief = (name: string): string => name.replace('web-app-', '').replace('-service', '')

const address = (d: Dev | undefined): string => d?.addrs[0]?.split('/')[0] ?? ''
const eth0 = (n: Netns): Dev | undefined => n.devs.find((d) => d.name === 'eth0')

/** What a picture is put together from: boxes and wires so far, and the rows that say where. */
interface Draft { readonly v: Vpc | undefined; readonly y: Rows; readonly boxes: Box[]; readonly wires: [string, string][]; readonly columns: Column[] }

function box(to: Draft, id: string, kind: BoxKind, x: number, y: number, w: number, h: number, label: string, sub = '', title = label): void {
  to.boxes.push({ id, kind, x, y, w, h, label, sub, title })
}

/** A NIC and the interface of the VPC behind it. Returns the latter's id. */
function nic(to: Draft, n: Netns, d: Dev, x: number): string {
  const eni = d.kind === 'nic' && 'eni' in d.wire ? d.wire.eni : ''
  box(to, `${n.name}/${d.name}`, 'nic', x, to.y.nic, NIC_W, 34, d.name, address(d))
  box(to, eni, 'eni', x, to.y.eni, NIC_W, 34, 'ENI', short(to.v?.enis.find((e) => e.id === eni)?.groups.join(', ') ?? '', 15), eni)
  to.wires.push([`${n.name}/${d.name}`, eni], [eni, `${n.name} host`])
  return eni
}

const counted = (pods: number): string => `${pods} ${pods === 1 ? 'pod' : 'pods'}`

/** A node the packet does not go to: its name, its pods counted, its way to the VPC. Returns its width. */
function aside(to: Draft, n: Netns, pods: number, left: number): number {
  const width = POD_W + 20
  const x = left + width / 2
  const d = n.devs.find((e) => e.kind === 'nic')
  to.columns.push({ name: short(n.name, 13), ip: '', x: left, w: width })
  box(to, `${n.name}+pods`, 'more', x, to.y.pod, POD_W - 10, 40, counted(pods), '', `${counted(pods)} of ${n.name}`)
  box(to, n.name, 'routing', x, to.y.routing, POD_W - 10, 34, 'routing', '', `${n.name}: the IP layer of the kernel`)
  to.wires.push([`${n.name}+pods`, n.name])
  if (d === undefined) return width
  nic(to, n, d, x)
  box(to, `${n.name} host`, 'host', x, to.y.host, NIC_W, 34, 'host', 'not public')
  to.wires.push([n.name, `${n.name}/${d.name}`])
  return width
}

/** A node the packet goes to: pods on top, then veth, bridge, routing with the tunnel beside it, NICs. `rest` pods are only counted. Returns its width. */
function node(to: Draft, n: Netns, pods: readonly Netns[], rest: number, slots: number, left: number): number {
  const { y } = to
  const inner = slots * POD_W
  const width = inner + SIDE_W + 20
  const side = left + 10 + inner + SIDE_W / 2
  const middle = left + 10 + inner / 2
  const bridge = n.devs.find((d) => d.kind === 'bridge')
  to.columns.push({ name: short(n.name, 16), ip: address(eth0(n)), x: left, w: width })
  pods.forEach((p, i) => {
    const x = left + 10 + POD_W * i + POD_W / 2
    box(to, p.name, 'pod', x, y.pod, POD_W - 10, 40, short(brief(p.name), 15), address(eth0(p)), p.name)
    const host = n.devs.find((d) => d.kind === 'veth' && d.peer.netns === p.name)
    if (host === undefined) return
    box(to, `${n.name}/${host.name}`, 'veth', x, y.veth, POD_W - 10, 26, short(host.name, 15), '', host.name)
    to.wires.push([p.name, `${n.name}/${host.name}`], [`${n.name}/${host.name}`, bridge === undefined ? n.name : `${n.name}/${bridge.name}`])
  })
  if (rest > 0) box(to, `${n.name}+pods`, 'more', side, y.pod, SIDE_W - 22, 40, `+ ${counted(rest)}`, '', `${counted(rest)} more of ${n.name}`)
  if (bridge !== undefined) {
    box(to, `${n.name}/${bridge.name}`, 'bridge', middle, y.bridge, inner - 10, 34, bridge.name, address(bridge))
    to.wires.push([`${n.name}/${bridge.name}`, n.name])
  }
  box(to, n.name, 'routing', middle, y.routing, inner - 10, 34, 'routing and rules', '', `${n.name}: the IP layer of the kernel`)
  const tunnels = n.devs.filter((d) => d.kind === 'vxlan' || d.kind === 'tun')
  for (const [i, d] of tunnels.entries()) {
    box(to, `${n.name}/${d.name}`, 'tunnel', side, y.routing - i * 44, NIC_W, 34, d.name, d.kind === 'tun' ? 'tun' : `vni ${d.kind === 'vxlan' ? d.vni : 0}`)
    to.wires.push([n.name, `${n.name}/${d.name}`])
    const daemon = n.daemons.find((e) => e.tun === d.name)
    if (daemon === undefined) continue
    box(to, `${n.name}/${d.name} program`, 'daemon', side, y.bridge, NIC_W, 34, daemon.name, 'user space')
    to.wires.push([`${n.name}/${d.name}`, `${n.name}/${d.name} program`])
  }
  n.devs.filter((d) => d.kind === 'nic').forEach((d, i) => {
    nic(to, n, d, d.name === 'eth0' ? side : middle - (i - 1) * (NIC_W + 12))
    to.wires.push([n.name, `${n.name}/${d.name}`])
    if (tunnels.length > 0) to.wires.push([`${n.name}/${tunnels[0]!.name}`, `${n.name}/${d.name}`])
    if (i === 0) box(to, `${n.name} host`, 'host', side, y.host, NIC_W, 34, 'host', 'not public')
  })
  return width
}

/** The hosts beyond the internet gateway. Returns their width. */
function outside(to: Draft, hosts: readonly Netns[], left: number): number {
  const gateway = to.v?.gateways[0]?.id ?? 'igw'
  hosts.forEach((h, i) => {
    const x = left + 60 + i * (120 + GAP)
    box(to, h.name, 'outside', x, to.y.nic, 112, 40, short(h.name, 15), address(eth0(h)), h.name)
    to.wires.push([h.name, gateway])
  })
  if (hosts.length === 0) return 0
  to.columns.push({ name: 'outside', ip: '', x: left - 4, w: hosts.length * (120 + GAP) - GAP + 8, outside: true })
  box(to, gateway, 'gateway', left + 60, to.y.eni, 112, 34, 'gateway', 'to the internet', gateway)
  return hosts.length * (120 + GAP)
}

/** The bands, from the top. Where the VPC owns the pods' addresses, pods and nodes are one network. */
function bandsOf(y: Rows, v: Vpc | undefined, pods: readonly Netns[]): Band[] {
  const shared = pods.length > 0 && pods.every((p) => v?.enis.some((e) => e.ips.some((ip) => ip === address(eth0(p)))) === true)
  const subnet = v?.subnets[0]?.cidr ?? ''
  const vpc = y.nic + ROOM.eni / 2
  const physical = y.eni + ROOM.host / 2
  const upper: Band[] = shared
    ? [{ name: 'Pods and nodes', sub: subnet, y: TOP, h: vpc - TOP, kind: 'node' }]
    : [{ name: 'Pod network', sub: poolOf(pods), y: TOP, h: y.routing - TOP, kind: 'pod' }, { name: 'Node network', sub: subnet, y: y.routing, h: vpc - y.routing, kind: 'node' }]
  return [...upper, { name: 'VPC', sub: v?.cidrs[0] ?? '', y: vpc, h: physical - vpc, kind: 'vpc' }, { name: 'Physical', sub: 'not published', y: physical, h: y.host + ROOM.end - physical, kind: 'physical' }]
}

/** `narrow` draws only what the walk touches: for two pictures side by side. */
export function layout(t: Topology, walk: Walk, narrow = false): Scene {
  const touched = new Set(walk.steps.filter((s) => walk.messages[s.message]?.kind !== 'arp').map((s) => s.in))
  const large = t.source.names.length > 200
  const all = (large ? [...touched] : t.source.names).map((n) => space(t, n)).filter((s) => s !== undefined)
  const spaces = all.filter((s): s is Netns => s.kind === 'netns')
  const pods = spaces.filter((s) => s.role === 'pod' || s.role === 'container')
  const nodes = spaces.filter((s) => s.role === 'node')
  // Where it was to go is drawn also if it does not come there; and the node whose interface of the VPC is the last to see it.
  for (const s of spaces) if (s.devs.some((d) => d.addrs.some((a) => a.split('/')[0] === walk.flow.to))) touched.add(s.name)
  const asked = new Set(walk.steps.map((s) => s.dev))
  for (const n of nodes) if (n.devs.some((d) => d.kind === 'nic' && 'eni' in d.wire && asked.has(d.wire.eni))) touched.add(n.name)
  const first = netns(t, walk.flow.from)?.node
  const isUsed = (n: Netns): boolean => touched.has(n.name) || pods.some((p) => p.node === n.name && touched.has(p.name))
  const ordered = nodes.toSorted((a, b) => Number(b.name === first) - Number(a.name === first) || Number(isUsed(b)) - Number(isUsed(a)))
  const drawn = nodes.length <= MOST_NODES && !narrow ? ordered : ordered.filter(isUsed).slice(0, MOST_NODES)
  const hosts = spaces.filter((s) => s.role === 'host' && touched.has(s.name))
  const to: Draft = { v: all.find((s): s is Vpc => s.kind === 'vpc'), y: rowsFor(drawn.some((n) => n.devs.some((d) => d.kind === 'bridge'))), boxes: [], wires: [], columns: [] }

  let x = LEFT
  for (const n of drawn.filter(isUsed)) {
    const mine = pods.filter((p) => p.node === n.name)
    const shown = mine.toSorted((a, b) => Number(touched.has(b.name)) - Number(touched.has(a.name))).filter((p, i) => touched.has(p.name) || (!narrow && i < MOST_PODS)).slice(0, MOST_PODS + 1)
    x += node(to, n, shown.toSorted((a, b) => pods.indexOf(a) - pods.indexOf(b)), narrow ? 0 : mine.length - shown.length, Math.max(narrow ? 1 : 2, shown.length), x) + GAP
  }
  x += outside(to, hosts, x)
  for (const n of drawn.filter((d) => !isUsed(d))) x += aside(to, n, pods.filter((p) => p.node === n.name).length, x) + GAP
  const racks = drawn.filter((n) => to.boxes.some((b) => b.id === `${n.name} host`)).map((n) => `${n.name} host`)
  racks.slice(1).forEach((id, i) => to.wires.push([racks[i]!, id]))
  const ends = new Set(to.boxes.map((b) => b.id))
  return {
    width: x - GAP + 14, height: to.y.host + ROOM.end, boxes: to.boxes, columns: to.columns, bands: bandsOf(to.y, to.v, pods),
    wires: to.wires.filter(([a, b]) => ends.has(a) && ends.has(b)), more: nodes.length > drawn.length ? `${large ? 'many' : nodes.length - drawn.length} more nodes` : null,
  }
}

/** The prefix the pods' addresses share, to the octet. */
function poolOf(pods: readonly Netns[]): string {
  const ips = pods.map((p) => address(eth0(p)).split('.'))
  let n = 0
  while (n < 3 && ips.length > 0 && ips.every((ip) => ip[n] === ips[0]?.[n])) n += 1
  return n === 0 ? '' : `${ips[0]!.slice(0, n).join('.')}${'.0'.repeat(4 - n)}/${n * 8}`
}
