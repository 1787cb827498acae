import type { Header, Packet } from '#lib/index.ts'

/** The one colour a header has everywhere: its kind's, but an IPv4 header around another one is the outer one. */
export type Hue = Header['kind'] | 'outer'

export function hueOf(p: Packet, i: number): Hue {
  const kind = p.headers[i]!.kind
  return kind === 'ipv4' && p.headers.slice(i + 1).some((h) => h.kind === 'ipv4') ? 'outer' : kind
}
