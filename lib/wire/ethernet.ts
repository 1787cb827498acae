import type { Bytes, Mac } from './addr.ts'
import { isMac } from './addr.ts'
import type { Layout } from './layout.ts'
import type { Ethernet } from './packet.ts'

/*  Ethernet II (IEEE 802.3, RFC 894); no FCS, as captures show it
    0                   1                   2                   3
   |                    destination (6 bytes)                     …
   |                      source (6 bytes)                        …
   |         EtherType            |                                  */
export const LAYOUT: Layout = [
  ['dst', 48],
  ['src', 48],
  ['type', 16],
]
export const ETHERTYPE = { ipv4: 0x0800, arp: 0x0806, vlan: 0x8100 } as const

let macs = new Map<string, Bytes>()
/** The six bytes of a MAC, remembered. RangeError if it is none. */
export function macBytes(mac: Mac): Bytes {
  const known = macs.get(mac)
  if (known !== undefined) return known
  if (!isMac(mac)) throw new RangeError(`not a MAC address: ${JSON.stringify(mac)}`)
  const bytes = Uint8Array.from(mac.split(':'), (x) => Number.parseInt(x, 16))
  if (macs.size > 100_000) macs = new Map()
  macs.set(mac, bytes)
  return bytes
}

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'))
export function readMac(b: Bytes, at: number): Mac {
  return `${HEX[b[at] ?? 0]}:${HEX[b[at + 1] ?? 0]}:${HEX[b[at + 2] ?? 0]}:${HEX[b[at + 3] ?? 0]}:${HEX[b[at + 4] ?? 0]}:${HEX[b[at + 5] ?? 0]}` as Mac
}

export function write(h: Ethernet, b: Bytes, at: number, type: number): void {
  const [dst, src] = [macBytes(h.dst), macBytes(h.src)]
  // Six bytes are copied faster so than by set().
  for (let i = 0; i < 6; i += 1) {
    b[at + i] = dst[i]!
    b[at + 6 + i] = src[i]!
  }
  b[at + 12] = type >>> 8
  b[at + 13] = type & 255
}

export function parse(b: Bytes, at: number): Ethernet {
  return { kind: 'ethernet', dst: readMac(b, at), src: readMac(b, at + 6) }
}
