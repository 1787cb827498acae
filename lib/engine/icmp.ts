import type { Ipv4 } from '#lib/wire/addr.ts'
import { inCidr } from '#lib/wire/addr.ts'
import { ACK, find, PROTO, RST, size, type Packet } from '#lib/wire/packet.ts'
import { quote } from '#lib/wire/quote.ts'
import type { NfVerdict } from '#lib/lookup/netfilter.ts'
import { lookupRoute } from '#lib/lookup/route.ts'
import { defaultTtl, sysctl, sysctlRow } from '#lib/lookup/sysctl.ts'
import { pathMtu } from './apps.ts'
import { isIcmpError } from './conntrack.ts'
import { localOut } from './output.ts'
import { message, nextId, record, ref, skb, type Live, type Run, type Skb } from '#lib/devices/run.ts'

/** An ICMP error is at most 576 bytes in all, and never larger than the way back takes: 20 IPv4, 8 ICMP, the rest quote (net/ipv4/icmp.c __icmp_send, RFC 1812 4.3.2.3). */
const MOST = 576
const HEADERS = 28
const LABELS: Readonly<Record<string, string>> = { '3/0': 'network unreachable', '3/1': 'host unreachable', '3/3': 'port unreachable', '3/4': 'fragmentation needed', '3/13': 'administratively prohibited', '11/0': 'time exceeded' }

/** net.ipv4.icmp_ratelimit: one error to an address in so many milliseconds, six saved up (XRLIM_BURST_FACTOR). 3/4 is never limited. */
const RATE_LIMIT_MS = 1000
const BURST = 6

/** inet_peer_xrlim_allow(): may another error be sent there now? */
function withinLimit(run: Run, l: Live, to: Ipv4): boolean {
  const each = sysctl(l.n, 'net.ipv4.icmp_ratelimit', RATE_LIMIT_MS)
  if (each === 0) return true
  run.limits ??= new Map()
  const id = `${l.n.name}|${to}`
  const peer = run.limits.get(id) ?? { tokens: BURST * each, last: run.now }
  run.limits.set(id, peer)
  peer.tokens = Math.min(BURST * each, peer.tokens + run.now - peer.last)
  peer.last = run.now
  if (peer.tokens < each) return false
  peer.tokens -= each
  return true
}

/** __icmp_send(): tell the sender. Its source is the address the packet was sent to if that is ours, else the one we would use to talk to the sender. */
export function sendError(run: Run, l: Live, s: Skb, type: number, code: number, rest: number): void {
  const bare: Packet = s.packet.headers[0]?.kind === 'ethernet' ? { headers: s.packet.headers.slice(1), payload: s.packet.payload } : s.packet
  const ip = find(bare, 'ipv4')
  if (ip === undefined || ip.offset > 0 || inCidr(ip.dst, '224.0.0.0/4') || s.to === 'broadcast' || ip.src === '0.0.0.0') return
  const icmp = bare.headers[1]
  if (icmp?.kind === 'icmp' && isIcmpError(icmp)) return
  const back = lookupRoute(l.n, ip.src, {})
  if (back.type === 'none') return
  if (!(type === 3 && code === 4) && back.type !== 'local' && !withinLimit(run, l, ip.src)) {
    const key = 'net.ipv4.icmp_ratelimit'
    record(run, s, l.n.name, null, 'icmp', { kind: 'sysctl', key, matched: ref(l.n.name, 'sysctls', sysctlRow(l.n, key)), value: sysctl(l.n, key, RATE_LIMIT_MS) })
    return
  }
  const room = Math.min(MOST, pathMtu(l, back.src ?? '0.0.0.0', ip.src)) - HEADERS
  // __icmp_send(): not even a header would fit.
  if (room <= 20) return
  const src: Ipv4 = lookupRoute(l.n, ip.dst, { src: ip.src }).type === 'local' ? ip.dst : back.src ?? '0.0.0.0'
  const leg = run.messages[s.message]?.leg === 'forward' ? 'back' : 'forward'
  const m = message(run, 'error', leg, LABELS[`${type}/${code}`] ?? `ICMP ${type}/${code}`, s.message)
  const packet: Packet = {
    headers: [{ kind: 'ipv4', src, dst: ip.src, ttl: defaultTtl(l.n), id: nextId(l), df: false, mf: false, offset: 0, tos: 0xc0, proto: PROTO.icmp }, { kind: 'icmp', type, code, rest }],
    payload: quote(bare, Math.min(room, size(bare))),
  }
  const e = skb(packet, m, s.step)
  // The error belongs to the connection of the packet it is about, also while that is not confirmed.
  if (s.ct !== null && s.ctState !== 'related') { e.ct = s.ct; e.ctState = 'related'; e.ctDir = s.ctDir === 'original' ? 'reply' : 'original' }
  record(run, e, l.n.name, null, 'icmp', { kind: 'icmp', type, code, did: 'make' })
  localOut(run, l, e)
}

/** ipv4_link_failure(): host unreachable; to ourselves, over lo, if we sent it. */
export function hostUnreachable(run: Run, l: Live, s: Skb): void {
  sendError(run, l, s, 3, 1, 0)
}

/** nf_reject: port unreachable unless told otherwise; a reset for TCP when asked for. */
export function reject(run: Run, l: Live, s: Skb, v: NfVerdict): void {
  const how = v.target?.type === 'REJECT' ? v.target.with : 'icmp-port-unreachable'
  if (how === 'tcp-reset') return sendReset(run, l, s)
  sendError(run, l, s, 3, { 'icmp-port-unreachable': 3, 'icmp-host-unreachable': 1, 'icmp-admin-prohibited': 13 }[how], 0)
}

/** tcp_v4_send_reset(): nobody is there. */
export function sendReset(run: Run, l: Live, s: Skb): void {
  const ip = find(s.packet, 'ipv4')
  const tcp = find(s.packet, 'tcp')
  if (ip === undefined || tcp === undefined || tcp.flags & RST) return
  const length = s.packet.payload.length + (tcp.flags & 2 ? 1 : 0) + (tcp.flags & 1 ? 1 : 0)
  const acked = (tcp.flags & ACK) !== 0
  const leg = run.messages[s.message]?.leg === 'forward' ? 'back' : 'forward'
  const m = message(run, 'flow', leg, 'RST', s.message)
  const packet: Packet = {
    headers: [{ kind: 'ipv4', src: ip.dst, dst: ip.src, ttl: defaultTtl(l.n), id: 0, df: true, mf: false, offset: 0, tos: 0, proto: PROTO.tcp },
      { kind: 'tcp', sport: tcp.dport, dport: tcp.sport, seq: acked ? tcp.ack : 0, ack: acked ? 0 : (tcp.seq + length) >>> 0, flags: acked ? RST : RST | ACK, window: 0, options: [] }],
    payload: new Uint8Array(0),
  }
  const r = skb(packet, m, s.step)
  record(run, r, l.n.name, null, 'app', { kind: 'app', did: 'error', what: 'reset' })
  localOut(run, l, r)
}
