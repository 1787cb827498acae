import { size, SYN, type Packet } from '#lib/wire/packet.ts'
import { finish, sum16 } from '#lib/wire/checksum.ts'
import { dissect, encode } from '#lib/wire/codec.ts'
import { layers, type Layer } from '#lib/wire/quote.ts'
import type { Frame } from '#lib/trace/walk.ts'
import { LOCAL_PORTS } from '#lib/lookup/sysctl.ts'
import {
  bytesOf,
  type CapturedFrame,
  type CapturedLayer,
  type OurFrame,
  type RawFrame,
} from '#lib/analysis/read/frames.ts'
import { agree } from './words.ts'
import { endsOfWrites, text, unpushed } from './agree-tcp.ts'

/* The kernel's frames and a walk's, lined up and compared field by field. What may differ is listed here, each as narrow as it can be. */

/** What the sender chose itself. Every other id and port was chosen by the kernel. */
export interface Fixed {
  readonly ip_ids: readonly number[]
  readonly icmp_ids: readonly number[]
  readonly ports: readonly number[]
  /** False: the IP ids of a connection need not count up as the kernel's do. */
  readonly counted?: boolean
}

/** Where the engine need not give the kernel's number; lib/words says why, and what of the kernel's guarantees is demanded all the same. */
export const ALLOWANCES = [
  'ip-id',
  'vxlan-source-port',
  'nat-port',
  'icmp-id',
  'tcp-number',
  'tcp-clock',
  'tcp-push',
  'scheduling',
  'offload',
] as const
export type Allowance = (typeof ALLOWANCES)[number]

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

/** Two frames that stand for each other, or one that stands alone; what differs, in words. */
export interface Pair {
  readonly kernel: CapturedFrame | null
  readonly ours: OurFrame | null
  readonly differences: readonly string[]
}
export interface Comparison {
  readonly pairs: readonly Pair[]
  readonly differences: readonly string[]
  readonly used: ReadonlyMap<Allowance, number>
}

/** Frame by frame, field by field, in order. A difference says where, what the kernel showed and what we did. */
export function compare(
  kernel: readonly CapturedFrame[],
  ours: readonly OurFrame[],
  fixed: Fixed,
): Comparison {
  const lastOf = endsOfWrites(ours)
  const used = new Map<Allowance, number>()
  const count = (a: Allowance): void => {
    used.set(a, (used.get(a) ?? 0) + 1)
  }
  const renamed = { port: bijection(), icmp: bijection() }
  const ids: ((theirs: number, mine: number) => boolean)[] = []
  const counting = new Map<string, number>()

  /** Is the pair of values as this allowance demands? Null: no allowance applies. */
  const allowed = (
    layer: CapturedLayer,
    {
      key,
      theirs,
      mine,
    }: { readonly key: string; readonly theirs: unknown; readonly mine: unknown },
    { walk, last }: { readonly walk: number; readonly last: boolean },
  ): boolean | null => {
    if (typeof theirs === 'number' && typeof mine === 'number') {
      if (layer.type === 'ipv4' && key === 'id' && !fixed.ip_ids.includes(theirs)) {
        count('ip-id')
        return (
          mine !== 0 && !fixed.ip_ids.includes(mine) && (ids[walk] ??= bijection())(theirs, mine)
        )
      }
      if ((key === 'sport' || key === 'dport') && theirs === mine) return renamed.port(theirs, mine)
      // One that is outside the range NAT drew: the outer header is masqueraded too.
      if (
        key === 'sport' &&
        layer.dport === 8472 &&
        !fixed.ports.includes(theirs) &&
        mine >= LOCAL_PORTS[0] &&
        mine < LOCAL_PORTS[1]
      ) {
        count('vxlan-source-port')
        return renamed.port(theirs, mine)
      }
      if ((key === 'sport' || key === 'dport') && !fixed.ports.includes(theirs)) {
        count('nat-port')
        return mine >= 1024 && !fixed.ports.includes(mine) && renamed.port(theirs, mine)
      }
      if (layer.type === 'icmp' && key === 'id' && !fixed.icmp_ids.includes(theirs)) {
        count('icmp-id')
        return !fixed.icmp_ids.includes(mine) && renamed.icmp(theirs, mine)
      }
      if (layer.type === 'tcp' && key === 'seq') count('tcp-number')
    }
    if (
      key === 'flags' &&
      layer.type === 'tcp' &&
      theirs !== mine &&
      !last &&
      unpushed(theirs) === unpushed(mine)
    ) {
      count('tcp-push')
      return true
    }
    if (key === 'clock') {
      count('tcp-clock')
      return typeof theirs === typeof mine
    }
    if (key === 'csum' && theirs === 'unfinished') {
      count('offload')
      return mine === undefined
    }
    return null
  }

  const layersDiffer = (
    { where, walk }: { readonly where: string; readonly walk: number },
    theirs: readonly CapturedLayer[],
    mine: readonly CapturedLayer[],
  ): string[] => {
    if (theirs.map((x) => x.type).join() !== mine.map((x) => x.type).join())
      return [
        `${where}kernel ${theirs.map((x) => x.type).join(' ')}, ours ${mine.map((x) => x.type).join(' ')}`,
      ]
    return theirs.flatMap((x, i) => {
      const y = mine[i]!
      return [...new Set([...Object.keys(x), ...Object.keys(y)])].flatMap((key) => {
        if (key === 'quotes')
          return layersDiffer(
            { where: `${where}${x.type}.quotes `, walk },
            (x.quotes ?? []) as CapturedLayer[],
            (y.quotes ?? []) as CapturedLayer[],
          )
        return (allowed(
          x,
          { key, theirs: x[key], mine: y[key] },
          { walk, last: x.type !== 'tcp' || lastOf(y, mine[i - 1]) },
        ) ?? x[key] === y[key])
          ? []
          : [
              agree().field(
                `${where}${x.type}.${key}`,
                String(JSON.stringify(x[key])),
                String(JSON.stringify(y[key])),
              ),
            ]
      })
    })
  }

  const pairs = aligned(kernel, ours).map(([k, o]): Pair => {
    if (o === null) return { kernel: k, ours: null, differences: [agree().missing(brief(k!))] }
    if (k === null) return { kernel: null, ours: o, differences: [agree().notCaptured(brief(o))] }
    const differences: string[] = []
    if (k.to !== o.to) differences.push(agree().field('to', String(k.to), String(o.to)))
    if (k.len !== o.len) differences.push(agree().field('len', String(k.len), String(o.len)))
    differences.push(...layersDiffer({ where: '', walk: o.walk }, k.layers, o.layers))
    const step = fixed.counted === false ? null : tcpStep(k, o, fixed)
    if (step !== null && (counting.get(step.key) ?? step.offset) !== step.offset)
      differences.push(agree().ids)
    if (step !== null) counting.set(step.key, step.offset)
    return { kernel: k, ours: o, differences }
  })
  return {
    pairs,
    used,
    differences: pairs.flatMap((p, i) => {
      const f = (p.kernel ?? p.ours)!
      return p.differences.map((d) => `frame ${i + 1} ${f.ns}/${f.iface} ${f.dir}: ${d}`)
    }),
  }
}

