import { dissect, encode } from './codec.ts'
import { find, headerLength, ipLength, type Ethernet, type Ipv4Header, type Packet } from './packet.ts'

/** Cut a packet so that no piece is longer than `mtu` from its IPv4 header on; each piece but the last carries a multiple of 8 bytes (RFC 791 section 3.2).
 *  Works on fragments too. What fits comes back as it is; pieces have DF 0 (`ip_fragment()`). RangeError if the MTU leaves no room for 8 bytes.
 *  Not modelled: options that are not copied to later fragments; ours copy all. */
export function fragment(p: Packet, mtu: number): Packet[] {
  const ip = find(p, 'ipv4')
  if (ip === undefined || ipLength(p) <= mtu) return [p]
  const ethernet = p.headers[0]?.kind === 'ethernet' ? p.headers[0] : null
  const header = headerLength(ip)
  const chunk = (mtu - header) & ~7
  if (chunk < 8) throw new RangeError(`mtu ${mtu} leaves no room for 8 bytes behind an IPv4 header of ${header}`)
  const rest = encode(p).subarray((ethernet === null ? 0 : 14) + header)
  const pieces: Packet[] = []
  for (let at = 0; at < rest.length; at += chunk) {
    const last = at + chunk >= rest.length
    pieces.push(piece(ethernet, { ...ip, df: false, mf: last ? ip.mf : true, offset: ip.offset + at }, rest.slice(at, Math.min(at + chunk, rest.length))))
  }
  return pieces
}

function piece(ethernet: Ethernet | null, ip: Ipv4Header, payload: Uint8Array): Packet {
  return { headers: ethernet === null ? [ip] : [ethernet, ip], payload }
}

/** Put fragments of one datagram (same addresses, id and protocol: the caller's choice) together, in any order, repeats allowed; null while a part is
 *  missing or if it all exceeds 65,535 bytes. TTL, TOS, DF and an Ethernet header are those of the first; its headers can be read again. */
export function reassemble(fragments: readonly Packet[]): Packet | null {
  const parts = fragments.flatMap((p) => {
    const ip = find(p, 'ipv4')
    const ethernet = p.headers[0]?.kind === 'ethernet' ? [p.headers[0]] : []
    // From the bytes: a packet that was never cut has more headers than its IPv4 one.
    return ip === undefined ? [] : [{ ip, ethernet, payload: encode(p).subarray(ethernet.length * 14 + headerLength(ip)) }]
  })
  parts.sort((a, b) => a.ip.offset - b.ip.offset)
  const first = parts[0]
  const last = parts.find((x) => !x.ip.mf)
  if (first === undefined || last === undefined || first.ip.offset !== 0) return null
  const total = last.ip.offset + last.payload.length
  if (headerLength(first.ip) + total > 0xffff) return null
  const bytes = new Uint8Array(total)
  let covered = 0
  for (const { ip, payload } of parts) {
    if (ip.offset > covered) return null
    bytes.set(payload.subarray(0, Math.max(0, total - ip.offset)), ip.offset)
    covered = Math.max(covered, ip.offset + payload.length)
  }
  if (covered < total) return null
  const { packet } = dissect(encode({ headers: [{ ...first.ip, mf: false, offset: 0 }], payload: bytes }), 'ipv4')
  return { headers: [...first.ethernet, ...packet.headers], payload: packet.payload }
}
