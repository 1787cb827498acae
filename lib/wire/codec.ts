import type { Bytes } from './addr.ts'
import { LAYOUT as ARP, parse as parseArp, write as writeArp } from './arp.ts'
import { checksum, finish, sum16 } from './checksum.ts'
import {
  ETHERTYPE,
  LAYOUT as ETHERNET,
  parse as parseEthernet,
  write as writeEthernet,
} from './ethernet.ts'
import { LAYOUT as GENEVE, parse as parseGeneve, write as writeGeneve } from './geneve.ts'
import { INSIDE, LAYOUT as GRE, parse as parseGre, write as writeGre } from './gre.ts'
import { LAYOUT as ICMP, parse as parseIcmp, write as writeIcmp } from './icmp.ts'
import {
  LAYOUT as IPV4,
  parse as parseIpv4,
  pseudo,
  totalLength,
  write as writeIpv4,
} from './ipv4.ts'
import { spansOf, type Layout, type Span } from './layout.ts'
import {
  FLANNEL_UDP_PORT,
  GENEVE_PORT,
  headerLength,
  PROTO,
  size,
  VXLAN_PORTS,
  type Header,
  type HeaderKind,
  type Packet,
} from './packet.ts'
import { LAYOUT as TCP, parse as parseTcp, write as writeTcp } from './tcp.ts'
import { LAYOUT as UDP, parse as parseUdp, write as writeUdp } from './udp.ts'
import { LAYOUT as VLAN, parse as parseVlan, TAG, write as writeVlan } from './vlan.ts'
import { LAYOUT as VXLAN, parse as parseVxlan, write as writeVxlan } from './vxlan.ts'

export type { Span } from './layout.ts'
/** The RFC's box of each header: fields in order with their width in bits. A reader may lay one over the bytes from that header's first on. */
export const LAYOUTS: { readonly [K in HeaderKind]: Layout } = {
  ethernet: ETHERNET,
  arp: ARP,
  ipv4: IPV4,
  icmp: ICMP,
  udp: UDP,
  tcp: TCP,
  vxlan: VXLAN,
  gre: GRE,
  geneve: GENEVE,
  vlan: VLAN,
}

// A walk asks for the bytes of one packet at several hops in a row, and of packets that differ in their outer headers only: the last few are kept. (A WeakMap costs the collector more than encoding again.)
/** A power of two. */
const KEPT = 16
interface Encoded {
  packet: Packet | null
  bytes: Bytes
}
const recent: Encoded[] = Array.from({ length: KEPT }, () => ({
  packet: null,
  bytes: new Uint8Array(0),
}))
let oldest = 0
// Frames are cut from larger buffers: an ArrayBuffer of its own for each costs more than its bytes. A buffer is never used twice, so it is zero.
const SLAB = 16_384
let slab = new ArrayBuffer(SLAB)
let used = 0

function room(bytes: number): Bytes {
  if (bytes > SLAB / 4) return new Uint8Array(bytes)
  if (used + bytes > SLAB) {
    slab = new ArrayBuffer(SLAB)
    used = 0
  }
  const b = new Uint8Array(slab, used, bytes)
  used += bytes
  return b
}

/** The packet's bytes: lengths, checksums and EtherTypes derived from the stack. A view into a larger buffer, perhaps shared with the next caller for the same packet: do not change it.
 *  Throws RangeError naming header, field and value if a value does not fit its bits. */
export function encode(p: Packet): Bytes {
  // The newest first.
  for (let back = 1; back <= KEPT; back += 1) {
    const known = recent[(oldest - back) & (KEPT - 1)]!
    if (known.packet === p) return known.bytes
  }
  const total = size(p)
  const b = room(total)
  const { headers, payload } = p
  const like = newestLike(p)
  let i = headers.length - 1
  let at = total - payload.length
  if (like === null) b.set(payload, at)
  else {
    for (let same = sameInside(like.packet!, p); same > 0; same -= 1) {
      at -= headerLength(headers[i]!)
      i -= 1
    }
    copy(like.bytes, like.bytes.length - total, b, at)
  }
  // Innermost first, so that a checksum covers what is already there.
  for (; i >= 0; i -= 1) {
    const h = headers[i]!
    at -= headerLength(h)
    writeHeader(h, headers[i - 1], headers[i + 1], b, at, total)
  }
  const slot = recent[oldest]!
  slot.packet = p
  slot.bytes = b
  oldest = (oldest + 1) % KEPT
  return b
}

