import type { Bytes } from './addr.ts'
import type { Layout } from './layout.ts'
import type { Udp } from './packet.ts'

/*  UDP (RFC 768)
   |          source port          |       destination port        |
   |            length             |           checksum            | */
export const LAYOUT: Layout = [['sport', 16], ['dport', 16], ['length', 16], ['checksum', 16]]

export function write(h: Udp, b: Bytes, at: number, length: number): void {
  if (h.sport > 0xffff || h.sport < 0 || h.dport > 0xffff || h.dport < 0) throw new RangeError(`udp: port ${h.sport} or ${h.dport} does not fit in 16 bits`)
  b[at] = h.sport >>> 8
  b[at + 1] = h.sport & 255
  b[at + 2] = h.dport >>> 8
  b[at + 3] = h.dport & 255
  b[at + 4] = length >>> 8
  b[at + 5] = length & 255
  b[at + 6] = 0
  b[at + 7] = 0
}

export function parse(b: Bytes, at: number): Udp | null {
  if (b.length < at + 8) return null
  const zero = b[at + 6] === 0 && b[at + 7] === 0
  return { kind: 'udp', sport: (b[at]! << 8) | b[at + 1]!, dport: (b[at + 2]! << 8) | b[at + 3]!, ...(zero ? { nocheck: true } : {}) }
}
