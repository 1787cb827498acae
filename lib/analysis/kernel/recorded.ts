import { size, SYN, type Packet } from '#lib/wire/packet.ts'
import { finish, sum16 } from '#lib/wire/checksum.ts'
import { dissect, encode } from '#lib/wire/codec.ts'
import { layers, type Layer } from '#lib/wire/quote.ts'
import type { Frame } from '#lib/trace/walk.ts'
import {
  bytesOf,
  type CapturedFrame,
  type CapturedLayer,
  type OurFrame,
  type RawFrame,
} from '#lib/analysis/read/frames.ts'
import { text } from './agree-tcp.ts'

/* Frames in the words of the recordings, a walk's and a kernel's alike, so that they can be compared field by field. */

type Plain = Readonly<Record<string, unknown>>
/** What the recording leaves out because it is usual. */
const USUAL: Readonly<Record<string, Plain>> = {
  eth: { ethertype: '0x0800' },
  ipv4: { df: false, mf: false, frag_off: 0, tos: 0, ihl: 20, csum: 'ok' },
  udp: { csum: 'ok' },
  tcp: { csum: 'ok', data_len: 0 },
  icmp: { csum: 'ok' },
  vxlan: { reserved: '00000000' },
}
/** What our layers say beyond the recording. */
const BEYOND: Readonly<Record<string, readonly string[]>> = { ipv4: ['checksum'], tcp: ['window'] }

type Seen = Pick<Frame, 'in' | 'dev' | 'dir' | 'to' | 'packet'>

/** Captures of walks in the recording's words. TCP numbers are relative to the first of their byte stream, as there: NAT leaves them alone. */
export function asCaptured(walks: readonly (readonly Frame[])[]): OurFrame[] {
  const isns = new Set<number>()
  return walks.flatMap((frames, walk) => frames.map((f) => ({ ...inWords(f, isns), walk })))
}

/** The frames of one walk with what the recordings leave out: payload bytes, and which options TCP carries. */
export function wholeOurs(frames: readonly Frame[]): OurFrame[] {
  const isns = new Set<number>()
  return frames.map((f) => {
    const whole = f.packet.headers.length > 0 ? f.packet : padded(f.packet.payload, 'ipv4').packet
    const w = inWords({ ...f, packet: whole }, isns)
    return {
      ...w,
      len: size(f.packet),
      layers: [
        ...optioned(w.layers, whole, isns),
        ...data(whole),
        ...(whole === f.packet ? [] : [CUT]),
      ],
      walk: 0,
    }
  })
}

const CUT: CapturedLayer = { type: 'cut' }

/** A bare IP packet shorter than its header says is read as if zeros followed: so what is there can be compared. Its L4 checksum, in bytes 20 to 39, was made of what is gone. */
function padded(
  bytes: Uint8Array,
  first: 'ethernet' | 'ipv4',
): { readonly bytes: Uint8Array; readonly packet: Packet; readonly cut: boolean } {
  const said = first === 'ipv4' && bytes.length >= 20 ? bytes[2]! * 256 + bytes[3]! : 0
  const whole = said > bytes.length ? new Uint8Array(said) : bytes
  if (whole !== bytes) whole.set(bytes)
  return { bytes: whole, packet: dissect(whole, first).packet, cut: whole !== bytes }
}

/** The kernel's frames in the same words. A frame that cannot be read and written back byte for byte is one layer of bytes, which agrees with nothing. */
export function wholeKernels(
  frames: readonly RawFrame[],
  bare: (ns: string, dev: string) => boolean,
): CapturedFrame[] {
  const isns = new Set<number>()
  return frames.map((f) => {
    const read = bytesOf(f)
    const { bytes, packet, cut } = padded(read, bare(f.in, f.dev) ? 'ipv4' : 'ethernet')
    const again = encode(packet)
    const at = unfinished(bytes, bare(f.in, f.dev) ? 0 : 14)
    const lossless =
      f.len === read.length &&
      again.length === bytes.length &&
      again.every(
        (x, i) => x === bytes[i] || (cut && i >= 20 && i < 40) || i === at || i - 1 === at,
      )
    const words = inWords({ ...f, packet }, isns)
    const w =
      at === null
        ? words
        : {
            ...words,
            layers: words.layers.map((x) =>
              x.type === 'tcp' || x.type === 'udp' ? { ...x, csum: 'unfinished' } : x,
            ),
          }
    return lossless
      ? {
          ...w,
          len: f.len,
          layers: [...optioned(w.layers, packet, isns), ...data(packet), ...(cut ? [CUT] : [])],
        }
      : { ...w, len: f.len, layers: [{ type: 'bytes', hex: f.hex }] }
  })
}

/** Where an L4 checksum stands that is only the sum of its pseudo header: the device was to finish it (CHECKSUM_PARTIAL; lo never does). Null: nowhere. */
function unfinished(bytes: Uint8Array, at: number): number | null {
  const l4 = at + (bytes[at]! & 15) * 4
  const proto = bytes[at + 9]
  const field = proto === 17 ? l4 + 6 : proto === 6 ? l4 + 16 : null
  if (field === null || bytes[at]! >>> 4 !== 4 || field + 1 >= bytes.length) return null
  const sum =
    0xffff -
    finish(
      sum16(bytes, at + 12, at + 20, proto! + bytes[at + 2]! * 256 + bytes[at + 3]! - (l4 - at)),
    )
  return bytes[field]! * 256 + bytes[field + 1]! === sum ? field : null
}

