import { isIp } from '#lib/index.ts'
import type { Header, Packet } from '#lib/index.ts'

/** The one colour a header has everywhere: its kind's, but an IPv4 header around another one is the outer one. */
export type Hue = Header['kind'] | 'outer'

export function hueOf(p: Packet, i: number): Hue {
  const header = p.headers[i]!
  return isIp(header) && p.headers.slice(i + 1).some((h) => isIp(h)) ? 'outer' : header.kind
}
