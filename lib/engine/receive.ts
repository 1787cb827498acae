import type { Ipv4 } from '#lib/wire/addr.ts'
import { toNumber } from '#lib/wire/addr.ts'
import { reassemble } from '#lib/wire/fragment.ts'
import { find, ipLength, NO_BYTES, pop, rewrite, type Packet } from '#lib/wire/packet.ts'
import type { Dev } from '#lib/topology/devs.ts'
import type { Ref } from '#lib/topology/topology.ts'
import { broadcastAddress, localAddress } from '#lib/lookup/local.ts'
import { lookupNeigh } from '#lib/lookup/neigh.ts'
import { usesConntrack } from '#lib/lookup/netfilter.ts'
import { lookupRoute, type RouteAnswer } from '#lib/lookup/route.ts'
import { sysctl, sysctlRow } from '#lib/lookup/sysctl.ts'
import { bridgeRx } from '#lib/devices/bridge.ts'
import { track } from './conntrack.ts'
import { deliver } from './deliver.ts'
import { sendError } from './icmp.ts'
import { ask, nat } from './netfilter.ts'
import { answered, ipOutput, learn } from './transmit.ts'
import { reject } from './icmp.ts'
import { addressee, device, deviceRef, message, own, record, ref, skb, tap, type Live, type Run, type Skb } from '#lib/devices/run.ts'
import { devXmit } from './transmit.ts'

/** netif_receive_skb(): a frame came in on this device. */
export function receive(run: Run, l: Live, d: Dev, s: Skb): void {
  s.iif = d.name
  s.fragMax = 0
  if (!d.up) { record(run, s, l.n.name, d.name, 'rx', { kind: 'device', dev: deviceRef(l, d.name), did: 'receive' }, [], { reason: 'link-down', dev: d.name }); return }
  const frame = s.packet.headers[0]
  s.to = frame?.kind === 'ethernet' && d.kind !== 'loopback' ? addressee(frame, d.mac) : 'host'
  record(run, s, l.n.name, d.name, 'rx', { kind: 'device', dev: deviceRef(l, d.name), did: 'receive' })
  tap(run, s, l.n.name, d.name, 'in', s.to)
  if (d.master !== undefined) return bridgeRx(run, l, d, s)
  upper(run, l, d, s)
}

/** From the device to its protocol. */
export function upper(run: Run, l: Live, d: Dev, s: Skb): void {
  const first = s.packet.headers[s.packet.headers[0]?.kind === 'ethernet' ? 1 : 0]
  if (first?.kind === 'arp') return arpRcv(run, l, d, s)
  if (s.to === 'otherhost') {
    const e = find(s.packet, 'ethernet')
    record(run, s, l.n.name, d.name, 'rx', { kind: 'device', dev: deviceRef(l, d.name), did: 'receive' }, [], { reason: 'other-host', dst: e?.dst ?? '00:00:00:00:00:00', dev: d.name })
    return
  }
  if (first?.kind === 'ipv4') return ipRcv(run, l, d, s)
  // ip_rcv_core(): shorter than its header says.
  if (first === undefined) record(run, s, l.n.name, d.name, 'rx', { kind: 'device', dev: deviceRef(l, d.name), did: 'receive' }, [], { reason: 'bad-packet' })
}

