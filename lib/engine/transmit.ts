import type { Ipv4, Mac } from '#lib/wire/addr.ts'
import { BROADCAST, inCidr, networkOf, ZERO_MAC } from '#lib/wire/addr.ts'
import { fragment } from '#lib/wire/fragment.ts'
import { find, ipLength, NO_BYTES, push, type Packet } from '#lib/wire/packet.ts'
import type { Dev } from '#lib/topology/devs.ts'
import type { Neigh } from '#lib/topology/linux.ts'
import type { RouteAnswer } from '#lib/lookup/route.ts'
import { lookupNeigh } from '#lib/lookup/neigh.ts'
import { broadcastAddress, localAddress, selectAddress } from '#lib/lookup/local.ts'
import { confMax } from '#lib/lookup/sysctl.ts'
import { DEVICES } from '#lib/devices/index.ts'
import { hostUnreachable } from './icmp.ts'
import { postrouting } from './netfilter.ts'
import { bottomHalvesOff, device, deviceRef, later, message, own, record, ref, skb, type Asking, type Live, type Run, type Skb } from '#lib/devices/run.ts'

/** ARP asks three times, a second apart (net.ipv4.neigh.*.mcast_solicit, retrans_time_ms). */
const PROBES = 3
const RETRANS_MS = 1000
/** dev_xmit_recursion(): deeper, the kernel logs "Dead loop on virtual device" and drops (net/core/dev.h). */
const XMIT_RECURSION_LIMIT = 8

/** ip_output(): POSTROUTING, then ip_finish_output. */
export function ipOutput(run: Run, l: Live, s: Skb, route: RouteAnswer): void {
  const dev = route.dev
  if (dev === null) return
  if (!postrouting(run, l, s, dev)) return
  finishOutput(run, l, s, dev, route.via, route.mtu)
}

/** ip_finish_output(): fragment if it must be, then the neighbour. */
export function finishOutput(run: Run, l: Live, s: Skb, dev: string, via: Ipv4 | null, routeMtu: number | null): void {
  const d = device(l, dev)
  // A loopback that is not there: addresses are still found, and nothing takes what is sent to them.
  if (d === undefined) { record(run, s, l.n.name, dev, 'xmit', { kind: 'device', dev: null, did: 'transmit' }, [], { reason: 'link-down', dev }); return }
  for (const piece of split(run, l, s, d, routeMtu ?? d.mtu)) {
    const ip = find(piece.packet, 'ipv4')
    neighbour(run, l, piece, d, via ?? ip?.dst ?? '0.0.0.0')
  }
}

/** ip_fragment(): what exceeds the MTU, and what conntrack put together, leaves in pieces no larger than the largest it came in. */
export function split(run: Run, l: Live, s: Skb, d: Dev, mtu: number): Skb[] {
  const limit = s.fragMax > 0 ? Math.min(mtu, s.fragMax) : mtu
  const length = ipLength(s.packet)
  if (length <= limit || (length <= mtu && s.fragMax === 0)) return [s]
  const pieces = fragment(s.packet, limit)
  record(run, s, l.n.name, d.name, 'fragment', { kind: 'fragments', did: 'fragment', sizes: pieces.map(ipLength) })
  return pieces.map((packet) => ({ ...s, packet, fragMax: 0 }))
}

/** Give a bare IP packet its link-layer address and send it. */
export function neighbour(run: Run, l: Live, s: Skb, d: Dev, nexthop: Ipv4): void {
  if (d.kind === 'tun') return devXmit(run, l, d, s)
  if (d.kind === 'loopback') { s.packet = push(s.packet, { kind: 'ethernet', dst: ZERO_MAC, src: ZERO_MAC }); return devXmit(run, l, d, s) }
  if (broadcastAddress(l.n, nexthop)) return sendTo(run, l, s, d, BROADCAST)
  const known = resolved(l, d.name, nexthop)
  if (known === null || known.lladdr === null) return waitFor(run, l, s, d, nexthop, (lladdr) => sendTo(run, l, s, d, lladdr, nexthop))
  record(run, s, l.n.name, d.name, 'neigh', { kind: 'neigh', ip: nexthop, matched: ref(l.n.name, 'neigh', known.index), lladdr: known.lladdr }, used(l, d, known.row))
  sendTo(run, l, s, d, known.lladdr, nexthop)
}

