import type { Bytes } from './addr.ts'
import { mustFit, type Layout } from './layout.ts'
import type { Udp } from './packet.ts'

/*  UDP (RFC 768)
   |          source port          |       destination port        |
   |            length             |           checksum            | */
export const LAYOUT: Layout = [
  ['sport', 16],
  ['dport', 16],
  ['length', 16],
  ['checksum', 16],
]

/** `length` is that of header and payload; the checksum covers what follows, so the codec writes it. RangeError for a field that does not fit. */
export function write(h: Udp, b: Bytes, at: number, length: number): void {
  mustFit('udp', 'sport', h.sport, 16)
  mustFit('udp', 'dport', h.dport, 16)
  mustFit('udp', 'length', length, 16)
  b[at] = h.sport >>> 8
  b[at + 1] = h.sport & 255
  b[at + 2] = h.dport >>> 8
  b[at + 3] = h.dport & 255
  b[at + 4] = length >>> 8
  b[at + 5] = length & 255
  b[at + 6] = 0
  b[at + 7] = 0
}

/** Null if it does not fit. The length field is not judged: a quoted datagram is longer than what is there. */
export function parse(b: Bytes, at: number): Udp | null {
  if (b.length < at + 8) return null
  const zero = b[at + 6] === 0 && b[at + 7] === 0
  return {
    kind: 'udp',
    sport: (b[at]! << 8) | b[at + 1]!,
    dport: (b[at + 2]! << 8) | b[at + 3]!,
    ...(zero ? { nocheck: true } : {}),
  }
}
