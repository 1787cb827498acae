import { dissect, encode } from './codec.ts'
import {
  find,
  headerLength,
  ipLength,
  type Ethernet,
  type IpHeader,
  type Packet,
} from './packet.ts'

/** Cut a packet so that no piece is longer than `mtu` from its IPv4 header on; each piece but the last carries a multiple of 8 bytes (RFC 791 section 3.2).
 *  `came` is what each piece carried, in bytes, when it was put together: if all of them fit they are those again, as `ip_do_fragment()` takes a list of fragments apart.
 *  Works on fragments too. What fits comes back as it is; pieces have DF 0 (`ip_fragment()`). RangeError if the MTU leaves no room for 8 bytes.
 *  Not modelled: options that are not copied to later fragments; ours copy all. */
export function fragment(p: Packet, mtu: number, came: readonly number[] | null = null): Packet[] {
  const ip = find(p, 'ipv4')
  if (ip === undefined || ipLength(p) <= mtu) return [p]
  const ethernet = p.headers[0]?.kind === 'ethernet' ? p.headers[0] : null
  const header = headerLength(ip)
  const chunk = (mtu - header) & ~7
  if (chunk < 8)
    throw new RangeError(`mtu ${mtu} leaves no room for 8 bytes behind an IPv4 header of ${header}`)
  const rest = encode(p).subarray((ethernet === null ? 0 : 14) + header)
  const sizes =
    came !== null &&
    came.every((n, i) => n <= mtu - header && (n % 8 === 0 || i === came.length - 1)) &&
    came.reduce((a, b) => a + b, 0) === rest.length
      ? came
      : Array.from({ length: Math.ceil(rest.length / chunk) }, (_, i) =>
          Math.min(chunk, rest.length - i * chunk),
        )
  let at = 0
  return sizes.map((n) => {
    const cut = rest.slice(at, at + n)
    at += n
    return piece(
      ethernet,
      { ...ip, df: false, mf: at < rest.length || ip.mf, offset: ip.offset + at - n },
      cut,
    )
  })
}

function piece(ethernet: Ethernet | null, ip: IpHeader, payload: Uint8Array): Packet {
  return { headers: ethernet === null ? [ip] : [ethernet, ip], payload }
}

/** Put fragments of one datagram (same addresses, id and protocol: the caller's choice) together, in any order, repeats allowed; null while a part is
 *  missing or if it all exceeds 65,535 bytes. TTL, TOS, DF and an Ethernet header are those of the first; its headers can be read again. */
export function reassemble(fragments: readonly Packet[]): Packet | null {
  const parts = fragments.flatMap((p) => {
    const ip = find(p, 'ipv4')
    const ethernet = p.headers[0]?.kind === 'ethernet' ? [p.headers[0]] : []
    // From the bytes: a packet that was never cut has more headers than its IPv4 one.
    return ip === undefined
      ? []
      : [{ ip, ethernet, payload: encode(p).subarray(ethernet.length * 14 + headerLength(ip)) }]
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
  const { packet } = dissect(
    encode({ headers: [{ ...first.ip, mf: false, offset: 0 }], payload: bytes }),
    'ipv4',
  )
  return { headers: [...first.ethernet, ...packet.headers], payload: packet.payload }
}