/** __neigh_event_send(): who was only heard of and is sent to now will be asked before long. */
function used(l: Live, d: Dev, row: Neigh): readonly ReturnType<typeof learn>[] {
  return row.state === 'STALE' ? [learn(l, d.name, row.ip, row.lladdr, 'DELAY')] : NO_WRITES
}
const NO_WRITES: readonly never[] = []

/** neigh_resolve_output(): the packet waits while its neighbour is asked for. */
function waitFor(run: Run, l: Live, s: Skb, d: Dev, nexthop: Ipv4, next: (lladdr: Mac) => void): void {
  const id = `${d.name}|${nexthop}`
  const src = find(s.packet, 'ipv4')?.src ?? '0.0.0.0'
  record(run, s, l.n.name, d.name, 'neigh', { kind: 'neigh', ip: nexthop, matched: null, lladdr: null })
  const asking = l.asking.get(id)
  if (asking !== undefined) { asking.waiting.push({ skb: s, src, next }); return }
  const fresh: Asking = { ip: nexthop, dev: d.name, probes: 0, waiting: [{ skb: s, src, next }] }
  own(l, 'asking').set(id, fresh)
  solicit(run, l, d, fresh)
}

function resolved(l: Live, dev: string, ip: Ipv4): { lladdr: Mac | null; index: number; row: Neigh } | null {
  const learned = l.neigh.size === 0 ? undefined : l.neigh.get(`${dev}|${ip}`)
  if (learned !== undefined) return learned.row.state === 'FAILED' ? null : learned
  const index = lookupNeigh(l.n, dev, ip)
  const row = index < 0 ? undefined : l.n.neigh[index]
  return row === undefined || row.state === 'FAILED' || row.state === 'INCOMPLETE' ? null : { lladdr: row.lladdr, index, row }
}

function sendTo(run: Run, l: Live, s: Skb, d: Dev, dst: Mac, nexthop: Ipv4 | null = null): void {
  if (d.kind === 'bridge' && nexthop !== null) keepHeader(l, d, nexthop)
  s.packet = push(s.packet, { kind: 'ethernet', dst, src: d.mac })
  devXmit(run, l, d, s)
}

/** dev_queue_xmit(): hand the frame to the device. */
export function devXmit(run: Run, l: Live, d: Dev, s: Skb): void {
  if (!d.up) { record(run, s, l.n.name, d.name, 'xmit', { kind: 'device', dev: deviceRef(l, d.name), did: 'transmit' }, [], { reason: 'link-down', dev: d.name }); return }
  if (run.nested > XMIT_RECURSION_LIMIT) {
    record(run, s, l.n.name, d.name, 'xmit', { kind: 'device', dev: deviceRef(l, d.name), did: 'transmit' }, [], { reason: 'too-nested', dev: d.name })
    return
  }
  // Counted is what has no queue of its own: a NIC and a TUN have one.
  const counts = d.kind !== 'nic' && d.kind !== 'tun' ? 1 : 0
  run.nested += counts
  // A bridge floods all its ports before any of them is heard.
  if (run.context === 'softirq') DEVICES[d.kind].xmit(run, l, d as never, s)
  else bottomHalvesOff(run, () => { DEVICES[d.kind].xmit(run, l, d as never, s) })
  run.nested -= counts
}

/** arp_solicit(): who has it? Asked with the source of the waiting packet if it is ours, else an address of the device, else any of ours. */
function solicit(run: Run, l: Live, d: Dev, asking: Asking): void {
  asking.probes += 1
  const first = asking.waiting[0]!
  const spa = announced(l, d, first.src, asking.ip) ? first.src : selectAddress(l.n, d, asking.ip) ?? '0.0.0.0'
  const cause = run.messages[first.skb.message]
  const m = message(run, 'arp', cause?.leg ?? 'forward', `who-has ${asking.ip}`, first.skb.message)
  const packet: Packet = { headers: [{ kind: 'ethernet', dst: BROADCAST, src: d.mac }, { kind: 'arp', op: 'request', sha: d.mac, spa, tha: ZERO_MAC, tpa: asking.ip }], payload: NO_BYTES }
  const s = skb(packet, m, first.skb.step)
  record(run, s, l.n.name, d.name, 'arp', { kind: 'arp', op: 'request', ip: asking.ip, ours: false, by: 'host' })
  later(run, RETRANS_MS, () => {
    if (l.asking.get(`${d.name}|${asking.ip}`) !== asking) return
    if (asking.probes < PROBES) solicit(run, l, d, asking)
    else fail(run, l, d, asking)
  })
  devXmit(run, l, d, s)
}

