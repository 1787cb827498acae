import type { Bytes } from './addr.ts'
import { mustFit, type Layout } from './layout.ts'
import type { Vxlan } from './packet.ts'

/*  VXLAN (RFC 7348 section 5)
   |R|R|R|R|I|R|R|R|            reserved                           |
   |          VXLAN network identifier (VNI)       |   reserved    | */
export const LAYOUT: Layout = [
  ['flags', 8],
  ['reserved', 24],
  ['vni', 24],
  ['reserved2', 8],
]

/** Reserved bits are zero. RangeError for a field that does not fit. */
export function write(h: Vxlan, b: Bytes, at: number): void {
  mustFit('vxlan', 'flags', h.flags, 8)
  mustFit('vxlan', 'vni', h.vni, 24)
  b[at] = h.flags
  b[at + 1] = b[at + 2] = b[at + 3] = b[at + 7] = 0
  b[at + 4] = h.vni >>> 16
  b[at + 5] = (h.vni >>> 8) & 255
  b[at + 6] = h.vni & 255
}

/** Null if reserved bytes are set: Linux would drop it, and this type cannot say it. */
export function parse(b: Bytes, at: number): Vxlan | null {
  if (b.length < at + 8 || b[at + 1] !== 0 || b[at + 2] !== 0 || b[at + 3] !== 0 || b[at + 7] !== 0)
    return null
  return { kind: 'vxlan', flags: b[at]!, vni: (b[at + 4]! << 16) | (b[at + 5]! << 8) | b[at + 6]! }
}
