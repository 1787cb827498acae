import { isIp, type Header, type Icmp, type Packet } from '#lib/wire/packet.ts'
import type { Conntrack, Tuple } from '#lib/topology/rows.ts'

export type Proto = Conntrack['proto']
/** What conntrack looks a packet up by. */
export interface Question {
  readonly proto: Proto
  readonly tuple: Tuple
}
const ERRORS = [3, 5, 11, 12]

export function isIcmpError(h: Icmp | undefined): boolean {
  return h !== undefined && ERRORS.includes(h.type)
}

// Every table of every hook asks this of the same packet: the last answer is kept.
let lastPacket: Packet | null = null
let lastQuestion: Question | null = null

/** Protocol and tuple of a packet; null for fragments and what conntrack does not track. The ICMP id stands in both ports; what is in a tunnel has none. */
export function tupleOf(p: Packet): Question | null {
  if (p !== lastPacket) {
    lastQuestion = readTuple(p)
    lastPacket = p
  }
  return lastQuestion
}

function readTuple(p: Packet): Question | null {
  const at = p.headers[0]?.kind === 'ethernet' ? 1 : 0
  const ip = p.headers[at]
  const l4 = p.headers[at + 1]
  if (ip === undefined || !isIp(ip) || l4 === undefined) return null
  if (l4.kind === 'udp' || l4.kind === 'tcp')
    return { proto: l4.kind, tuple: { src: ip.src, dst: ip.dst, sport: l4.sport, dport: l4.dport } }
  if (l4.kind === 'icmp')
    return {
      proto: 'icmp',
      tuple: { src: ip.src, dst: ip.dst, sport: l4.rest >>> 16, dport: l4.rest >>> 16 },
    }
  const proto = isIp(l4) ? 'ipencap' : WITHOUT_PORTS.get(l4.kind)
  return proto === undefined
    ? null
    : { proto, tuple: { src: ip.src, dst: ip.dst, sport: 0, dport: 0 } }
}

/** Headers of which the tuple has nothing but the protocol: nf_conntrack_proto_gre.c of version 0; IP in IP is nf_conntrack_proto_generic.c's. */
const WITHOUT_PORTS: ReadonlyMap<Header['kind'], Proto> = new Map([['gre', 'gre']])

export function invert(t: Tuple): Tuple {
  return { src: t.dst, dst: t.src, sport: t.dport, dport: t.sport }
}

export function tupleKey(proto: Proto, t: Tuple): string {
  return `${proto}|${t.src}|${t.dst}|${t.sport}|${t.dport}`
}

export function sameTuple(a: Tuple, b: Tuple): boolean {
  return a.src === b.src && a.dst === b.dst && a.sport === b.sport && a.dport === b.dport
}