/** Which frame stands for which: the longest order both have, by place and kind of packet. What is in one list only stands alone; a place where both have something else is one pair. */
function aligned(
  kernel: readonly CapturedFrame[],
  ours: readonly OurFrame[],
): (readonly [CapturedFrame | null, OurFrame | null])[] {
  const kind = (f: CapturedFrame): string =>
    `${f.ns}/${f.iface} ${f.dir} ${f.layers.map((x) => `${x.type}${text(x.op ?? x.icmp_type ?? (x.flags === undefined ? undefined : unpushed(x.flags)) ?? x.frag_off)}`).join()}`
  const [a, b] = [kernel.map(kind), ours.map(kind)]
  const best = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let k = b.length - 1; k >= 0; k -= 1)
      best[i]![k] =
        a[i] === b[k] ? best[i + 1]![k + 1]! + 1 : Math.max(best[i + 1]![k]!, best[i]![k + 1]!)
  const out: (readonly [CapturedFrame | null, OurFrame | null])[] = []
  let [i, k] = [0, 0]
  while (i < a.length || k < b.length) {
    if (i < a.length && k < b.length && a[i] === b[k]) {
      out.push([kernel[i]!, ours[k]!])
      i += 1
      k += 1
    } else if (k >= b.length || (i < a.length && best[i + 1]![k]! >= best[i]![k + 1]!)) {
      out.push([kernel[i]!, null])
      i += 1
    } else {
      out.push([null, ours[k]!])
      k += 1
    }
  }
  return out
}

/** The frames of each namespace in their order, namespaces apart; and the two ways through each device, where a program takes packets in while the kernel takes the next. `arp`: there ARP apart from the rest. */
export function apart<F extends CapturedFrame>(
  frames: readonly F[],
  split: (ns: string) => boolean = () => false,
  arp = false,
): F[] {
  const place = (f: F): string =>
    split(f.ns)
      ? `${f.ns}/${f.iface} ${f.dir}${arp && f.layers.some((x) => x.type === 'arp') ? ' ARP' : ''}`
      : f.ns
  return [...new Set(frames.map(place))]
    .toSorted()
    .flatMap((p) => frames.filter((f) => place(f) === p))
}

/** How far our IP id is from the kernel's; the same for all segments of one direction if both count alike. */
function tcpStep(
  k: CapturedFrame,
  o: OurFrame,
  fixed: Fixed,
): { readonly key: string; readonly offset: number } | null {
  const ip = (f: CapturedFrame): CapturedLayer | undefined =>
    f.layers.find((x) => x.type === 'ipv4' && x.proto === 6)
  const [a, b] = [ip(k), ip(o)]
  if (a === undefined || b === undefined || fixed.ip_ids.includes(a.id as number)) return null
  // A pod that reaches itself by its Service has the same addresses both ways: the port tells whose ids they are.
  const tcp = o.layers.find((x) => x.type === 'tcp')
  return {
    key: `${o.walk} ${k.ns} ${k.iface} ${String(a.src)} ${String(tcp?.sport)} ${String(a.dst)}`,
    offset: ((b.id as number) - (a.id as number)) & 0xffff,
  }
}

/** A renaming that grows: the same value always has the same name, different values different ones. */
function bijection(): (theirs: number, mine: number) => boolean {
  const there = new Map<number, number>()
  const back = new Map<number, number>()
  return (theirs, mine) => {
    if (!there.has(theirs) && !back.has(mine)) {
      there.set(theirs, mine)
      back.set(mine, theirs)
    }
    return there.get(theirs) === mine && back.get(mine) === theirs
  }
}

/** One line for a person. */
export function brief(f: CapturedFrame): string {
  const words = f.layers.map((x) => {
    switch (x.type) {
      case 'eth':
        return `${String(x.src)}>${String(x.dst)}`
      case 'arp':
        return `ARP ${String(x.op)} ${String(x.spa)}>${String(x.tpa)}`
      case 'ipv4':
        return `${String(x.src)}>${String(x.dst)} ttl ${String(x.ttl)} len ${String(x.total_len)}${x.df === true ? ' DF' : ''}${x.mf === true || x.frag_off !== undefined ? ` frag ${text(x.frag_off) || '0'}` : ''}`
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