/** Of the last few packets the newest that has payload and innermost headers in common with this one; null if none has. */
function newestLike(p: Packet): Encoded | null {
  for (let back = 1; back <= KEPT; back += 1) {
    const known = recent[(oldest - back) & (KEPT - 1)]!
    const { packet } = known
    if (packet !== null && packet.payload === p.payload && sameInside(packet, p) > 0) return known
  }
  return null
}

/** How many headers, innermost first, two packets with the same payload share with all that is derived of them: a checksum over addresses needs the same ones around it. */
function sameInside({ headers: a }: Packet, { headers: b }: Packet): number {
  const most = Math.min(a.length, b.length)
  let same = 0
  while (same < most && a[a.length - 1 - same] === b[b.length - 1 - same]) same += 1
  if (same === 0) return 0
  const outermost = a[a.length - same]!.kind
  const covers = outermost === 'tcp' || outermost === 'udp'
  return covers && !sameEnds(a[a.length - 1 - same], b[b.length - 1 - same]) ? same - 1 : same
}

/** Do these give a checksum the same pseudo header? */
function sameEnds(a: Header | undefined, b: Header | undefined): boolean {
  return a?.kind === 'ipv4' && b?.kind === 'ipv4'
    ? a.src === b.src && a.dst === b.dst && a.proto === b.proto
    : a?.kind !== 'ipv4' && b?.kind !== 'ipv4'
}

/** The bytes of `to` from `start` on, as they stand in `from` so far from its end. */
function copy(from: Bytes, shift: number, to: Bytes, start: number): void {
  for (let at = start; at < to.length; at += 1) to[at] = from[at + shift]!
}

function writeHeader(
  h: Header,
  outer: Header | undefined,
  inner: Header | undefined,
  b: Bytes,
  at: number,
  end: number,
): void {
  switch (h.kind) {
    case 'ethernet':
      return writeEthernet(h, b, at, etherType(inner))
    case 'vlan':
      writeVlan(h, b, at)
      return put(b, at + 2, etherType(inner))
    case 'arp':
      return writeArp(h, b, at)
    case 'ipv4':
      return writeIpv4(h, b, at, end - at)
    case 'vxlan':
      return writeVxlan(h, b, at)
    case 'gre':
      return writeGre(h, b, {
        at,
        end,
        protocol: inner?.kind === 'ethernet' ? INSIDE.ethernet : INSIDE.ipv4,
      })
    case 'geneve':
      return writeGeneve(h, b, at)
    case 'icmp':
      writeIcmp(h, b, at)
      return put(b, at + 2, checksum(b, at, end))
    case 'tcp':
      writeTcp(h, b, at)
      return put(b, at + 16, overPseudo(outer, b, at, end))
    case 'udp': {
      writeUdp(h, b, at, end - at)
      // RFC 768: a computed zero is sent as all ones, since zero means "none".
      if (h.nocheck !== true) put(b, at + 6, overPseudo(outer, b, at, end) || 0xffff)
    }
  }
}

function etherType(inner: Header | undefined): number {
  const kind = inner?.kind
  return kind === 'arp' ? ETHERTYPE.arp : kind === 'vlan' ? ETHERTYPE.vlan : ETHERTYPE.ipv4
}

function overPseudo(outer: Header | undefined, b: Bytes, at: number, end: number): number {
  return finish(sum16(b, at, end, outer?.kind === 'ipv4' ? pseudo(outer, end - at) : 0))
}

function put(b: Bytes, at: number, v: number): void {
  b[at] = v >>> 8
  b[at + 1] = v & 255
}

/** Read bytes as a stack of headers; what cannot be read further is payload, so any bytes give an answer.
 *  Ethernet padding is left out. Fragments keep their payload opaque. What a header value cannot say (wrong checksums, reserved bits,
 *  the urgent pointer, a foreign EtherType) is in the spans only, so writing such a packet again gives other bytes. */
