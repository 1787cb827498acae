import type { Ipv4 } from '#lib/wire/addr.ts'
import { addressOf, inCidr, networkOf, toNumber } from '#lib/wire/addr.ts'
import { reassemble } from '#lib/wire/fragment.ts'
import { find, ipLength, NO_BYTES, pop, rewrite, type Arp, type Packet } from '#lib/wire/packet.ts'
import type { Dev } from '#lib/topology/devs.ts'
import type { Ref } from '#lib/topology/topology.ts'
import { broadcastAddress, localAddress } from '#lib/lookup/local.ts'
import { lookupNeigh } from '#lib/lookup/neigh.ts'
import { usesConntrack } from '#lib/lookup/netfilter.ts'
import { lookupRoute, type RouteAnswer } from '#lib/lookup/route.ts'
import { confMax, forwardingRow, forwards, sysctl } from '#lib/lookup/sysctl.ts'
import { bridgeRx } from '#lib/devices/bridge.ts'
import { track } from './conntrack.ts'
import { deliver } from './deliver.ts'
import { sendError } from './icmp.ts'
import { ask, nat } from './netfilter.ts'
import { answered, ipOutput, learn } from './transmit.ts'
import { reject } from './icmp.ts'
import { addressee, device, deviceRef, later, message, own, record, ref, skb, tap, type Live, type Run, type Skb } from '#lib/devices/run.ts'
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

/**
 * arp_process(): answer for any address of ours, whatever the device (unless arp_ignore or arp_filter says otherwise), and by proxy_arp
 * for what is behind another device; learn from who asks us (STALE: heard of, not confirmed). What else is heard of somebody who is
 * known or being asked for is taken from any packet of his.
 */
function arpRcv(run: Run, l: Live, d: Dev, s: Skb): void {
  const a = find(s.packet, 'arp')!
  if (s.to === 'otherhost') return
  const request = a.op === 'request'
  // What is ours is the routing decision's to say, as for any packet.
  const r = request ? lookupRoute(l.n, a.tpa, { src: a.spa, iif: d.name, mark: 0 }) : null
  if (r?.type === 'local') return asked(run, l, d, s, a)
  // arp_fwd_proxy(): the way there leads out of another device.
  if (r?.type === 'unicast' && r.dev !== d.name && confMax(l.n, d.name, 'proxy_arp') > 0 && forwards(l.n, d.name)) return asked(run, l, d, s, a, sysctl(l.n, `net.ipv4.neigh.${d.name}.proxy_delay`, PROXY_DELAY))
  const write = heard(l, d, a, s.to === 'host')
  record(run, s, l.n.name, d.name, 'arp', { kind: 'arp', op: a.op, ip: request ? a.tpa : a.spa, ours: !request, by: 'host' }, write === null ? [] : [write], request ? { reason: 'not-arp-owner' } : null)
  if (write !== null) answered(run, l, s, d, a.spa, a.sha)
}
/** net.ipv4.neigh.*.proxy_delay, hundredths of a second. */
const PROXY_DELAY = 80
const TICK_MS = 10

/** Somebody asks for an address of ours, or, with a delay in hundredths of a second, for one that we answer for. */
function asked(run: Run, l: Live, d: Dev, s: Skb, a: Arp, delay: number | null = null): void {
  // ip_route_input() stands before the answer: who may not send here is not answered either. From nobody (0.0.0.0) it is duplicate address detection.
  if (a.spa !== '0.0.0.0' && !maySend(run, l, d, s, a.spa, a.tpa)) return
  const silent = delay === null && a.spa !== '0.0.0.0' && ignores(l, d, a)
  const writes = silent || a.spa === '0.0.0.0' || lookupNeigh(l.n, d.name, a.spa) >= 0 || l.neigh.get(`${d.name}|${a.spa}`)?.lladdr === a.sha ? [] : [learn(l, d.name, a.spa, a.sha, 'STALE')]
  record(run, s, l.n.name, d.name, 'arp', { kind: 'arp', op: 'request', ip: a.tpa, ours: !silent, by: 'host' }, writes, silent ? { reason: 'not-arp-owner' } : null)
  if (silent) return
  // pneigh_enqueue(): at a random time within the delay, so that the owner is first if he hears it too. Here in the middle.
  if (delay !== null && delay > 0) later(run, (delay * TICK_MS) / 2, () => answer(run, l, d, s, a))
  else answer(run, l, d, s, a)
  if (writes.length > 0) answered(run, l, s, d, a.spa, a.sha)
}

