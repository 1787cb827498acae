import type { Bytes } from './addr.ts'
import { write32 } from './arp.ts'
import { checksum } from './checksum.ts'
import { bitsAt, mustFit, type Layout } from './layout.ts'
import type { Gre } from './packet.ts'

/*  GRE (RFC 2784 section 2.1, RFC 2890 section 2): C and K say which of the two words behind the first are there
   |C| |K|S| reserved0       | Ver |         protocol type         |
   |      checksum (if C)          |       reserved1 (if C)        |
   |                           key (if K)                          | */
export const LAYOUT: Layout = [
  ['checksum_present', 1],
  ['reserved', 1],
  ['key_present', 1],
  ['sequence_present', 1],
  ['reserved0', 9],
  ['version', 3],
  ['protocol', 16],
]
/** What is inside, as EtherTypes have it: an IPv4 packet, or a frame (Transparent Ethernet Bridging, RFC 7637). */
export const INSIDE = { ipv4: 0x0800, ethernet: 0x6558 } as const
const [CHECKSUM, KEY] = [0x80, 0x20]

/** `end` is where what it carries ends, whose checksum it may have. RangeError for a key that does not fit. */
export function write(
  h: Gre,
  b: Bytes,
  { at, end, protocol }: { readonly at: number; readonly end: number; readonly protocol: number },
): void {
  b[at] = (h.checksum ? CHECKSUM : 0) | (h.key === undefined ? 0 : KEY)
  b[at + 1] = 0
  b[at + 2] = protocol >>> 8
  b[at + 3] = protocol & 255
  if (h.key !== undefined) {
    mustFit('gre', 'key', h.key, 32)
    write32(b, at + (h.checksum ? 8 : 4), h.key)
  }
  if (!h.checksum) return
  write32(b, at + 4, 0)
  const sum = checksum(b, at, end)
  b[at + 4] = sum >>> 8
  b[at + 5] = sum & 255
}

/** Null for another version, and with bits or words that this type cannot say: sequence numbers, RFC 1701's routing. */
export function parse(b: Bytes, at: number): Gre | null {
  const flags = b[at] ?? 0xff
  if ((flags & ~(CHECKSUM | KEY)) !== 0 || b[at + 1] !== 0) return null
  const has = { checksum: (flags & CHECKSUM) !== 0, key: (flags & KEY) !== 0 }
  const words = Number(has.checksum) + Number(has.key)
  if (b.length < at + 4 + 4 * words) return null
  const key = bitsAt(b, (at + 4 * words) * 8, 32)
  return { kind: 'gre', checksum: has.checksum, ...(has.key ? { key } : {}) }
}
