import type { Dev, DevOf } from '#lib/topology/devs.ts'
import { find, ipLength, pop, type Ethernet } from '#lib/wire/packet.ts'
import { isGroup, type Mac } from '#lib/wire/addr.ts'
import { lookupFdb } from '#lib/lookup/fdb.ts'
import { isPortMac, portsOf } from '#lib/lookup/link.ts'
import { lookupRoute } from '#lib/lookup/route.ts'
import { forwards, sysctl } from '#lib/lookup/sysctl.ts'
import { transmit } from './index.ts'
import { addressee, device, deviceRef, own, record, ref, tap, type Live, type Run, type Skb } from './run.ts'

/** br_dev_xmit(): a frame of the host's own leaves through the ports. */
export function xmit(run: Run, l: Live, d: DevOf<'bridge'>, s: Skb): void {
  if (!portsOf(l.n, d.name).some((p) => eligible(l, p))) {
    // No port has carrier, so the bridge has none; see lib/devices/veth.ts.
    record(run, s, l.n.name, d.name, 'xmit', { kind: 'device', dev: deviceRef(l, d.name), did: 'transmit' }, [], { reason: 'link-down', dev: d.name })
    return
  }
  transmit(run, l, d, s)
  const frame = s.packet.headers[0] as Ethernet
  const hit = isGroup(frame.dst) ? null : port(l, d, frame.dst)
  if (hit !== null && hit.port !== d.name) {
    record(run, s, l.n.name, d.name, 'bridge', { kind: 'fdb', mac: frame.dst, matched: ref(l.n.name, 'fdb', hit.index), ports: [hit.port], up: false })
    return out(run, l, d, hit.port, s)
  }
  flood(run, l, d, null, s, frame.dst, false)
}

/** br_handle_frame(): a port took a frame. Learn, br_netfilter's PREROUTING, then where to. */
export function bridgeRx(run: Run, l: Live, p: Dev, s: Skb): void {
  const d = device(l, p.master ?? '') as DevOf<'bridge'> | undefined
  const frame = s.packet.headers[0] as Ethernet
  if (d === undefined || d.kind !== 'bridge' || !d.up) {
    record(run, s, l.n.name, p.name, 'bridge', { kind: 'device', dev: deviceRef(l, p.master ?? ''), did: 'receive' }, [], { reason: 'link-down', dev: p.master ?? '' })
    return
  }
  const writes = learnPort(l, d, frame.src, p.name)
  const filtered = s.packet.headers[1]?.kind === 'ipv4' && sysctl(l.n, 'net.bridge.bridge-nf-call-iptables', 1) === 1
  if (filtered) {
    const before = find(s.packet, 'ipv4')!.dst
    if (!run.kernel.prerouting(run, l, s, d.name)) return
    s.sabotaged = true
    const ip = find(s.packet, 'ipv4')!
    if (ip.dst !== before) return bridgedDnat(run, l, d, p, s, writes)
  }
  finish(run, l, d, p, s, frame, filtered, writes)
}

type Writes = readonly never[] | ReturnType<typeof learnPort>

/** br_handle_frame_finish() */
function finish(run: Run, l: Live, d: DevOf<'bridge'>, p: Dev, s: Skb, frame: Ethernet, filtered: boolean, writes: Writes = []): void {
  if (isGroup(frame.dst)) {
    flood(run, l, d, p, s, frame.dst, filtered, writes)
    return passUp(run, l, d, { ...s, copy: true }, frame)
  }
  const hit = port(l, d, frame.dst)
  if (hit !== null && hit.port === d.name) {
    record(run, s, l.n.name, d.name, 'bridge', { kind: 'fdb', mac: frame.dst, matched: ref(l.n.name, 'fdb', hit.index), ports: [d.name], up: true }, writes)
    return passUp(run, l, d, s, frame)
  }
  if (hit === null) return flood(run, l, d, p, s, frame.dst, filtered, writes)
  const target = device(l, hit.port)
  const usable = target !== undefined && eligible(l, target) && (target.name !== p.name || target.hairpin === true)
  record(run, s, l.n.name, d.name, 'bridge', { kind: 'fdb', mac: frame.dst, matched: ref(l.n.name, 'fdb', hit.index), ports: usable ? [hit.port] : [], up: false }, writes, usable ? null : { reason: 'bridge-no-target', dst: frame.dst })
  if (usable) forwardTo(run, l, d, target, s, filtered)
}

