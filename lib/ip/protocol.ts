import { ipOf, type Icmp, type Packet } from '#lib/wire/packet.ts'
import { parseQuote } from '#lib/wire/quote.ts'
import { defaultTtl, pathMtuDiscovery } from '#lib/lookup/sysctl.ts'
import { protocolAt, tunnelAt, tunnelThatSent } from '#lib/link/index.ts'
import { nextId } from '#lib/run/live.ts'
import { answerLeg, message, NO_WRITES, record } from '#lib/run/record.ts'
import type { At, Live } from '#lib/run/run.ts'
import { skb, type Skb } from '#lib/run/skb.ts'
import { learnMtu, pathMtu } from '#lib/run/exceptions.ts'
import { redirected } from './redirected.ts'

/** ip_protocol_deliver_rcu(): whoever wants it. */
export function protocol(at: At, s: Skb): void {
  const l4 = s.packet.headers[1]
  switch (l4?.kind) {
    case 'icmp':
      return icmpRcv(at, s, l4)
    case 'udp': {
      // udp_queue_rcv_skb(): a tunnel's socket first (encap_rcv).
      const tunnel = tunnelAt(at, { ip: ipOf(s.packet)!.dst, port: l4.dport })
      return tunnel === null ? at.run.ports.udp(at, s) : tunnel(s)
    }
    case 'tcp':
      return at.run.ports.tcp(at, s)
    default: {
      const tunnel = protocolAt(at, ipOf(s.packet)!.proto)
      if (tunnel !== null) return tunnel(s)
      record(at, s, { stage: 'socket', decision: at.received, drop: { reason: 'bad-packet' } })
    }
  }
}

/** icmp_rcv(): answer an echo, hand an error to the socket it is about. */
function icmpRcv(at: At, s: Skb, icmp: Icmp): void {
  const { ports } = at.run
  if (icmp.type === 8) return echoReply(at, s, icmp)
  if (icmp.type === 0) {
    if (!ports.echoed(at, s, icmp)) ignored(at, s, icmp)
    return
  }
  const quoted = parseQuote(s.packet.payload)
  const sender = ports.sender(at, quoted) ?? tunnelThatSent(at, quoted, icmp)
  if (icmp.type === 5) return redirected(at, s, { icmp, quoted, follows: sender?.follows === true })
  const mtu = icmp.type === 3 && icmp.code === 4 ? icmp.rest & 0xffff : null
  if (sender === null || (mtu !== null && ignoresMtu(at.l, sender.tcp))) return ignored(at, s, icmp)
  record(at, s, {
    stage: 'icmp',
    decision: { kind: 'icmp', type: icmp.type, code: icmp.code, did: 'receive' },
    writes: mtu === null ? NO_WRITES : believed(at, quoted, mtu),
  })
  sender.tell(s, { icmp, mtu })
}

/** icmp_socket_deliver(), ping_rcv(): no program waits for it. */
function ignored(at: At, s: Skb, { type, code }: Icmp): void {
  record(at, s, {
    stage: 'icmp',
    decision: { kind: 'icmp', type, code, did: 'ignore' },
    drop: { reason: 'icmp-ignored' },
  })
}

/** ip_rt_min_pmtu: what a path is believed to carry when nobody listens to what it does (ip_no_pmtu_disc 1). */
const LEAST_PMTU = 552

/** icmp_unreach(): with ip_no_pmtu_disc 2 nobody believes 3/4, with 3 only protocols whose quote can be checked, of ours TCP. */
function ignoresMtu(l: Live, tcp: boolean): boolean {
  const level = pathMtuDiscovery(l.n)
  return level === 2 || (level === 3 && !tcp)
}

/** ip_rt_update_pmtu(): a learned path MTU is a route exception of its own (RFC 1191). */
function believed(at: At, quoted: Packet, mtu: number) {
  const { l } = at
  const about = ipOf(quoted)
  if (about === undefined) return NO_WRITES
  const least = pathMtuDiscovery(l.n) === 1
  return learnMtu(l, about.dst, least ? Math.min(LEAST_PMTU, pathMtu(at, about)) : mtu)
}

/** icmp_echo(): the same id, sequence and payload, from the address that was asked, TTL 64, DF clear, TOS kept. */
function echoReply(at: At, s: Skb, icmp: Icmp): void {
  const { run, l } = at
  const ip = ipOf(s.packet)!
  record(at, s, { stage: 'icmp', decision: { kind: 'icmp', type: 8, code: 0, did: 'receive' } })
  const m = message(run, {
    kind: 'flow',
    leg: answerLeg(run, s),
    says: 'echo-reply',
    cause: s.message,
  })
  const packet: Packet = {
    headers: [
      { ...ip, src: ip.dst, dst: ip.src, ttl: defaultTtl(l.n), id: nextId(l), df: false },
      { ...icmp, type: 0 },
    ],
    payload: s.packet.payload,
  }
  const r = skb(packet, m, s.step)
  record(l.here, r, { stage: 'icmp', decision: { kind: 'icmp', type: 0, code: 0, did: 'make' } })
  run.ports.localOut(l.here, r)
}
