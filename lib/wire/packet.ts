import type { Bytes, Ipv4, Mac } from './addr.ts'

/** One header, as a value that can only say legal things: lengths, checksums and next-protocol numbers are derived when encoding. */
export interface Ethernet { readonly kind: 'ethernet'; readonly dst: Mac; readonly src: Mac }
export interface Arp {
  readonly kind: 'arp'; readonly op: 'request' | 'reply'
  readonly sha: Mac; readonly spa: Ipv4; readonly tha: Mac; readonly tpa: Ipv4
}
export interface Ipv4Header {
  readonly kind: 'ipv4'; readonly src: Ipv4; readonly dst: Ipv4; readonly ttl: number; readonly id: number
  readonly df: boolean; readonly mf: boolean
  /** Fragment offset in bytes, a multiple of 8. */
  readonly offset: number
  /** The former TOS byte: DSCP in the upper six bits, ECN in the lower two. */
  readonly tos: number
  /** IP protocol number. Follows from the next header when there is one; needed here for fragments, whose payload is opaque. */
  readonly proto: number
  /** Raw option bytes, a multiple of 4 up to 40; left out when there are none. */
  readonly options?: Bytes
}
/** `rest` is the second 32-bit word: id and sequence of an echo, next-hop MTU of a 3/4, gateway of a redirect. Quotes stand in the payload. */
export interface Icmp { readonly kind: 'icmp'; readonly type: number; readonly code: number; readonly rest: number }
/** `nocheck`: the checksum field is zero (RFC 768: none was computed). */
export interface Udp { readonly kind: 'udp'; readonly sport: number; readonly dport: number; readonly nocheck?: boolean }
export type TcpOption =
  | { readonly kind: 'mss'; readonly value: number } | { readonly kind: 'sack-permitted' } | { readonly kind: 'nop' }
  /** Ranges of sequence numbers that arrived out of order or twice, each up to but not with its second. */
  | { readonly kind: 'sack'; readonly blocks: readonly (readonly [number, number])[] }
  | { readonly kind: 'timestamps'; readonly value: number; readonly echo: number } | { readonly kind: 'window-scale'; readonly shift: number }
  | { readonly kind: 'other'; readonly bytes: Bytes }
export interface Tcp {
  readonly kind: 'tcp'; readonly sport: number; readonly dport: number; readonly seq: number; readonly ack: number
  /** Bits of byte 13: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128. */
  readonly flags: number
  readonly window: number
  /** In order; encoded length must be a multiple of 4 (add NOPs). */
  readonly options: readonly TcpOption[]
}
export interface Vxlan { readonly kind: 'vxlan'; readonly vni: number; readonly flags: number }

export type Header = Ethernet | Arp | Ipv4Header | Icmp | Udp | Tcp | Vxlan
export type HeaderKind = Header['kind']
export type HeaderOf<K extends HeaderKind> = Extract<Header, { kind: K }>

/** Headers outermost first, then opaque bytes. Never changed in place. */
export interface Packet { readonly headers: readonly Header[]; readonly payload: Bytes }

export const FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16
export const PROTO = { icmp: 1, tcp: 6, udp: 17 } as const
export const NO_BYTES: Bytes = new Uint8Array(0)
/** UDP ports whose payload is known to be a packet: Linux and flannel VXLAN, IANA VXLAN, flannel udp. */
export const VXLAN_PORTS: readonly number[] = [8472, 4789]
export const FLANNEL_UDP_PORT = 8285

/** The outermost header of a kind, if there is one. */
export function find<K extends HeaderKind>(p: Packet, kind: K): HeaderOf<K> | undefined {
  for (const h of p.headers) if (h.kind === kind) return h as HeaderOf<K>
  return undefined
}

export function push(p: Packet, ...outermostFirst: Header[]): Packet {
  return { headers: [...outermostFirst, ...p.headers], payload: p.payload }
}

export function pop(p: Packet, n = 1): Packet {
  return { headers: p.headers.slice(n), payload: p.payload }
}

/** The packet with one field set of its outermost header of that kind changed. Throws if it has none. */
export function rewrite<K extends HeaderKind>(p: Packet, kind: K, change: Partial<HeaderOf<K>>): Packet {
  let at = p.headers.length - 1
  for (let i = 0; i < p.headers.length; i += 1) if (p.headers[i]!.kind === kind) { at = i; break }
  if (p.headers[at]?.kind !== kind) throw new RangeError(`no ${kind} header to rewrite`)
  const headers = p.headers.slice()
  headers[at] = { ...headers[at], ...change } as Header
  return { headers, payload: p.payload }
}

const FIXED: { readonly [K in HeaderKind]: number } = { ethernet: 14, arp: 28, ipv4: 20, icmp: 8, udp: 8, tcp: 20, vxlan: 8 }
const OPTION_BYTES = { mss: 4, 'sack-permitted': 2, nop: 1, timestamps: 10, 'window-scale': 3 } as const

/** Encoded length of one header in bytes, options included. */
export function headerLength(h: Header): number {
  if (h.kind === 'ipv4') return 20 + (h.options?.length ?? 0)
  if (h.kind !== 'tcp') return FIXED[h.kind]
  let n = 20
  for (const o of h.options) n += o.kind === 'other' ? o.bytes.length : o.kind === 'sack' ? 2 + 8 * o.blocks.length : OPTION_BYTES[o.kind]
  return n
}

/** Length of the whole packet in bytes, as a capture shows it. */
export function size(p: Packet): number {
  let n = p.payload.length
  for (const h of p.headers) n += headerLength(h)
  return n
}

/** Length from the outermost IPv4 header on: what an MTU is compared with. */
export function ipLength(p: Packet): number {
  const first = p.headers[0]
  return size(p) - (first !== undefined && first.kind === 'ethernet' ? 14 : 0)
}