/** br_forward() with br_netfilter's FORWARD and POSTROUTING: no route, no TTL. */
function forwardTo(run: Run, l: Live, d: DevOf<'bridge'>, target: Dev, s: Skb, filtered: boolean): void {
  if (!filtered) return out(run, l, d, target.name, s)
  if (!run.kernel.forwardHook(run, l, s, d.name, d.name)) return
  if (!run.kernel.postrouting(run, l, s, d.name, true)) return
  const [frame, bare] = [s.packet.headers[0] as Ethernet, { ...s, packet: pop(s.packet) }]
  // br_nf_dev_queue_xmit(): the port's MTU decides whether to fragment, the bridge's how large the pieces are. Nobody is told.
  const [length, ip] = [ipLength(s.packet), find(s.packet, 'ipv4')]
  if (length <= (s.fragMax > 0 ? Math.min(s.fragMax, target.mtu) : target.mtu)) return out(run, l, d, target.name, s)
  if (ip?.df === true || s.fragMax > d.mtu) {
    record(run, s, l.n.name, target.name, 'bridge', { kind: 'mtu', dev: target.name, mtu: target.mtu, size: length, df: true }, [], { reason: 'too-big', mtu: target.mtu, size: length, dev: target.name })
    return
  }
  for (const piece of run.kernel.split(run, l, bare, target, d.mtu)) out(run, l, d, target.name, { ...piece, packet: { headers: [frame, ...piece.packet.headers], payload: piece.packet.payload } })
}

/** br_dev_queue_push_xmit(): a packet too big for the port is lost silently; bridges send no ICMP. */
function out(run: Run, l: Live, d: DevOf<'bridge'>, name: string, s: Skb): void {
  const target = device(l, name)
  if (target === undefined || !eligible(l, target)) {
    record(run, s, l.n.name, d.name, 'bridge', { kind: 'device', dev: deviceRef(l, name), did: 'transmit' }, [], { reason: 'link-down', dev: name })
    return
  }
  const length = ipLength(s.packet)
  if (length > target.mtu + 4) {
    record(run, s, l.n.name, name, 'bridge', { kind: 'mtu', dev: name, mtu: target.mtu, size: length, df: false }, [], { reason: 'over-mtu-link', mtu: target.mtu, size: length, dev: name })
    return
  }
  run.kernel.devXmit(run, l, target, s)
}

/** br_flood(): to every port but the one it came by (unless hairpin), newest port first as the kernel's list has them. */
function flood(run: Run, l: Live, d: DevOf<'bridge'>, from: Dev | null, s: Skb, mac: Mac, filtered: boolean, writes: Writes = []): void {
  const ports = portsOf(l.n, d.name).filter((x) => eligible(l, x) && (x.name !== from?.name || x.hairpin === true)).toReversed()
  const nobody = ports.length === 0 && !isGroup(mac)
  record(run, s, l.n.name, d.name, 'bridge', { kind: 'fdb', mac, matched: null, ports: ports.map((x) => x.name), up: isGroup(mac) && from !== null }, writes, nobody ? { reason: 'bridge-no-target', dst: mac } : null)
  for (const target of ports) {
    const copy: Skb = { ...s, copy: s.copy || ports.length > 1 || from !== null && isGroup(mac) }
    if (from === null) out(run, l, d, target.name, copy)
    else forwardTo(run, l, d, target, copy, filtered)
  }
}

/** A port forwards if it is up and its other end is (a veth without its peer has no carrier). */
function eligible(l: Live, p: Dev): boolean {
  return p.up && (p.kind !== 'veth' || carrier(l, p))
}

/** Set by the run so that a port can see its peer without crossing. */
function carrier(l: Live, p: DevOf<'veth'>): boolean {
  return l.peerUp(p.peer.netns, p.peer.dev)
}

