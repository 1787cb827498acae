import { fromNumber, type Bytes } from './addr.ts'
import { checksum, finish, sum16 } from './checksum.ts'
import { encode, dissect } from './codec.ts'
import { pseudo, totalLength } from './ipv4.ts'
import {
  DATAGRAM_HEADERS,
  headerLength,
  PROTO,
  type Header,
  type IpHeader,
  type Packet,
} from './packet.ts'

/** An ICMP error is at most 576 bytes in all (RFC 1812 4.3.2.3): so many are left for the quote. */
export const MOST_QUOTED = 576 - DATAGRAM_HEADERS

/** The first bytes of an IP packet, as an ICMP error carries them. */
export function quote(p: Packet, max: number): Bytes {
  const at = p.headers[0]?.kind === 'ethernet' ? 14 : 0
  return encode(p).slice(at, at + max)
}

/** Read a quoted packet, which may be cut short: at least its IPv4 header, and ports or echo id if they are there. Never throws. */
export function parseQuote(bytes: Bytes): Packet {
  const { packet } = dissect(bytes, 'ipv4')
  const ip = packet.headers[0]
  if (ip?.kind !== 'ipv4' || packet.headers.length > 1) return packet
  const b = packet.payload
  const word = (i: number): number => ((b[i] ?? 0) << 8) | (b[i + 1] ?? 0)
  if (ip.mf && ip.offset === 0) {
    const whole = dissect(encode({ headers: [{ ...ip, mf: false }], payload: b }), 'ipv4').packet
    if (whole.headers.length > 1)
      return { headers: [ip, ...whole.headers.slice(1)], payload: whole.payload }
  }
  if (b.length < 4 || ip.offset > 0) return packet
  if (ip.proto === PROTO.tcp)
    return {
      headers: [
        ip,
        {
          kind: 'tcp',
          sport: word(0),
          dport: word(2),
          seq: b.length >= 8 ? (word(4) * 65536 + word(6)) >>> 0 : 0,
          ack: 0,
          flags: 0,
          window: 0,
          options: [],
        },
      ],
      payload: new Uint8Array(0),
    }
  if (ip.proto === PROTO.udp)
    return {
      headers: [ip, { kind: 'udp', sport: word(0), dport: word(2) }],
      payload: new Uint8Array(0),
    }
  return packet
}

const FLAGS = 'FSRPAUEC'
const ICMP_NAMES: Readonly<Record<string, string>> = {
  '0/0': 'echo-reply',
  '8/0': 'echo-request',
  '11/0': 'ttl-exceeded',
  '11/1': 'frag-reassembly-exceeded',
  '3/0': 'net-unreachable',
  '3/1': 'host-unreachable',
  '3/2': 'proto-unreachable',
  '3/3': 'port-unreachable',
  '3/4': 'frag-needed',
  '3/9': 'net-prohibited',
  '3/10': 'host-prohibited',
  '3/13': 'admin-prohibited',
  '5/0': 'redirect-net',
  '5/1': 'redirect-host',
}
export type Layer = { readonly type: string } & Readonly<Record<string, unknown>>

/** A packet as a list of layers with their derived fields, outermost first: what `--json` prints. */
export function layers(p: Packet): Layer[] {
  const b = encode(p)
  const out: Layer[] = []
  let at = 0
  let ip: IpHeader | null = null
  let end = b.length
  p.headers.forEach((h, i) => {
    if (h.kind === 'ipv4') {
      ip = h
      end = at + totalLength(b, at)
    }
    if (h.kind === 'ipv4' && p.headers[i - 1]?.kind === 'udp') out.push({ type: 'flannel-udp' })
    out.push(layer(h, { b, at, end }, ip))
    at += headerLength(h)
  })
  const lastHeader = p.headers[p.headers.length - 1]
  if (lastHeader?.kind === 'ipv4' && (lastHeader.mf || lastHeader.offset > 0)) {
    if (lastHeader.offset === 0 && lastHeader.proto === PROTO.udp && p.payload.length >= 8)
      out.push({
        type: 'udp',
        sport: (b[at]! << 8) | b[at + 1]!,
        dport: (b[at + 2]! << 8) | b[at + 3]!,
        len: (b[at + 4]! << 8) | b[at + 5]!,
        csum: b[at + 6] === 0 && b[at + 7] === 0 ? 'zero' : 'fragment',
      })
    out.push({ type: 'fragment', len: p.payload.length })
  } else if (lastHeader?.kind === 'udp' || lastHeader?.kind === 'ipv4')
    out.push({ type: 'payload', len: p.payload.length })
  return out
}

/** Where a header stands: from `at`, and what it is about up to `end`. */
interface Stand {
  readonly b: Bytes
  readonly at: number
  readonly end: number
}

