import { isMulticast, type Address } from '#lib/wire/addr.ts'
import { DATAGRAM_HEADERS, ipOf, pop, PROTO, type Packet, wholeIp } from '#lib/wire/packet.ts'
import { MOST_QUOTED, quote } from '#lib/wire/quote.ts'
import type { NfVerdict } from '#lib/lookup/netfilter.ts'
import type { RouteAnswer } from '#lib/lookup/route.ts'
import { defaultTtl, sysctl, sysctlRow } from '#lib/lookup/sysctl.ts'
import { isIcmpError } from '#lib/nf/tuple.ts'
import { nextId } from '#lib/run/live.ts'
import type { IcmpError } from '#lib/run/ports.ts'
import { mtuOf } from '#lib/run/mtu.ts'
import { answerLeg, message, record, ref } from '#lib/run/record.ts'
import type { Here } from '#lib/run/run.ts'
import { skb, type Skb } from '#lib/run/skb.ts'
import { sendReset } from './reset.ts'

/** net.ipv4.icmp_ratelimit: one error to an address in so many milliseconds, six saved up (XRLIM_BURST_FACTOR). 3/4 is never limited. */
const RATE_LIMIT = 'net.ipv4.icmp_ratelimit'
const RATE_LIMIT_MS = 1000
const BURST = 6

/** net.ipv4.route.error_cost and error_burst, in milliseconds: what ip_error() takes of the same tokens for each answer, and the most that it finds. */
const ERROR_COST = 'net.ipv4.route.error_cost'
const COST_MS = 1000
const COST_BURST_MS = 5 * COST_MS

/** inet_getpeer_v4(): what is left of the errors to an address. One that is new has been silent for a minute. */
function peerOf({ run, l }: Here, to: Address): { tokens: number; last: number } {
  run.limits ??= new Map()
  const id = `${l.n.name}|${to}`
  const known = run.limits.get(id)
  if (known !== undefined) return known
  const fresh = { tokens: 0, last: run.now - 60_000 }
  run.limits.set(id, fresh)
  return fresh
}

/** Takes so many tokens of those that have come since, of which no more than `most` are kept. */
function takes(here: Here, to: Address, { cost, most }: { cost: number; most: number }): boolean {
  const peer = peerOf(here, to)
  const { now } = here.run
  peer.tokens = Math.min(most, peer.tokens + now - peer.last)
  peer.last = now
  if (peer.tokens < cost) return false
  peer.tokens -= cost
  return true
}

/** inet_peer_xrlim_allow(): may another error be sent there now? Without a limit nothing is saved up. */
function withinLimit(here: Here, to: Address): boolean {
  const each = sysctl(here.l.n, RATE_LIMIT, RATE_LIMIT_MS)
  return takes(here, to, { cost: each, most: BURST * each })
}

/** icmpv4_xrlim_allow(): icmp_ratemask limits 3, 4, 11 and 12; of these not 3/4, and nothing to ourselves. */
function isLimited({ type, code }: IcmpError, back: RouteAnswer): boolean {
  return type !== 5 && !(type === 3 && code === 4) && back.type !== 'local'
}

/** __icmp_send(): may an error be about this packet at all? Not about a later fragment, an ICMP error, or what was for all. */
function mayBeAbout(bare: Packet, s: Skb): boolean {
  const ip = ipOf(bare)
  if (
    ip === undefined ||
    ip.offset > 0 ||
    isMulticast(ip.dst) ||
    s.to === 'broadcast' ||
    ip.src === '0.0.0.0'
  )
    return false
  const icmp = bare.headers[1]
  return !(icmp?.kind === 'icmp' && isIcmpError(icmp))
}

/** __icmp_send(): tell the sender. Its source is the address the packet was sent to if that is ours, else the one we would use to talk to the sender. */
export function sendError(here: Here, s: Skb, error: IcmpError): void {
  const { run, l } = here
  const { type, code, rest = 0 } = error
  const bare = s.packet.headers[0]?.kind === 'ethernet' ? pop(s.packet) : s.packet
  if (!mayBeAbout(bare, s)) return
  const ip = ipOf(bare)!
  // icmp_route_lookup(): once, with the source only if that is ours.
  const ours = run.asks.route(l.n, ip.dst, { src: ip.src }).type === 'local'
  const back = run.asks.route(l.n, ip.src, ours ? { src: ip.dst, l4: ICMP } : { l4: ICMP })
  if (back.type === 'none') return
  if (isLimited(error, back) && !withinLimit(here, ip.src))
    return silenced(here, s, { key: RATE_LIMIT, usual: RATE_LIMIT_MS })
  // Never larger than the way back takes.
  const room = Math.min(MOST_QUOTED, mtuOf(l, back, ip.src) - DATAGRAM_HEADERS)
  // __icmp_send(): not even a header would fit.
  if (room <= 20) return
  const src: Address = ours ? ip.dst : (back.src ?? '0.0.0.0')
  const m = message(run, {
    kind: 'error',
    leg: answerLeg(run, s),
    says: { icmp: `${type}/${code}` },
    cause: s.message,
  })
  const packet: Packet = {
    headers: [
      wholeIp({
        src,
        dst: ip.src,
        ttl: defaultTtl(l.n),
        id: nextId(l),
        df: false,
        tos: 0xc0,
        proto: PROTO.icmp,
      }),
      { kind: 'icmp', type, code, rest },
    ],
    payload: quote(bare, room),
  }
  const e = skb(packet, m, s.step)
  // The error belongs to the connection of the packet it is about, also while that is not confirmed.
  if (s.ct !== null && s.ctState !== 'related') {
    e.ct = s.ct
    e.ctState = 'related'
    e.ctDir = s.ctDir === 'original' ? 'reply' : 'original'
  }
  record(l.here, e, { stage: 'icmp', decision: { kind: 'icmp', type, code, did: 'make' } })
  run.ports.localOut(l.here, e, { way: back })
}

/** ip_error(): tell who sent what leads nowhere, which is counted apart, and then like every error. */
export function tellNoWay(at: Here, s: Skb, code: number): void {
  const { src } = ipOf(s.packet)!
  if (takes(at, src, { cost: COST_MS, most: COST_BURST_MS }))
    at.run.ports.error(at, s, { type: 3, code })
  else silenced(at, s, { key: ERROR_COST, usual: COST_MS })
}

/** So many were sent there that this one is not. */
function silenced(
  { l }: Here,
  s: Skb,
  { key, usual }: { readonly key: string; readonly usual: number },
): void {
  const matched = ref(l.n.name, 'sysctls', sysctlRow(l.n, key))
  const value = sysctl(l.n, key, usual)
  record(l.here, s, { stage: 'icmp', decision: { kind: 'sysctl', key, matched, value } })
}

/** icmp_route_lookup(): what rules are told of an error. */
const ICMP = { proto: PROTO.icmp, sport: 0, dport: 0 } as const

const CODES = {
  'icmp-port-unreachable': 3,
  'icmp-host-unreachable': 1,
  'icmp-admin-prohibited': 13,
} as const

/** nf_reject: port unreachable unless told otherwise; a reset for TCP when asked for. */
export function reject(here: Here, s: Skb, v: NfVerdict): void {
  const how = v.target?.type === 'REJECT' ? v.target.with : 'icmp-port-unreachable'
  // nf_send_reset(): ip_route_me_harder() asks nobody whose the source is.
  if (how === 'tcp-reset') sendReset(here, s, { rejects: true })
  else sendError(here, s, { type: 3, code: CODES[how] })
}