/** arp_process(): answer for any address of ours, whatever the device (arp_ignore 0); learn from who asks us (STALE: heard of, not confirmed) and who answers. */
function arpRcv(run: Run, l: Live, d: Dev, s: Skb): void {
  const a = find(s.packet, 'arp')!
  if (s.to === 'otherhost') return
  if (a.op === 'reply') {
    if (localAddress(l.n, a.tpa) === null) return
    const write = learn(l, d.name, a.spa, a.sha, 'REACHABLE')
    record(run, s, l.n.name, d.name, 'arp', { kind: 'arp', op: 'reply', ip: a.spa, ours: true, by: 'host' }, [write])
    return answered(run, l, s, d, a.spa, a.sha)
  }
  // What is ours is the routing decision's to say, as for any packet.
  if (lookupRoute(l.n, a.tpa, { src: a.spa, iif: d.name, mark: 0 }).type !== 'local') {
    record(run, s, l.n.name, d.name, 'arp', { kind: 'arp', op: 'request', ip: a.tpa, ours: false, by: 'host' }, [], { reason: 'not-arp-owner' })
    return
  }
  // ip_route_input() stands before the answer: who may not send here is not answered either. From nobody (0.0.0.0) it is duplicate address detection.
  if (a.spa !== '0.0.0.0' && !maySend(run, l, d, s, a.spa, a.tpa)) return
  const writes = a.spa === '0.0.0.0' || lookupNeigh(l.n, d.name, a.spa) >= 0 || l.neigh.get(`${d.name}|${a.spa}`)?.lladdr === a.sha ? [] : [learn(l, d.name, a.spa, a.sha, 'STALE')]
  record(run, s, l.n.name, d.name, 'arp', { kind: 'arp', op: 'request', ip: a.tpa, ours: true, by: 'host' }, writes)
  const cause = run.messages[s.message]
  const m = message(run, 'arp', cause?.leg ?? 'forward', `${a.tpa} is-at ${d.mac}`, s.message)
  const packet: Packet = { headers: [{ kind: 'ethernet', dst: a.sha, src: d.mac }, { kind: 'arp', op: 'reply', sha: d.mac, spa: a.tpa, tha: a.sha, tpa: a.spa }], payload: NO_BYTES }
  devXmit(run, l, d, skb(packet, m, s.step))
  if (writes.length > 0) answered(run, l, s, d, a.spa, a.sha)
}

/** ip_rcv(): strip the link layer, PREROUTING, then ip_rcv_finish. */
export function ipRcv(run: Run, l: Live, d: Dev, s: Skb): void {
  if (s.packet.headers[0]?.kind === 'ethernet') s.packet = pop(s.packet)
  if (s.sabotaged) s.sabotaged = false
  else if (!prerouting(run, l, s, d.name)) return
  route(run, l, d, s)
}

/** The PREROUTING hook in priority order: defragmentation (with conntrack), raw, conntrack, mangle, nat. False if it ended here. */
export function prerouting(run: Run, l: Live, s: Skb, iif: string): boolean {
  if (usesConntrack(l.n) && !gather(run, l, s, iif, 'prerouting')) return false
  if (!ask(run, l, s, 'raw', 'PREROUTING', iif, null).pass) return false
  track(run, l, s, iif)
  if (!ask(run, l, s, 'mangle', 'PREROUTING', iif, null).pass) return false
  nat(run, l, s, 'PREROUTING', iif, null)
  return true
}

/** Put fragments together; false while some are missing. Ethernet of the last one is kept. */
export function gather(run: Run, l: Live, s: Skb, dev: string, where: string): boolean {
  const ip = find(s.packet, 'ipv4')
  if (ip === undefined || (!ip.mf && ip.offset === 0)) return true
  const id = `${where}|${ip.src}|${ip.dst}|${ip.id}|${ip.proto}`
  const ethernet = s.packet.headers[0]?.kind === 'ethernet' ? s.packet.headers[0] : null
  const held = l.holding.get(id) ?? []
  held.push({ ...s, packet: ethernet === null ? s.packet : pop(s.packet) })
  own(l, 'holding').set(id, held)
  const whole = reassemble(held.map((h) => h.packet))
  if (whole === null) {
    record(run, s, l.n.name, dev, 'reassemble', { kind: 'fragments', did: 'hold', sizes: held.map((h) => ipLength(h.packet)) })
    return false
  }
  l.holding.delete(id)
  s.fragMax = Math.max(...held.map((h) => ipLength(h.packet)))
  s.packet = ethernet === null ? whole : { headers: [ethernet, ...whole.headers], payload: whole.payload }
  record(run, s, l.n.name, dev, 'reassemble', { kind: 'fragments', did: 'reassemble', sizes: held.map((h) => ipLength(h.packet)) })
  return true
}

/** IN_DEV_ROUTE_LOCALNET(): may 127.0.0.0/8 cross this device? */
export function routesLocalnet(l: Live, dev: string): boolean {
  return sysctl(l.n, 'net.ipv4.conf.all.route_localnet', 0) === 1 || sysctl(l.n, `net.ipv4.conf.${dev}.route_localnet`, 0) === 1
}

