import type { Bytes, Address, Mac } from './addr.ts'

/** One header, as a value that can only say legal things: lengths, checksums and next-protocol numbers are derived when encoding. */
export interface Ethernet {
  readonly kind: 'ethernet'
  readonly dst: Mac
  readonly src: Mac
}
/** RFC 826 for IPv4 over Ethernet: sender's and target's hardware and protocol address. */
export interface Arp {
  readonly kind: 'arp'
  readonly op: 'request' | 'reply'
  readonly sha: Mac
  readonly spa: Address
  readonly tha: Mac
  readonly tpa: Address
}
/** RFC 791. `ttl` in hops, `id` of 16 bits; total length and checksum follow from the rest. */
export interface IpHeader {
  readonly kind: 'ipv4'
  readonly src: Address
  readonly dst: Address
  readonly ttl: number
  readonly id: number
  readonly df: boolean
  readonly mf: boolean
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
export interface Icmp {
  readonly kind: 'icmp'
  readonly type: number
  readonly code: number
  readonly rest: number
}
/** `nocheck`: the checksum field is zero (RFC 768: none was computed). */
export interface Udp {
  readonly kind: 'udp'
  readonly sport: number
  readonly dport: number
  readonly nocheck?: boolean
}
/** RFC 9293 and 7323, SACK of RFC 2018; a kind we have no words for keeps its bytes. */
export type TcpOption =
  | { readonly kind: 'mss'; readonly value: number }
  | { readonly kind: 'sack-permitted' }
  | { readonly kind: 'nop' }
  /** Ranges of sequence numbers that arrived out of order or twice, each up to but not with its second. */
  | { readonly kind: 'sack'; readonly blocks: readonly (readonly [number, number])[] }
  | { readonly kind: 'timestamps'; readonly value: number; readonly echo: number }
  | { readonly kind: 'window-scale'; readonly shift: number }
  | { readonly kind: 'other'; readonly bytes: Bytes }
/** RFC 9293. `seq` and `ack` are unsigned 32-bit numbers, `window` is the field as sent, unscaled. Urgent data does not occur. */
export interface Tcp {
  readonly kind: 'tcp'
  readonly sport: number
  readonly dport: number
  readonly seq: number
  readonly ack: number
  /** Bits of byte 13: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128. */
  readonly flags: number
  readonly window: number
  /** In order; encoded length must be a multiple of 4 (add NOPs). */
  readonly options: readonly TcpOption[]
}
/** RFC 7348. `vni` of 24 bits; `flags` is the first byte, 0x08 when the VNI is valid. */
export interface Vxlan {
  readonly kind: 'vxlan'
  readonly vni: number
  readonly flags: number
}

/** IEEE 802.1Q, behind Ethernet's addresses: priority `pcp` of 3 bits, `dei` (may be dropped first), `vid` of 12 bits, 0 for no VLAN at all. */
export interface Vlan {
  readonly kind: 'vlan'
  readonly pcp: number
  readonly dei: boolean
  readonly vid: number
}

/** RFC 2784 and 2890, without sequence numbers. Which protocol is inside follows from the next header. */
export interface Gre {
  readonly kind: 'gre'
  /** It has a checksum over itself and what it carries. */
  readonly checksum: boolean
  /** 32 bits; left out: it has none. */
  readonly key?: number
}
/** RFC 8926, a frame inside. `vni` of 24 bits. */
export interface Geneve {
  readonly kind: 'geneve'
  readonly vni: number
  /** The C bit: an option that it has must not be passed by. Linux leaves it out also where one says so itself. */
  readonly critical?: boolean
  /** Raw option bytes, a multiple of 4 up to 252; left out when there are none. */
  readonly options?: Bytes
}

/** Any header that can stand in a packet. */
export type Header = Ethernet | Arp | IpHeader | Icmp | Udp | Tcp | Vxlan | Vlan | Gre | Geneve
/** What a header says it is. */
export type HeaderKind = Header['kind']
/** What is behind the link's own header, of either family: IPv4 today, IPv6 would join here. */
export type Ip = IpHeader
/** The header of one kind. */
export type HeaderOf<K extends HeaderKind> = Extract<Header, { kind: K }>

/** Headers outermost first, then opaque bytes. Never changed in place. */
export interface Packet {
  readonly headers: readonly Header[]
  readonly payload: Bytes
}

/** TCP's flags by their bits in byte 13 (RFC 9293, 3.1). */
export const FIN = 1,
  SYN = 2,
  RST = 4,
  PSH = 8,
  ACK = 16
/** IP protocol numbers (IANA), by their names in /etc/protocols. */
export const PROTO = { icmp: 1, ipencap: 4, tcp: 6, udp: 17, gre: 47 } as const
/** A protocol that connection tracking and AWS's rules know by its number. */
export type IpProto = keyof typeof PROTO
/** Bytes in front of what a datagram or an ICMP message carries: IPv4 without options, and the 8 of UDP or ICMP. */
export const DATAGRAM_HEADERS = 20 + 8
/** A payload with nothing in it. */
export const NO_BYTES: Bytes = new Uint8Array(0)
/** UDP ports whose payload is known to be a packet: Linux and flannel VXLAN, IANA VXLAN, flannel udp. */
export const VXLAN_PORTS: readonly number[] = [8472, 4789]
/** IANA's port for Geneve. */
export const GENEVE_PORT = 6081
/** Where flanneld's udp backend listens. */
export const FLANNEL_UDP_PORT = 8285

/** The outermost header of a kind, if there is one. */
export function find<K extends HeaderKind>(p: Packet, kind: K): HeaderOf<K> | undefined {
  const { headers } = p
  for (let i = 0; i < headers.length; i += 1)
    if (headers[i]!.kind === kind) return headers[i] as HeaderOf<K>
  return undefined
}

/** The outermost IP header, if there is one. */
export function ipOf(p: Packet): Ip | undefined {
  return find(p, 'ipv4')
}

/** Is this header one of IP? */
export function isIp(h: Header | undefined): h is Ip {
  return h?.kind === 'ipv4'
}

/** What the network changes of an IP header. */
export type IpChange = Partial<Pick<Ip, 'src' | 'dst' | 'ttl'>>

/** The header of a datagram in one piece, without options. */
export function wholeIp(h: Pick<Ip, 'src' | 'dst' | 'ttl' | 'id' | 'df' | 'tos' | 'proto'>): Ip {
  return {
    kind: 'ipv4',
    src: h.src,
    dst: h.dst,
    ttl: h.ttl,
    id: h.id,
    df: h.df,
    mf: false,
    offset: 0,
    tos: h.tos,
    proto: h.proto,
  }
}

/** The packet with fields of its outermost IP header changed. Throws RangeError if it has none. */
export function rewriteIp(p: Packet, change: IpChange): Packet {
  const headers = p.headers.slice()
  for (let i = 0; i < headers.length; i += 1) {
    const h = headers[i]!
    if (h.kind !== 'ipv4') continue
    // Every router does this: a spread takes twice as long.
    const { id, df, mf, offset, tos, proto } = h
    const { src = h.src, dst = h.dst, ttl = h.ttl } = change
    const made: Ip = { kind: 'ipv4', src, dst, ttl, id, df, mf, offset, tos, proto }
    headers[i] = h.options === undefined ? made : { ...made, options: h.options }
    return { headers, payload: p.payload }
  }
  throw new RangeError('no IP header to rewrite')
}

/** The packet within these headers, the outermost named first. */
export function push(p: Packet, ...outermostFirst: Header[]): Packet {
  const { headers, payload } = p
  // Mostly one header comes before two.
  return outermostFirst.length === 1 && headers.length === 2
    ? { headers: [outermostFirst[0]!, headers[0]!, headers[1]!], payload }
    : { headers: [...outermostFirst, ...headers], payload }
}

/** The packet without its `n` outermost headers. */
export function pop(p: Packet, n = 1): Packet {
  return { headers: p.headers.slice(n), payload: p.payload }
}

/** The packet with one field set of its outermost header of that kind changed. Throws if it has none. */
export function rewrite<K extends HeaderKind>(
  p: Packet,
  kind: K,
  change: Partial<HeaderOf<K>>,
): Packet {
  let at = p.headers.length - 1
  for (let i = 0; i < p.headers.length; i += 1)
    if (p.headers[i]!.kind === kind) {
      at = i
      break
    }
  if (p.headers[at]?.kind !== kind) throw new RangeError(`no ${kind} header to rewrite`)
  const headers = p.headers.slice()
  headers[at] = { ...headers[at], ...change } as Header
  return { headers, payload: p.payload }
}

const OPTION_BYTES = {
  mss: 4,
  'sack-permitted': 2,
  nop: 1,
  timestamps: 10,
  'window-scale': 3,
} as const

/** Encoded length of one header in bytes, options included. */
export function headerLength(h: Header): number {
  // Asked at every hop: a row of comparisons is faster than a table by kind.
  const { kind } = h
  if (kind === 'ipv4') return h.options === undefined ? 20 : 20 + h.options.length
  if (kind === 'ethernet') return 14
  if (kind === 'tcp') return tcpLength(h)
  if (kind === 'udp' || kind === 'icmp') return 8
  if (kind === 'gre') return 4 + (h.checksum ? 4 : 0) + (h.key === undefined ? 0 : 4)
  if (kind === 'geneve') return 8 + (h.options?.length ?? 0)
  return kind === 'arp' ? 28 : kind === 'vlan' ? 4 : 8
}

function tcpLength(h: Tcp): number {
  let n = 20
  for (const o of h.options)
    n +=
      o.kind === 'other'
        ? o.bytes.length
        : o.kind === 'sack'
          ? 2 + 8 * o.blocks.length
          : OPTION_BYTES[o.kind]
  return n
}

/** Length of the whole packet in bytes, as a capture shows it. */
export function size(p: Packet): number {
  const { headers } = p
  let n = p.payload.length
  for (let i = 0; i < headers.length; i += 1) n += headerLength(headers[i]!)
  return n
}

/** Length from the outermost IPv4 header on: what an MTU is compared with. A tag is not in it: the kernel keeps it beside the frame (skb->vlan_tci). */
export function ipLength(p: Packet): number {
  const [first, tag] = p.headers
  if (first === undefined || first.kind !== 'ethernet') return size(p)
  return size(p) - (tag !== undefined && tag.kind === 'vlan' ? 18 : 14)
}