/** arp_announce: may the question be asked with the packet's own source? 0: if it is ours; 1: if it is also on the target's prefix; 2: never. */
function announced(l: Live, d: Dev, src: Ipv4, target: Ipv4): boolean {
  const level = confMax(l.n, d.name, 'arp_announce')
  // inet_addr_onlink()
  return level < 2 && localAddress(l.n, src) !== null && (level === 0 || d.addrs.some((x) => inCidr(src, networkOf(x)) && inCidr(target, networkOf(x))))
}

/** neigh_invalidate(): nobody answered; what waited is dropped, and whoever sent it is told. */
function fail(run: Run, l: Live, d: Dev, asking: Asking): void {
  l.asking.delete(`${d.name}|${asking.ip}`)
  const write = learn(l, d.name, asking.ip, null, 'FAILED')
  for (const [i, { skb: s }] of asking.waiting.entries()) {
    record(run, s, l.n.name, d.name, 'neigh', { kind: 'neigh', ip: asking.ip, matched: null, lladdr: null }, i === 0 ? [write] : [], { reason: 'neigh-failed', ip: asking.ip, dev: d.name })
    hostUnreachable(run, l, s)
  }
}

/** Remember a neighbour; returns the row written. */
export function learn(l: Live, dev: string, ip: Ipv4, lladdr: Mac | null, state: Neigh['state']) {
  const id = `${dev}|${ip}`
  const row: Neigh = { ip, dev, lladdr, state }
  const known = l.neigh.get(id)
  const base = known === undefined ? lookupNeigh(l.n, dev, ip) : known.index
  const index = base >= 0 ? base : l.neighRows
  if (base < 0) l.neighRows += 1
  own(l, 'neigh').set(id, { lladdr, index, row })
  return base >= 0
    ? { op: 'set', in: l.n.name, table: 'neigh', where: { ip, dev }, to: { lladdr, state } } as const
    : { op: 'add', in: l.n.name, table: 'neigh', row } as const
}

/** An answer came: what waited for it goes out. */
export function answered(run: Run, l: Live, s: Skb, d: Dev, ip: Ipv4, lladdr: Mac): void {
  const asking = l.asking.get(`${d.name}|${ip}`)
  if (asking === undefined) return
  l.asking.delete(`${d.name}|${ip}`)
  for (const { skb: waiting, next } of asking.waiting) {
    record(run, waiting, l.n.name, d.name, 'neigh', { kind: 'neigh', ip, matched: ref(l.n.name, 'neigh', l.neigh.get(`${d.name}|${ip}`)?.index ?? null), lladdr })
    next(lladdr)
  }
}

/**
 * br_nf_pre_routing_finish_bridge(): what is done once the neighbour is known. `header`: it is confirmed (NUD_CONNECTED)
 * and its link-layer header is kept from an earlier packet (neigh_hh_init), so the frame need not pass through
 * neigh->output(). A row says nothing of the header: each walk begins without.
 */
export function withNeighbour(run: Run, l: Live, s: Skb, d: Dev, ip: Ipv4, next: (lladdr: Mac, header: boolean) => void): void {
  const known = resolved(l, d.name, ip)
  if (known === null || known.lladdr === null) return waitFor(run, l, s, d, ip, (lladdr) => { keepHeader(l, d, ip); next(lladdr, false) })
  const header = (known.row.state === 'REACHABLE' || known.row.state === 'PERMANENT') && l.headed?.has(`${d.name}|${ip}`) === true
  const writes = used(l, d, known.row)
  if (header || writes.length > 0) record(run, s, l.n.name, d.name, 'neigh', { kind: 'neigh', ip, matched: ref(l.n.name, 'neigh', known.index), lladdr: known.lladdr }, writes)
  else keepHeader(l, d, ip)
  next(known.lladdr, header)
}

function keepHeader(l: Live, d: Dev, ip: Ipv4): void {
  (l.headed ??= new Set()).add(`${d.name}|${ip}`)
}