/** Records a source that no packet may have: 224.0.0.0/4, 0.0.0.0/8, 127.0.0.0/8, broadcast. */
function martianSource(run: Run, l: Live, d: Dev, s: Skb, src: Ipv4): boolean {
  const first = toNumber(src) >>> 24
  const martian = (first >= 224 && first < 240) || first === 0 || (first === 127 && d.kind !== 'loopback' && !routesLocalnet(l, d.name)) || src === '255.255.255.255'
  if (martian) record(run, s, l.n.name, d.name, 'source-check', { kind: 'source-check', src, mode: 0, reverse: null }, [], { reason: 'martian-source', src, arrivedOn: d.name })
  return martian
}

/** What ip_route_input() asks of a source on its way through. */
export function maySend(run: Run, l: Live, d: Dev, s: Skb, src: Ipv4, dst: Ipv4): boolean {
  return !martianSource(run, l, d, s, src) && sourceAllowed(run, l, d, s, src, dst)
}

/** ip_route_input(): the lookup on the address as DNAT left it, then who may have sent it. */
function route(run: Run, l: Live, d: Dev, s: Skb): void {
  const ip = find(s.packet, 'ipv4')!
  if (martianSource(run, l, d, s, ip.src)) return
  const r = lookupRoute(l.n, ip.dst, { src: ip.src, iif: d.name, mark: s.mark })
  recordRoute(run, l, s, d.name, 'route', ip.dst, r)
  // RTN_BROADCAST is for this machine too, but an echo is not answered (icmp_echo_ignore_broadcasts), a connection not opened, and no error sent. That a datagram reaches who listens is left out.
  if (r.type === 'broadcast' || broadcastAddress(l.n, ip.dst)) {
    record(run, s, l.n.name, d.name, 'route', { kind: 'route', dst: ip.dst, rule: null, matched: null, rejected: NO_REFS, local: false, dev: r.dev ?? d.name, via: null, src: null }, [], { reason: 'broadcast-ignored' })
    return
  }
  if (r.type === 'local') {
    if (sourceAllowed(run, l, d, s, ip.src, ip.dst)) deliver(run, l, d, s)
    return
  }
  const forwarding = sysctl(l.n, 'net.ipv4.ip_forward', 0)
  if (forwarding === 0 || r.type !== 'unicast') {
    if (forwarding === 0) record(run, s, l.n.name, d.name, 'ip-forward', { kind: 'sysctl', key: 'net.ipv4.ip_forward', matched: ref(l.n.name, 'sysctls', sysctlRow(l.n, 'net.ipv4.ip_forward')), value: 0 }, [], { reason: 'forwarding-off' })
    else noRoute(run, l, s, d.name, ip.dst, r)
    return
  }
  if (sourceAllowed(run, l, d, s, ip.src, ip.dst)) forward(run, l, d, s, r)
}

const NO_REFS: readonly Ref[] = []

export function recordRoute(run: Run, l: Live, s: Skb, dev: string | null, stage: 'route' | 'route-out' | 'reroute', dst: Ipv4, r: RouteAnswer): void {
  record(run, s, l.n.name, dev, stage, {
    kind: 'route', dst, rule: ref(l.n.name, 'rules', r.rule),
    matched: r.localDev !== null ? ref(l.n.name, 'devs', r.localDev) : ref(l.n.name, 'routes', r.matched),
    rejected: r.rejected.length === 0 ? NO_REFS : r.rejected.map((row) => ({ in: l.n.name, table: 'routes', row })), local: r.type === 'local', dev: r.dev, via: r.via, src: r.src,
  })
}

const REFUSED = { blackhole: 'blackhole', unreachable: 'unreachable-route', prohibit: 'prohibit-route', broadcast: 'broadcast-refused' } as const
/** Why an answer that leads nowhere loses the packet (fib_props). */
export function refusal(r: RouteAnswer, dst: Ipv4) {
  return { reason: REFUSED[r.type as keyof typeof REFUSED] ?? 'no-route', dst } as const
}

/** ip_error(): no way on. 3/0 without a route, 3/1 for unreachable, 3/13 for prohibit, nothing for a blackhole; before TTL is looked at. */
function noRoute(run: Run, l: Live, s: Skb, dev: string, dst: Ipv4, r: RouteAnswer): void {
  const drop = refusal(r, dst)
  record(run, s, l.n.name, dev, 'route', { kind: 'route', dst, rule: null, matched: ref(l.n.name, 'routes', r.matched), rejected: [], local: false, dev: null, via: null, src: null }, [], drop)
  const code = { blackhole: -1, 'broadcast-refused': -1, 'unreachable-route': 1, 'prohibit-route': 13, 'no-route': 0 }[drop.reason]
  if (code >= 0) sendError(run, l, s, 3, code, 0)
}