/** arp_ignore(), arp_filter(): is a question for an address of ours left unanswered on this device? */
function ignores(l: Live, d: Dev, a: Arp): boolean {
  const here = d.addrs.find((x) => addressOf(x) === a.tpa)
  switch (confMax(l.n, d.name, 'arp_ignore')) {
    case 0: break
    case 1: if (here === undefined) return true; break
    case 2: if (here === undefined || !inCidr(a.spa, networkOf(here))) return true; break
    // Addresses of scope host only are left unanswered.
    case 3: if (a.tpa.startsWith('127.')) return true; break
    case 8: return true
    default: break
  }
  return confMax(l.n, d.name, 'arp_filter') > 0 && lookupRoute(l.n, a.spa, { src: a.tpa }).dev !== d.name
}

function answer(run: Run, l: Live, d: Dev, s: Skb, a: Arp): void {
  const m = message(run, 'arp', run.messages[s.message]?.leg ?? 'forward', `${a.tpa} is-at ${d.mac}`, s.message)
  const packet: Packet = { headers: [{ kind: 'ethernet', dst: a.sha, src: d.mac }, { kind: 'arp', op: 'reply', sha: d.mac, spa: a.tpa, tha: a.sha, tpa: a.spa }], payload: NO_BYTES }
  devXmit(run, l, d, skb(packet, m, s.step))
}

/** arp_process(), "Update our ARP tables": the sender's entry, if there is one, takes the address of any packet of his; an answer to us also confirms it. The first of several within a second counts (LOCKTIME). */
function heard(l: Live, d: Dev, a: Arp, toUs: boolean): ReturnType<typeof learn> | null {
  const id = `${d.name}|${a.spa}`
  const state = a.op === 'reply' && toUs ? 'REACHABLE' : 'STALE'
  if (l.asking.has(id)) return learn(l, d.name, a.spa, a.sha, state)
  const fresh = l.neigh.get(id)
  const row = fresh?.row ?? l.n.neigh[lookupNeigh(l.n, d.name, a.spa)]
  if (row === undefined || row.state === 'PERMANENT') return null
  if (row.lladdr === a.sha) return state === 'REACHABLE' && row.state !== 'REACHABLE' ? learn(l, d.name, a.spa, a.sha, state) : null
  return fresh !== undefined && row.state !== 'FAILED' ? null : learn(l, d.name, a.spa, a.sha, state)
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
  return confMax(l.n, dev, 'route_localnet') > 0
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
  const forwarding = forwards(l.n, d.name)
  if (!forwarding || r.type !== 'unicast') {
    if (!forwarding) notForwarding(run, l, d, s)
    else noRoute(run, l, s, d.name, ip.dst, r)
    return
  }
  if (sourceAllowed(run, l, d, s, ip.src, ip.dst)) forward(run, l, d, s, r)
}

function notForwarding(run: Run, l: Live, d: Dev, s: Skb): void {
  const row = forwardingRow(l.n, d.name)
  const key = l.n.sysctls[row]?.key ?? 'net.ipv4.ip_forward'
  record(run, s, l.n.name, d.name, 'ip-forward', { kind: 'sysctl', key, matched: ref(l.n.name, 'sysctls', row), value: 0 }, [], { reason: 'forwarding-off' })
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

/** fib_validate_source(): rp_filter is the larger of all and the device; our own address as source is refused whatever it says. */
function sourceAllowed(run: Run, l: Live, d: Dev, s: Skb, src: Ipv4, dst: Ipv4): boolean {
  const mode = confMax(l.n, d.name, 'rp_filter')
  if (d.kind !== 'loopback' && localAddress(l.n, src) !== null) {
    if (confMax(l.n, d.name, 'accept_local') > 0) return true
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