function inWords(f: Seen, isns: Set<number>): CapturedFrame {
  return {
    ns: f.in,
    iface: f.dev,
    dir: f.dir,
    ...(f.dir === 'in' && f.to !== null ? { to: f.to } : {}),
    len: size(f.packet),
    layers: worded(layers(f.packet), isns),
  }
}

/** With what the recordings leave out: which options there are, a SYN's window, SACK blocks, and what tells the time. */
function optioned(
  list: readonly CapturedLayer[],
  p: Packet,
  isns: ReadonlySet<number>,
): CapturedLayer[] {
  const tcp = p.headers.find((h) => h.kind === 'tcp')
  if (tcp === undefined) return [...list]
  const syn = (tcp.flags & SYN) !== 0
  const sack = tcp.options.flatMap((o) =>
    o.kind === 'sack' ? o.blocks.map((b) => b.map((x) => fromStart(x, isns)).join(':')) : [],
  )
  const clock = [
    ...(syn ? [] : [tcp.window]),
    ...tcp.options.flatMap((o) =>
      o.kind === 'timestamps' ? [o.value, o.echo] : o.kind === 'window-scale' ? [o.shift] : [],
    ),
  ]
  const more = {
    options: tcp.options.map((o) => o.kind).join(' '),
    clock: clock.join(' '),
    ...(syn ? { window: tcp.window } : {}),
    ...(sack.length > 0 ? { sack: sack.join(' ') } : {}),
  }
  return list.map((x) => (x.type === 'tcp' ? { ...x, ...more } : x))
}

/** The payload of an echo, a datagram or a segment; an ICMP error's is its quote. */
function data(p: Packet): CapturedLayer[] {
  const last = p.headers.at(-1)
  const carries =
    last?.kind === 'udp' ||
    last?.kind === 'tcp' ||
    (last?.kind === 'icmp' && (last.type === 0 || last.type === 8))
  return carries && p.payload.length > 0
    ? [
        {
          type: 'data',
          hex: Array.from(p.payload, (x) => x.toString(16).padStart(2, '0')).join(''),
        },
      ]
    : []
}

function worded(list: readonly Layer[], isns: Set<number>): CapturedLayer[] {
  return list
    .filter((x) => x.type !== 'payload' || x.len !== 0)
    .map((x) => {
      const type = x.type === 'ethernet' ? 'eth' : x.type
      const out: Record<string, unknown> = {}
      for (const [k, v] of Object.entries(x))
        if (!(BEYOND[type] ?? []).includes(k) && USUAL[type]?.[k] !== v) out[k] = v
      if (type === 'tcp' && typeof x.flags === 'string' && x.flags !== '') relative(out, x, isns)
      else if (type === 'tcp')
        for (const k of ['seq', 'ack', 'flags', 'hdr_len', 'mss']) delete out[k]
      if (Array.isArray(x.quotes)) out.quotes = worded(x.quotes as Layer[], isns)
      return { ...out, type }
    })
}

function relative(out: Record<string, unknown>, x: Layer, isns: Set<number>): void {
  const flags = x.flags as string
  if (flags.includes('S')) isns.add(x.seq as number)
  out.seq = fromStart(x.seq as number, isns)
  if (flags.includes('A')) out.ack = fromStart(x.ack as number, isns)
  else delete out.ack
}

/** The distance from the first number of its byte stream. The 0 of a reset is no number of a stream. */
function fromStart(v: number, isns: ReadonlySet<number>): number {
  if (v === 0) return 0
  const d = Math.min(2 ** 32, ...[...isns].map((isn) => (v - isn) >>> 0))
  return d < 2 ** 24 ? d : v
}

/** Is this layer an IP header? */
export const isIpLayer = (x: CapturedLayer): boolean => x.type === 'ipv4'

/** One line for a person. */
export function brief(f: CapturedFrame): string {
  const words = f.layers.map((x) => {
    switch (x.type) {
      case 'eth':
        return `${String(x.src)}>${String(x.dst)}`
      case 'arp':
        return `ARP ${String(x.op)} ${String(x.spa)}>${String(x.tpa)}`
      case 'ipv4':
        return [
          `${String(x.src)}>${String(x.dst)} ttl ${String(x.ttl)} len ${String(x.total_len)}`,
          ...(x.df === true ? ['DF'] : []),
          ...(x.mf === true || x.frag_off !== undefined ? [`frag ${text(x.frag_off) || '0'}`] : []),
        ].join(' ')
      case 'icmp':
        return `ICMP ${String(x.icmp_type)}/${String(x.code)}`
      case 'tcp':
        return `TCP ${String(x.sport)}>${String(x.dport)} ${String(x.flags)}`
      case 'udp':
        return `UDP ${String(x.sport)}>${String(x.dport)}`
      default:
        return x.type
    }
  })
  return `${f.ns}/${f.iface} ${f.dir}${f.to === undefined ? '' : ` (${f.to})`} ${f.len} ${words.join(' | ')}`
}
