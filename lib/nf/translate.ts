import type { Address } from '#lib/wire/addr.ts'
import { finish } from '#lib/wire/checksum.ts'
import { encode } from '#lib/wire/codec.ts'
import { find, ipOf, isIp, PROTO, rewriteIp, type Packet } from '#lib/wire/packet.ts'
import { parseQuote } from '#lib/wire/quote.ts'
import type { Ct, Skb } from '#lib/run/skb.ts'
import { invert, isIcmpError, tupleOf } from './tuple.ts'

/* What translation does to a packet, once the connection says how its answers look. */

/** Both directions name the same ends: nothing is translated. */
export function plain(ct: Ct): boolean {
  const { original: o, reply: r } = ct
  return o.src === r.dst && o.dst === r.src && o.sport === r.dport && o.dport === r.sport
}

/** nf_nat_packet(): make this end of the packet what the other direction's tuple says. True if something changed. */
export function translate(s: Skb, end: 'src' | 'dst'): boolean {
  const ct = s.ct
  if (ct === null) return false
  if (s.ctState === 'related') return translateError(s, ct, end)
  if (plain(ct) || !turns(s, ct, end)) return false
  const want = invert(s.ctDir === 'original' ? ct.reply : ct.original)
  const have = tupleOf(s.packet)
  if (have === null) return false
  const ip = want[end]
  const port = end === 'src' ? want.sport : want.dport
  if (have.tuple[end] === ip && (end === 'src' ? have.tuple.sport : have.tuple.dport) === port)
    return false
  // An ICMP id is one field for both ends: SNAT owns it.
  s.packet = rewriteEnd(s.packet, end, { ip, port: ct.proto === 'icmp' ? want.sport : port })
  return true
}

/** nf_nat_packet(): does the hook that sees to this end have anything to do? DNAT's hook leaves alone what is SNAT's only. */
function turns(s: Skb, ct: Ct, end: 'src' | 'dst'): boolean {
  // An ICMP id is one field: a new one is SNAT's doing.
  if ((end === 'src') === (s.ctDir === 'original'))
    return ct.original.src !== ct.reply.dst || ct.original.sport !== ct.reply.dport
  // IPVS turns its own (no IPS_DST_NAT).
  if (ct.virtual) return false
  return (
    ct.original.dst !== ct.reply.src ||
    (ct.proto !== 'icmp' && ct.original.dport !== ct.reply.sport)
  )
}

/** nf_nat_icmp_reply_translation(): the quote is turned back, and the outer end with it, for the kind of NAT this hook undoes. */
function translateError(s: Skb, ct: Ct, end: 'src' | 'dst'): boolean {
  if (!turns(s, ct, end)) return false
  const inner = s.ctDir === 'original' ? ct.reply : ct.original
  const other = end === 'dst' ? 'src' : 'dst'
  const quoted = rewriteEnd(parseQuote(s.packet.payload), other, {
    ip: inner[other],
    port: other === 'src' ? inner.sport : inner.dport,
  })
  const bytes = requote(s.packet.payload, quoted)
  const outer = invert(inner)
  s.packet = rewriteIp({ headers: s.packet.headers, payload: bytes }, { [end]: outer[end] })
  return true
}

/** Rewrite source or destination of the outer IP packet (ports or ICMP id with it). */
export function rewriteEnd(
  p: Packet,
  end: 'src' | 'dst',
  { ip, port }: { readonly ip: Address; readonly port: number },
): Packet {
  const at = p.headers[0]?.kind === 'ethernet' ? 1 : 0
  const headers = p.headers.slice()
  const h = headers[at]
  if (h === undefined || !isIp(h)) return p
  headers[at] = { ...h, [end]: ip }
  const l4 = headers[at + 1]
  if (l4 !== undefined && (l4.kind === 'udp' || l4.kind === 'tcp'))
    headers[at + 1] = end === 'src' ? { ...l4, sport: port } : { ...l4, dport: port }
  else if (l4 !== undefined && l4.kind === 'icmp' && !isIcmpError(l4) && port >= 0)
    headers[at + 1] = { ...l4, rest: ((port << 16) | (l4.rest & 0xffff)) >>> 0 }
  return { headers, payload: p.payload }
}

