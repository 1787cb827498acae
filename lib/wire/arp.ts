import type { Bytes } from './addr.ts'
import { fromNumber, toNumber } from './addr.ts'
import { macBytes, readMac } from './ethernet.ts'
import type { Layout } from './layout.ts'
import { bitsAt } from './layout.ts'
import type { Arp } from './packet.ts'

/*  ARP for IPv4 over Ethernet (RFC 826)
   |        hardware type 1        |     protocol type 0x0800      |
   | hlen 6        | plen 4        |      1 request, 2 reply       |
   | sender MAC (6) | sender IP (4) | target MAC (6) | target IP (4) | */
export const LAYOUT: Layout = [
  ['htype', 16],
  ['ptype', 16],
  ['hlen', 8],
  ['plen', 8],
  ['op', 16],
  ['sha', 48],
  ['spa', 32],
  ['tha', 48],
  ['tpa', 32],
]
const FIXED = [0, 1, 8, 0, 6, 4, 0]

export function write32(b: Bytes, at: number, n: number): void {
  b[at] = n >>> 24
  b[at + 1] = (n >>> 16) & 255
  b[at + 2] = (n >>> 8) & 255
  b[at + 3] = n & 255
}

export function write(h: Arp, b: Bytes, at: number): void {
  b.set(FIXED, at)
  b[at + 7] = h.op === 'request' ? 1 : 2
  b.set(macBytes(h.sha), at + 8)
  write32(b, at + 14, toNumber(h.spa))
  b.set(macBytes(h.tha), at + 18)
  write32(b, at + 24, toNumber(h.tpa))
}

/** Null for hardware, protocols and operations other than the ones above. */
export function parse(b: Bytes, at: number): Arp | null {
  const op = b[at + 7]
  if (b.length < at + 28 || FIXED.some((v, i) => b[at + i] !== v) || (op !== 1 && op !== 2))
    return null
  return {
    kind: 'arp',
    op: op === 1 ? 'request' : 'reply',
    sha: readMac(b, at + 8),
    spa: fromNumber(bitsAt(b, (at + 14) * 8, 32)),
    tha: readMac(b, at + 18),
    tpa: fromNumber(bitsAt(b, (at + 24) * 8, 32)),
  }
}
