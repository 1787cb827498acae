import type { Bytes } from './addr.ts'
import { write32 } from './arp.ts'
import { bitsAt, mustFit, type Layout } from './layout.ts'
import type { Icmp } from './packet.ts'

/*  ICMP (RFC 792; next-hop MTU of 3/4: RFC 1191 section 4)
   |     type      |     code      |           checksum            |
   |   rest: identifier and sequence, MTU, or gateway address      | */
export const LAYOUT: Layout = [
  ['type', 8],
  ['code', 8],
  ['checksum', 16],
  ['rest', 32],
]

/** The checksum covers what follows too: the codec writes it. */
export function write(h: Icmp, b: Bytes, at: number): void {
  mustFit('icmp', 'type', h.type, 8)
  mustFit('icmp', 'code', h.code, 8)
  mustFit('icmp', 'rest', h.rest, 32)
  b[at] = h.type
  b[at + 1] = h.code
  b[at + 2] = 0
  b[at + 3] = 0
  write32(b, at + 4, h.rest)
}

export function parse(b: Bytes, at: number): Icmp | null {
  return b.length < at + 8
    ? null
    : { kind: 'icmp', type: b[at]!, code: b[at + 1]!, rest: bitsAt(b, (at + 4) * 8, 32) }
}