/** A 1:1 NAT's view of an ICMP error: the packet it quotes has one address changed too. Any other packet is returned as it is. */
export function translateQuote(
  p: Packet,
  end: 'src' | 'dst',
  { from, to }: { readonly from: Address; readonly to: Address },
): Packet {
  if (!isIcmpError(find(p, 'icmp'))) return p
  const quoted = parseQuote(p.payload)
  if (ipOf(quoted)?.[end] !== from) return p
  const q = tupleOf(quoted)
  return {
    headers: p.headers,
    payload: requote(
      p.payload,
      rewriteEnd(quoted, end, {
        ip: to,
        port: (end === 'src' ? q?.tuple.sport : q?.tuple.dport) ?? 0,
      }),
    ),
  }
}

/** An ICMP error whose quote has another address and port at one end; its own header stays. */
export function rewriteQuote(
  p: Packet,
  end: 'src' | 'dst',
  to: { readonly ip: Address; readonly port: number },
): Packet {
  const quoted = rewriteEnd(parseQuote(p.payload), end, to)
  return { headers: p.headers, payload: requote(p.payload, quoted) }
}

/** The quoted bytes with the addresses and ports of `changed`; lengths and the rest stay as quoted (the packet was longer). */
function requote(bytes: Uint8Array, changed: Packet): Uint8Array {
  const out = bytes.slice()
  const fresh = encode(changed)
  const ihl = ((out[0] ?? 0x45) & 15) * 4
  out.set(fresh.subarray(12, 20), 12)
  // IPv4 header checksum over the quoted header as it stands.
  out[10] = 0
  out[11] = 0
  let sum = 0
  for (let i = 0; i < ihl; i += 2) sum += ((out[i] ?? 0) << 8) | (out[i + 1] ?? 0)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  out[10] = (~sum >>> 8) & 255
  out[11] = ~sum & 255
  const proto = out[9]
  if (proto === PROTO.udp || proto === PROTO.tcp) out.set(fresh.subarray(ihl, ihl + 4), ihl)
  if (proto === PROTO.icmp) out.set(fresh.subarray(ihl + 4, ihl + 6), ihl + 4)
  resum(bytes, out, ihl)
  return out
}

/** Where the checksum stands behind the IP header. */
const SUM_AT: Readonly<Partial<Record<number, number>>> = {
  [PROTO.icmp]: 2,
  [PROTO.udp]: 6,
  [PROTO.tcp]: 16,
}

/** tcp_manip_pkt(), udp_manip_pkt(), icmp_manip_pkt(): as far as the quote has it, the inner checksum follows what changed (RFC 1624); a UDP one that is not computed stays so. */
function resum(was: Uint8Array, out: Uint8Array, ihl: number): void {
  const behind = SUM_AT[out[9]!]
  if (behind === undefined) return
  const at = ihl + behind
  const stands = out[9] === PROTO.tcp ? ihl + 20 : ihl + 8
  if (out.length < stands) return
  const word = (b: Uint8Array, i: number): number => ((b[i] ?? 0) << 8) | (b[i + 1] ?? 0)
  const old = word(out, at)
  if (out[9] === PROTO.udp && old === 0) return
  // Addresses are summed too, but for ICMP; the ports, or its id.
  const words = out[9] === PROTO.icmp ? [ihl + 4] : [12, 14, 16, 18, ihl, ihl + 2]
  let sum = ~old & 0xffff
  for (const i of words) sum += (~word(was, i) & 0xffff) + word(out, i)
  const fresh = finish(sum)
  const kept = out[9] === PROTO.udp && fresh === 0 ? 0xffff : fresh
  out[at] = kept >>> 8
  out[at + 1] = kept & 255
}
