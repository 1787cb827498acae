import type { Bytes } from './addr.ts'
import { mustFit, type Layout } from './layout.ts'
import type { Packet, Vlan } from './packet.ts'

/*  802.1Q tag (IEEE 802.1Q 9.6): the EtherType 8100 in front of it stands in the Ethernet header, its last field says what comes behind
   | PCP |D|        VID            |         EtherType             | */
export const LAYOUT: Layout = [
  ['pcp', 3],
  ['dei', 1],
  ['vid', 12],
  ['type', 16],
]
export const TAG = 4

/** Without what comes behind: `etherType` writes that. RangeError for a field that does not fit. */
export function write(h: Vlan, b: Bytes, at: number): void {
  mustFit('vlan', 'pcp', h.pcp, 3)
  mustFit('vlan', 'vid', h.vid, 12)
  b[at] = (h.pcp << 5) | (h.dei ? 16 : 0) | (h.vid >>> 8)
  b[at + 1] = h.vid & 255
}

/** Null if it is cut short. */
export function parse(b: Bytes, at: number): Vlan | null {
  if (b.length < at + TAG) return null
  const [high, low] = [b[at]!, b[at + 1]!]
  return { kind: 'vlan', pcp: high >>> 5, dei: (high & 16) !== 0, vid: ((high & 15) << 8) | low }
}

/** A frame with a tag behind its Ethernet header. */
export function tagged({ headers: [frame, ...inside], payload }: Packet, tag: Vlan): Packet {
  return { headers: [frame!, tag, ...inside], payload }
}

/** A tagged frame without its tag. */
export function untagged({ headers: [frame, , ...inside], payload }: Packet): Packet {
  return { headers: [frame!, ...inside], payload }
}