function layer(h: Header, stand: Stand, ip: IpHeader | null): Layer {
  const { b, at, end } = stand
  switch (h.kind) {
    case 'ethernet':
      return {
        type: 'ethernet',
        src: h.src,
        dst: h.dst,
        ethertype: `0x${(((b[at + 12] ?? 0) << 8) | (b[at + 13] ?? 0)).toString(16).padStart(4, '0')}`,
      }
    case 'arp':
      return { type: 'arp', op: h.op, sha: h.sha, spa: h.spa, tha: h.tha, tpa: h.tpa }
    case 'ipv4':
      return {
        type: 'ipv4',
        src: h.src,
        dst: h.dst,
        ttl: h.ttl,
        id: h.id,
        proto: h.proto,
        total_len: totalLength(b, at),
        df: h.df,
        mf: h.mf,
        frag_off: h.offset,
        tos: h.tos,
        ihl: headerLength(h),
        ...ipChecksum(b, at, headerLength(h)),
      }
    case 'udp':
      return {
        type: 'udp',
        sport: h.sport,
        dport: h.dport,
        len: end - at,
        csum: h.nocheck === true ? 'zero' : l4(ip, stand),
      }
    case 'tcp': {
      const mss = h.options.find((o) => o.kind === 'mss')
      return {
        type: 'tcp',
        sport: h.sport,
        dport: h.dport,
        flags: Array.from(FLAGS)
          .filter((_, i) => h.flags & (1 << i))
          .join(''),
        seq: h.seq,
        ack: h.ack,
        hdr_len: headerLength(h),
        data_len: end - at - headerLength(h),
        window: h.window,
        ...(mss?.kind === 'mss' ? { mss: mss.value } : {}),
        csum: l4(ip, stand),
      }
    }
    case 'vxlan':
      return {
        type: 'vxlan',
        flags: `0x${h.flags.toString(16).padStart(2, '0')}`,
        vni: h.vni,
        reserved: '00000000',
      }
    case 'vlan':
      return { type: 'vlan', id: h.vid, pcp: h.pcp, dei: h.dei }
    case 'gre':
      return {
        type: 'gre',
        flags: `0x${word(b, at).toString(16).padStart(4, '0')}`,
        protocol: `0x${word(b, at + 2)
          .toString(16)
          .padStart(4, '0')}`,
        ...(h.key === undefined ? {} : { key: h.key }),
        ...(h.checksum ? { csum: checksum(b, at, end) === 0 ? 'ok' : 'bad' } : {}),
      }
    case 'geneve':
      return {
        type: 'geneve',
        vni: h.vni,
        ...(h.critical === true ? { critical: true } : {}),
        ...(h.options === undefined ? {} : { options: toHex(h.options) }),
      }
    case 'icmp':
      return icmpLayer(h, stand)
  }
}

function icmpLayer(h: Extract<Header, { kind: 'icmp' }>, { b, at, end }: Stand): Layer {
  const echo = h.type === 0 || h.type === 8
  const error = [3, 5, 11, 12].includes(h.type)
  return {
    type: 'icmp',
    icmp_type: h.type,
    code: h.code,
    name: ICMP_NAMES[`${h.type}/${h.code}`] ?? '?',
    ...(echo ? { id: h.rest >>> 16, seq: h.rest & 0xffff } : {}),
    ...(h.type === 3 && h.code === 4 ? { mtu: h.rest & 0xffff } : {}),
    ...(h.type === 5 ? { gateway: fromNumber(h.rest) } : {}),
    len: end - at,
    csum: checksum(b, at, end) === 0 ? 'ok' : 'bad',
    ...(error ? { quotes: quotedLayers(b.subarray(at + 8, end)) } : {}),
  }
}

/** The quoted packet with the lengths and IPv4 checksums it was quoted with; checksums over what was cut off cannot be judged. */
function quotedLayers(bytes: Bytes): Layer[] {
  const p = parseQuote(bytes)
  const quoted = layers(p).filter((x) => x.type !== 'payload')
  let at = 0
  for (const h of p.headers) {
    const i = quoted.findIndex((x) => x.type === h.kind && !('quotedAt' in x))
    if (i >= 0) quoted[i] = { ...asQuoted(quoted[i]!, h, bytes.subarray(at)), quotedAt: at }
    at += headerLength(h)
  }
  return quoted.map(({ quotedAt: _, ...x }) => x as Layer)
}

/** `bytes` begin with the header. */
function asQuoted(x: Layer, h: Header, bytes: Bytes): Layer {
  if (h.kind === 'ipv4')
    return { ...x, total_len: totalLength(bytes, 0), ...ipChecksum(bytes, 0, headerLength(h)) }
  const { csum: _csum, len: _len, data_len: _data, window: _window, ...rest } = x
  return h.kind === 'udp' && bytes.length >= 6
    ? ({ ...rest, len: word(bytes, 4) } as Layer)
    : (rest as Layer)
}

/** The header checksum as it stands, and whether it is right. */
function ipChecksum(
  b: Bytes,
  at: number,
  length: number,
): { checksum: string; csum: 'ok' | 'bad' } {
  return {
    checksum: `0x${word(b, at + 10)
      .toString(16)
      .padStart(4, '0')}`,
    csum: checksum(b, at, at + length) === 0 ? 'ok' : 'bad',
  }
}

const toHex = (b: Bytes): string => Array.from(b, (x) => x.toString(16).padStart(2, '0')).join('')

function word(b: Bytes, at: number): number {
  return ((b[at] ?? 0) << 8) | (b[at + 1] ?? 0)
}

function l4(ip: IpHeader | null, { b, at, end }: Stand): 'ok' | 'bad' {
  return ip !== null && finish(sum16(b, at, end, pseudo(ip, end - at))) === 0 ? 'ok' : 'bad'
}