export function dissect(
  bytes: Bytes,
  first: 'ethernet' | 'ipv4' = 'ethernet',
): { readonly packet: Packet; readonly spans: readonly Span[] } {
  const headers: Header[] = []
  const spans: Span[] = []
  let at = 0
  let end = bytes.length
  let next: HeaderKind | null = first
  while (next !== null) {
    const kind: HeaderKind = next
    const h = parseHeader(kind, bytes.subarray(0, end), at)
    if (h === null) break
    if (h.kind === 'ipv4') {
      const said = totalLength(bytes, at)
      if (said < headerLength(h)) break
      if (at + said < end) end = at + said
    }
    // What stands behind an ARP packet is Ethernet padding.
    if (h.kind === 'arp') end = at + headerLength(h)
    spans.push(...spansOf(kind, LAYOUTS[kind], bytes, at, headers.length))
    headers.push(h)
    next = follows(h, bytes.subarray(0, end), at)
    at += headerLength(h)
  }
  return { packet: { headers, payload: bytes.slice(at, end) }, spans }
}

function parseHeader(kind: HeaderKind, b: Bytes, at: number): Header | null {
  switch (kind) {
    case 'ethernet':
      return b.length < at + 14 ? null : parseEthernet(b, at)
    case 'arp':
      return parseArp(b, at)
    case 'ipv4':
      return parseIpv4(b, at)
    case 'icmp':
      return parseIcmp(b, at)
    case 'udp':
      return parseUdp(b, at)
    case 'tcp':
      return parseTcp(b, at)
    case 'vxlan':
      return parseVxlan(b, at)
    case 'gre':
      return parseGre(b, at)
    case 'geneve':
      return parseGeneve(b, at)
    case 'vlan':
      return parseVlan(b, at)
  }
}

/** What is behind an IP header, by its protocol number. */
const BEHIND_IP: { readonly [proto: number]: HeaderKind } = {
  [PROTO.icmp]: 'icmp',
  [PROTO.ipencap]: 'ipv4',
  [PROTO.tcp]: 'tcp',
  [PROTO.udp]: 'udp',
  [PROTO.gre]: 'gre',
}

/** What a header says comes behind it; null for payload. */
function follows(h: Header, b: Bytes, at: number): HeaderKind | null {
  if (h.kind === 'ethernet') return behindType(b, at + 12)
  if (h.kind === 'vlan') return behindType(b, at + 2)
  if (h.kind === 'ipv4') {
    if (h.mf || h.offset > 0) return null
    return BEHIND_IP[h.proto] ?? null
  }
  if (h.kind === 'udp') return behindUdp(h.dport, b, at + 8)
  if (h.kind === 'gre') {
    const protocol = (b[at + 2]! << 8) | b[at + 3]!
    return protocol === INSIDE.ipv4 ? 'ipv4' : protocol === INSIDE.ethernet ? 'ethernet' : null
  }
  return h.kind === 'vxlan' || h.kind === 'geneve' ? 'ethernet' : null
}

/** What is in a datagram to a tunnel's port. A port alone proves nothing, and garbage is better shown as payload. */
function behindUdp(port: number, b: Bytes, at: number): HeaderKind | null {
  if (port === FLANNEL_UDP_PORT) return 'ipv4'
  if (VXLAN_PORTS.includes(port))
    return parseVxlan(b, at) !== null && isFrame(b, at + 8) ? 'vxlan' : null
  const h = port === GENEVE_PORT ? parseGeneve(b, at) : null
  return h !== null && isFrame(b, at + headerLength(h)) ? 'geneve' : null
}

/** What the EtherType at `at` says. */
function behindType(b: Bytes, at: number): 'ipv4' | 'arp' | 'vlan' | null {
  const type = (b[at]! << 8) | b[at + 1]!
  if (type === ETHERTYPE.ipv4) return 'ipv4'
  return type === ETHERTYPE.arp ? 'arp' : type === ETHERTYPE.vlan ? 'vlan' : null
}

/** Is there a frame that can be read on? */
function isFrame(b: Bytes, at: number): boolean {
  if (b.length < at + 14) return false
  let [inside, type] = [at + 14, behindType(b, at + 12)]
  for (; type === 'vlan' && b.length >= inside + TAG; inside += TAG)
    type = behindType(b, inside + 2)
  if (type === 'arp') return parseArp(b, inside) !== null
  const ip = type === 'ipv4' ? parseIpv4(b, inside) : null
  return ip !== null && totalLength(b, inside) >= headerLength(ip)
}