/** Names of a device's sysctls, built once: device names repeat, and a new string must be hashed before it can be looked up. */
const confs = new Map<string, { readonly rpFilter: string; readonly acceptLocal: string }>()
const MOST_CONFS = 4096
function confKeys(dev: string): { readonly rpFilter: string; readonly acceptLocal: string } {
  const known = confs.get(dev)
  if (known !== undefined) return known
  if (confs.size >= MOST_CONFS) confs.clear()
  const made = { rpFilter: `net.ipv4.conf.${dev}.rp_filter`, acceptLocal: `net.ipv4.conf.${dev}.accept_local` }
  confs.set(dev, made)
  return made
}

/** fib_validate_source(): rp_filter is the larger of all and the device; our own address as source is refused whatever it says. */
function sourceAllowed(run: Run, l: Live, d: Dev, s: Skb, src: Ipv4, dst: Ipv4): boolean {
  const keys = confKeys(d.name)
  const mode = Math.max(sysctl(l.n, 'net.ipv4.conf.all.rp_filter', 0), sysctl(l.n, keys.rpFilter, 0))
  if (d.kind !== 'loopback' && localAddress(l.n, src) !== null) {
    if (Math.max(sysctl(l.n, 'net.ipv4.conf.all.accept_local', 0), sysctl(l.n, keys.acceptLocal, 0)) > 0) return true
    record(run, s, l.n.name, d.name, 'source-check', { kind: 'source-check', src, mode, reverse: null }, [], { reason: 'local-source', src, arrivedOn: d.name })
    return false
  }
  if (mode === 0 || d.kind === 'loopback') return true
  const back = lookupRoute(l.n, src, { src: dst, mark: 0 })
  const reverse = ref(l.n.name, 'routes', back.matched)
  const ok = back.type === 'unicast' && (mode === 2 || back.dev === d.name)
  record(run, s, l.n.name, d.name, 'source-check', { kind: 'source-check', src, mode, reverse }, [], ok ? null : { reason: 'rp-filter', src, arrivedOn: d.name, reverse })
  return ok
}

/** ip_forward(): TTL, size, decrement, FORWARD, then output. In this order, and only then FORWARD (net/ipv4/ip_forward.c). */
function forward(run: Run, l: Live, d: Dev, s: Skb, r: RouteAnswer): void {
  const ip = find(s.packet, 'ipv4')!
  if (ip.ttl <= 1) {
    record(run, s, l.n.name, d.name, 'ttl', { kind: 'ttl', before: ip.ttl, left: 0 }, [], { reason: 'ttl-exceeded' })
    sendError(run, l, s, 11, 0, 0)
    return
  }
  const out = device(l, r.dev ?? '')
  const mtu = r.mtu ?? out?.mtu ?? 1500
  const length = ipLength(s.packet)
  if (length > mtu && ip.df) {
    record(run, s, l.n.name, d.name, 'mtu', { kind: 'mtu', dev: r.dev ?? '', mtu, size: length, df: true }, [], { reason: 'too-big', mtu, size: length, dev: r.dev ?? '' })
    sendError(run, l, s, 3, 4, mtu)
    return
  }
  s.packet = rewrite(s.packet, 'ipv4', { ttl: ip.ttl - 1 })
  record(run, s, l.n.name, d.name, 'ttl', { kind: 'ttl', before: ip.ttl, left: ip.ttl - 1 })
  if (!forwardHook(run, l, s, d.name, r.dev ?? '')) return
  ipOutput(run, l, s, r)
}

/** The FORWARD hook: mangle, then filter. */
export function forwardHook(run: Run, l: Live, s: Skb, iif: string, oif: string): boolean {
  for (const t of ['mangle', 'filter'] as const) {
    const a = ask(run, l, s, t, 'FORWARD', iif, oif)
    if (a.pass) continue
    if (a.reject !== null) reject(run, l, s, a.reject)
    return false
  }
  return true
}