/** br_pass_frame_up(): to the host, as the bridge device. */
function passUp(run: Run, l: Live, d: DevOf<'bridge'>, s: Skb, frame: Ethernet): void {
  s.iif = d.name
  // ip_rcv_core() clears what br_netfilter noted when it put the packet together.
  s.fragMax = 0
  s.to = isGroup(frame.dst) ? addressee(frame, d.mac) : 'host'
  record(run, s, l.n.name, d.name, 'rx', { kind: 'device', dev: deviceRef(l, d.name), did: 'receive' })
  tap(run, s, l.n.name, d.name, 'in', s.to)
  run.kernel.upper(run, l, d, s)
}

/** br_nf_pre_routing_finish() after DNAT: to a pod of this bridge the frame is switched on with a new destination MAC; else it goes up to be routed. */
function bridgedDnat(run: Run, l: Live, d: DevOf<'bridge'>, p: Dev, s: Skb, writes: Writes): void {
  const ip = find(s.packet, 'ipv4')!
  const r = lookupRoute(l.n, ip.dst, { src: ip.src, iif: d.name, mark: s.mark })
  const frame = s.packet.headers[0] as Ethernet
  // Without forwarding the way in is none (ip_error), and that is not on this bridge either.
  if (r.type !== 'unicast' || r.dev !== d.name || !forwards(l.n, d.name)) {
    const up: Ethernet = { ...frame, dst: d.mac }
    s.packet = { headers: [up, ...s.packet.headers.slice(1)], payload: s.packet.payload }
    record(run, s, l.n.name, d.name, 'bridge', { kind: 'fdb', mac: d.mac, matched: null, ports: [d.name], up: true }, writes)
    return passUp(run, l, d, s, up)
  }
  if (!run.kernel.maySend(run, l, d, s, ip.src, ip.dst)) return
  run.kernel.withNeighbour(run, l, s, d, r.via ?? ip.dst, (lladdr, header) => {
    const back: Ethernet = { ...frame, dst: lladdr }
    if (header) {
      s.packet = { headers: [back, ...s.packet.headers.slice(1)], payload: s.packet.payload }
      return finish(run, l, d, p, s, back, true, writes)
    }
    // neigh->output() shows the frame once on the bridge with its own MAC before br_netfilter takes it back and restores the sender's.
    s.packet = { headers: [{ ...frame, src: d.mac, dst: lladdr }, ...s.packet.headers.slice(1)], payload: s.packet.payload }
    record(run, s, l.n.name, d.name, 'xmit', { kind: 'device', dev: deviceRef(l, d.name), did: 'transmit' }, writes)
    tap(run, s, l.n.name, d.name, 'out', null)
    s.packet = { headers: [back, ...s.packet.headers.slice(1)], payload: s.packet.payload }
    finish(run, l, d, p, s, back, true)
  })
}

/** Where the bridge sends this MAC: itself (its own or a port's MAC), a port, or unknown. */
function port(l: Live, d: DevOf<'bridge'>, mac: Mac): { port: string; index: number } | null {
  if (mac === d.mac) return { port: d.name, index: -1 }
  const learned = l.fdb.size === 0 ? undefined : l.fdb.get(`${d.name}|${mac}`)
  if (learned !== undefined) return learned
  const index = lookupFdb(l.n, d.name, mac)
  const row = index < 0 ? undefined : l.n.fdb[index]
  if (row !== undefined) return { port: row.dev, index }
  return isPortMac(l.n, d.name, mac) ? { port: d.name, index: -1 } : null
}

function learnPort(l: Live, d: DevOf<'bridge'>, mac: Mac, name: string) {
  if (isGroup(mac) || port(l, d, mac)?.port === name) return [] as const
  const known = l.fdb.get(`${d.name}|${mac}`)?.index ?? lookupFdb(l.n, d.name, mac)
  const index = known >= 0 ? known : l.fdbRows
  if (known < 0) l.fdbRows += 1
  own(l, 'fdb').set(`${d.name}|${mac}`, { port: name, index })
  return [known >= 0
    ? { op: 'set', in: l.n.name, table: 'fdb', where: { mac, master: d.name }, to: { dev: name } } as const
    : { op: 'add', in: l.n.name, table: 'fdb', row: { mac, dev: name, master: d.name, state: 'learned' } } as const] as const
}

