import type { Bytes } from './addr.ts'
import { fromNumber, toNumber } from './addr.ts'
import { write32 } from './arp.ts'
import { finish, sum16 } from './checksum.ts'
import { bitsAt, mustFit, type Layout } from './layout.ts'
import type { IpHeader } from './packet.ts'

/*  IPv4 (RFC 791 section 3.1)
   |Version|  IHL  | DSCP      |ECN|          total length         |
   |         identification        |Flags|    fragment offset      |
   |  time to live |    protocol   |        header checksum        |
   |                         source address                        |
   |                      destination address                      | options */
export const LAYOUT: Layout = [
  ['version', 4],
  ['ihl', 4],
  ['tos', 8],
  ['total_length', 16],
  ['id', 16],
  ['reserved', 1],
  ['df', 1],
  ['mf', 1],
  ['offset', 13],
  ['ttl', 8],
  ['proto', 8],
  ['checksum', 16],
  ['src', 32],
  ['dst', 32],
]

/** Total length, IHL and checksum are derived. `length` is that of header and payload. RangeError for a field that does not fit. */
export function write(h: IpHeader, b: Bytes, at: number, length: number): void {
  mustFit('ipv4', 'total_length', length, 16)
  mustFit('ipv4', 'tos', h.tos, 8)
  mustFit('ipv4', 'id', h.id, 16)
  mustFit('ipv4', 'ttl', h.ttl, 8)
  mustFit('ipv4', 'proto', h.proto, 8)
  if ((h.offset & 0xfff8) !== h.offset)
    throw new RangeError(`ipv4.offset: ${h.offset} is not a multiple of 8 up to 65528`)
  const options = h.options?.length ?? 0
  if (options % 4 !== 0 || options > 40)
    throw new RangeError(`ipv4.options: ${options} bytes are not a multiple of 4 up to 40`)
  const ihl = 20 + options
  b[at] = 0x40 | (ihl >> 2)
  b[at + 1] = h.tos
  b[at + 2] = length >>> 8
  b[at + 3] = length & 255
  b[at + 4] = h.id >>> 8
  b[at + 5] = h.id & 255
  const flags = (h.df ? 0x4000 : 0) | (h.mf ? 0x2000 : 0) | (h.offset >> 3)
  b[at + 6] = flags >>> 8
  b[at + 7] = flags & 255
  b[at + 8] = h.ttl
  b[at + 9] = h.proto
  const [src, dst] = [toNumber(h.src), toNumber(h.dst)]
  write32(b, at + 12, src)
  write32(b, at + 16, dst)
  let sum =
    (((0x40 | (ihl >> 2)) << 8) | h.tos) +
    length +
    h.id +
    flags +
    ((h.ttl << 8) | h.proto) +
    (src >>> 16) +
    (src & 0xffff) +
    (dst >>> 16) +
    (dst & 0xffff)
  if (h.options !== undefined) {
    b.set(h.options, at + 20)
    sum = sum16(b, at + 20, at + ihl, sum)
  }
  const c = finish(sum)
  b[at + 10] = c >>> 8
  b[at + 11] = c & 255
}

/** Null if this is no IPv4 header or it does not fit. The header's own length is `headerLength` of the result. */
export function parse(b: Bytes, at: number): IpHeader | null {
  const ihl = ((b[at] ?? 0) & 15) * 4
  if ((b[at] ?? 0) >> 4 !== 4 || ihl < 20 || b.length < at + ihl) return null
  const flags = (b[at + 6]! << 8) | b[at + 7]!
  return {
    kind: 'ipv4',
    src: fromNumber(bitsAt(b, (at + 12) * 8, 32)),
    dst: fromNumber(bitsAt(b, (at + 16) * 8, 32)),
    ttl: b[at + 8]!,
    id: (b[at + 4]! << 8) | b[at + 5]!,
    df: (flags & 0x4000) !== 0,
    mf: (flags & 0x2000) !== 0,
    offset: (flags & 0x1fff) * 8,
    tos: b[at + 1]!,
    proto: b[at + 9]!,
    ...(ihl > 20 ? { options: b.slice(at + 20, at + ihl) } : {}),
  }
}

/** Total length as the header says it. */
export function totalLength(b: Bytes, at: number): number {
  return ((b[at + 2] ?? 0) << 8) | (b[at + 3] ?? 0)
}

/** Sum of the pseudo header that UDP and TCP checksums cover (RFC 768, RFC 9293 3.1): addresses, protocol, length. */
export function pseudo(h: IpHeader, length: number): number {
  const s = toNumber(h.src)
  const d = toNumber(h.dst)
  return (s >>> 16) + (s & 0xffff) + (d >>> 16) + (d & 0xffff) + h.proto + length
}
