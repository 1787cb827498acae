import { fromNumber, type Bytes } from '#lib/wire/addr.ts'
import { finish, sum16 } from '#lib/wire/checksum.ts'
import { dissect, encode, type Span } from '#lib/wire/codec.ts'
import { pseudo } from '#lib/wire/ipv4.ts'
import { headerLength, type Header, type HeaderKind, type Packet, isIp } from '#lib/wire/packet.ts'

/** One field of a packet as it stands in the bytes. `from` and `to` are byte offsets, `to` exclusive; fields of less than a byte share theirs. */
export interface Field {
  readonly header: number
  readonly kind: HeaderKind
  readonly name: string
  readonly from: number
  readonly to: number
  readonly text: string
  /** For checksums: does it hold over the bytes as they are? null for other fields, and for the UDP checksum that was not computed. */
  readonly right: boolean | null
  /** What stood here before the step; null if the same, or if the header is new. */
  readonly was: string | null
  /** The step before had no such header. */
  readonly fresh: boolean
}

const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR']
const hex = (n: number, digits: number): string => `0x${n.toString(16).padStart(digits, '0')}`
const mac = (n: number): string =>
  n
    .toString(16)
    .padStart(12, '0')
    .replace(/..(?=.)/g, '$&:')

function text({ kind, field: name, bits }: Span, value: number): string {
  if (bits === 48) return mac(value)
  if (bits === 32 && ['src', 'dst', 'spa', 'tpa'].includes(name)) return fromNumber(value)
  if (kind === 'tcp' && name === 'flags')
    return FLAGS.filter((_, i) => value & (1 << i)).join(' ') || 'none'
  if (kind === 'ipv4' && name === 'offset') return String(value * 8)
  if (name === 'ihl' || name === 'data_offset') return `${value} (${value * 4} bytes)`
  if (['checksum', 'type', 'ptype', 'tos'].includes(name) && kind !== 'icmp')
    return hex(value, bits / 4)
  if (name === 'checksum' || (name === 'rest' && kind === 'icmp')) return hex(value, bits / 4)
  if (name === 'flags') return hex(value, 2)
  return String(value)
}

/** Does the checksum of the header at byte `at` hold? Recomputed over the bytes, as a receiver does (RFC 1071). */
function holds(
  p: Packet,
  i: number,
  { bytes, at }: { readonly bytes: Bytes; readonly at: number },
): boolean | null {
  const h = p.headers[i]!
  if (isIp(h)) return finish(sum16(bytes, at, at + headerLength(h))) === 0
  if (h.kind === 'icmp') return finish(sum16(bytes, at, bytes.length)) === 0
  if (h.kind === 'udp' && h.nocheck === true) return null
  const outer = p.headers[i - 1]
  return isIp(outer)
    ? finish(sum16(bytes, at, bytes.length, pseudo(outer, bytes.length - at))) === 0
    : null
}

/** The fields of a packet in the order of its bytes, and what changed since `before` (the packet as the step found it), header by header from the innermost out. */
export function fieldsOf(packet: Packet, before: Packet | null = null): Field[] {
  const bytes = encode(packet)
  const old = before === null ? null : spans(before)
  const shift = before === null ? 0 : packet.headers.length - before.headers.length
  const now = spans(packet)
  const starts: number[] = []
  packet.headers.reduce((at, h) => {
    starts.push(at)
    return at + headerLength(h)
  }, 0)
  const fields = now.map((s): Field => {
    const there = before?.headers[s.header - shift]?.kind === s.kind
    const previous = there
      ? old?.find((o) => o.header === s.header - shift && o.field === s.field)
      : undefined
    const shown = text(s, s.value)
    return {
      header: s.header,
      kind: s.kind,
      name: s.field,
      from: s.bit >> 3,
      to: (s.bit + s.bits + 7) >> 3,
      text: shown,
      right:
        s.field === 'checksum' ? holds(packet, s.header, { bytes, at: starts[s.header]! }) : null,
      was: previous === undefined || previous.value === s.value ? null : text(s, previous.value),
      fresh: before !== null && !there,
    }
  })
  return packet.headers.flatMap((h, i) => {
    const own = fields.filter((f) => f.header === i)
    const end = starts[i]! + headerLength(h)
    const from = own.reduce((most, f) => Math.max(most, f.to), starts[i]!)
    const was = before?.headers[i - shift]
    return from >= end
      ? own
      : [
          ...own,
          {
            header: i,
            kind: h.kind,
            name: 'options',
            from,
            to: end,
            text: optionsOf(h),
            right: null,
            was: was?.kind !== h.kind || optionsOf(was) === optionsOf(h) ? null : optionsOf(was),
            fresh: before !== null && was?.kind !== h.kind,
          },
        ]
  })
}

/** What stands behind the fixed part of a header, in tcpdump's words where it is TCP. */
function optionsOf(h: Header): string {
  if (isIp(h)) return [...(h.options ?? [])].map((b) => b.toString(16).padStart(2, '0')).join(' ')
  if (h.kind !== 'tcp') return ''
  return h.options
    .map((o) => {
      switch (o.kind) {
        case 'mss':
          return `mss ${o.value}`
        case 'window-scale':
          return `wscale ${o.shift}`
        case 'timestamps':
          return `TS val ${o.value} ecr ${o.echo}`
        case 'sack':
          return `sack ${o.blocks.map(([a, b]) => `${a}:${b}`).join(' ')}`
        case 'sack-permitted':
          return 'sackOK'
        case 'nop':
          return 'nop'
        case 'other':
          return `option ${o.bytes[0] ?? 0}`
      }
    })
    .join(', ')
}

const spans = (p: Packet): ReturnType<typeof dissect>['spans'] =>
  dissect(encode(p), p.headers[0]?.kind === 'ethernet' ? 'ethernet' : 'ipv4').spans
