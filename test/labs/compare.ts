import { size } from '#lib/wire/packet.ts'
import { layers, type Layer } from '#lib/wire/quote.ts'
import type { Frame } from '#lib/trace/walk.ts'
import type { CapturedFrame, CapturedLayer, Fixed } from './capture.ts'

/** Where the engine need not give the kernel's number, and why. Each still demands what the kernel guarantees. */
export const ALLOWANCES = {
  'ip-id': 'The kernel starts its IP ids at random. Demanded: never 0, one id for one packet wherever it is seen, distinct packets distinct, and a TCP connection counts up by one.',
  'vxlan-source-port': 'The kernel hashes the inner flow with a secret of its own. Demanded: within ip_local_port_range, one port for each of the kernel’s.',
  'nat-port': 'NAT that finds its port taken, or is told --random-fully, draws one. Demanded: 1024 or above, not the one asked for, one port for each of the kernel’s.',
  'icmp-id': 'NAT told --random-fully draws the id of an echo too. Demanded: not the one asked for, one id for each of the kernel’s.',
  scheduling: 'Which of two woken processes runs first is the scheduler’s choice. Only where flanneld and a TCP program race. Demanded: the order within each namespace.',
  offload: 'With checksum offload a capture inside the host shows checksums that are not computed yet; the engine’s always are. Demanded: ours is right.',
} as const satisfies Readonly<Record<string, string>>
export type Allowance = keyof typeof ALLOWANCES

type Plain = Readonly<Record<string, unknown>>
/** What the recording leaves out because it is usual. */
const USUAL: Readonly<Record<string, Plain>> = {
  eth: { ethertype: '0x0800' }, ipv4: { df: false, mf: false, frag_off: 0, tos: 0, ihl: 20, csum: 'ok' }, udp: { csum: 'ok' }, tcp: { csum: 'ok', data_len: 0 }, icmp: { csum: 'ok' }, vxlan: { reserved: '00000000' },
}
/** What our layers say beyond the recording. */
const BEYOND: Readonly<Record<string, readonly string[]>> = { ipv4: ['checksum'], tcp: ['window'] }
const LOCAL_PORTS = [32768, 60999] as const

/** A frame of ours in the recording's words; ids count within one walk, so `walk` says which. */
export interface OurFrame extends CapturedFrame { readonly walk: number }

/** Captures of walks in the recording's words. TCP numbers are relative to the first of their byte stream, as there: NAT leaves them alone. */
export function asCaptured(walks: readonly (readonly Frame[])[]): OurFrame[] {
  const isns = new Set<number>()
  return walks.flatMap((frames, walk) => frames.map((f) => ({
    walk, ns: f.in, iface: f.dev, dir: f.dir, ...(f.dir === 'in' && f.to !== null ? { to: f.to } : {}), len: size(f.packet), layers: worded(layers(f.packet), isns),
  })))
}

function worded(list: readonly Layer[], isns: Set<number>): CapturedLayer[] {
  return list.filter((x) => x.type !== 'payload' || x.len !== 0).map((x) => {
    const type = x.type === 'ethernet' ? 'eth' : x.type
    const out: Record<string, unknown> = {}
    for (const [k, v] of Object.entries(x)) if (!(BEYOND[type] ?? []).includes(k) && USUAL[type]?.[k] !== v) out[k] = v
    if (type === 'tcp' && typeof x.flags === 'string' && x.flags !== '') relative(out, x, isns)
    else if (type === 'tcp') for (const k of ['seq', 'ack', 'flags', 'hdr_len', 'mss']) delete out[k]
    if (Array.isArray(x.quotes)) out.quotes = worded(x.quotes as Layer[], isns)
    return { ...out, type }
  })
}

function relative(out: Record<string, unknown>, x: Layer, isns: Set<number>): void {
  const flags = x.flags as string
  if (flags.includes('S')) isns.add(x.seq as number)
  // The 0 of a reset is no number of a stream.
  const rel = (v: number): number => {
    if (v === 0) return 0
    const d = Math.min(2 ** 32, ...[...isns].map((isn) => (v - isn) >>> 0))
    return d < 2 ** 24 ? d : v
  }
  out.seq = rel(x.seq as number)
  if (flags.includes('A')) out.ack = rel(x.ack as number)
  else delete out.ack
}

export interface Comparison { readonly differences: readonly string[]; readonly used: ReadonlySet<Allowance> }

/** Frame by frame, field by field, in order. A difference says where, what the kernel showed and what we did. */
export function compare(kernel: readonly CapturedFrame[], ours: readonly OurFrame[], fixed: Fixed): Comparison {
  const differences: string[] = []
  const used = new Set<Allowance>()
  const renamed = { port: bijection(), icmp: bijection() }
  const ids: ((theirs: number, mine: number) => boolean)[] = []
  const counting = new Map<string, number>()

  /** Is the pair of values as this allowance demands? Null: no allowance applies. */
  const allowed = (layer: CapturedLayer, key: string, theirs: unknown, mine: unknown, walk: number): boolean | null => {
    if (typeof theirs === 'number' && typeof mine === 'number') {
      if (layer.type === 'ipv4' && key === 'id' && !fixed.ip_ids.includes(theirs)) { used.add('ip-id'); return mine !== 0 && !fixed.ip_ids.includes(mine) && (ids[walk] ??= bijection())(theirs, mine) }
      if ((key === 'sport' || key === 'dport') && theirs === mine) return renamed.port(theirs, mine)
      if (key === 'sport' && (layer.dport === 8472) && !fixed.ports.includes(theirs)) { used.add('vxlan-source-port'); return mine >= LOCAL_PORTS[0] && mine < LOCAL_PORTS[1] && renamed.port(theirs, mine) }
      if ((key === 'sport' || key === 'dport') && !fixed.ports.includes(theirs)) { used.add('nat-port'); return mine >= 1024 && !fixed.ports.includes(mine) && renamed.port(theirs, mine) }
      if (layer.type === 'icmp' && key === 'id' && !fixed.icmp_ids.includes(theirs)) { used.add('icmp-id'); return !fixed.icmp_ids.includes(mine) && renamed.icmp(theirs, mine) }
    }
    if (key === 'csum' && theirs === 'unfinished') { used.add('offload'); return mine === undefined }
    return null
  }

  const layersDiffer = (at: string, theirs: readonly CapturedLayer[], mine: readonly CapturedLayer[], walk: number): void => {
    if (theirs.map((x) => x.type).join() !== mine.map((x) => x.type).join()) { differences.push(`${at}: kernel ${theirs.map((x) => x.type).join(' ')}, ours ${mine.map((x) => x.type).join(' ')}`); return }
    theirs.forEach((x, i) => {
      const y = mine[i]!
      for (const key of new Set([...Object.keys(x), ...Object.keys(y)])) {
        if (key === 'quotes') { layersDiffer(`${at} ${x.type}.quotes`, (x.quotes ?? []) as CapturedLayer[], (y.quotes ?? []) as CapturedLayer[], walk); continue }
        if (!(allowed(x, key, x[key], y[key], walk) ?? x[key] === y[key])) differences.push(`${at} ${x.type}.${key}: kernel ${JSON.stringify(x[key])}, ours ${JSON.stringify(y[key])}`)
      }
    })
  }

  kernel.forEach((k, i) => {
    const at = `frame ${i + 1} ${k.ns}/${k.iface} ${k.dir}`
    const o = ours[i]
    if (o === undefined) { differences.push(`${at}: missing (${brief(k)})`); return }
    if (k.ns !== o.ns || k.iface !== o.iface || k.dir !== o.dir) { differences.push(`${at}: kernel ${brief(k)}; ours ${brief(o)}`); return }
    if (k.to !== o.to) differences.push(`${at}: to: kernel ${k.to}, ours ${o.to}`)
    if (k.len !== o.len) differences.push(`${at}: len: kernel ${k.len}, ours ${o.len}`)
    layersDiffer(at, k.layers, o.layers, o.walk)
    const step = tcpStep(k, o, fixed)
    if (step !== null && (counting.get(step.key) ?? step.offset) !== step.offset) differences.push(`${at}: IP ids of the connection do not count up by one as the kernel’s`)
    if (step !== null) counting.set(step.key, step.offset)
  })
  ours.slice(kernel.length).forEach((o, i) => differences.push(`frame ${kernel.length + i + 1}: not in the kernel’s capture: ${brief(o)}`))
  return { differences, used }
}

/** The frames of each namespace in their order, namespaces apart. */
export function apart<F extends CapturedFrame>(frames: readonly F[]): F[] {
  return [...new Set(frames.map((f) => f.ns))].toSorted().flatMap((ns) => frames.filter((f) => f.ns === ns))
}

/** How far our IP id is from the kernel's; the same for all segments of one direction if both count alike. */
function tcpStep(k: CapturedFrame, o: OurFrame, fixed: Fixed): { readonly key: string; readonly offset: number } | null {
  const ip = (f: CapturedFrame): CapturedLayer | undefined => f.layers.find((x) => x.type === 'ipv4' && x.proto === 6)
  const [a, b] = [ip(k), ip(o)]
  if (a === undefined || b === undefined || fixed.ip_ids.includes(a.id as number)) return null
  return { key: `${o.walk} ${k.ns} ${k.iface} ${String(a.src)} ${String(a.dst)}`, offset: ((b.id as number) - (a.id as number)) & 0xffff }
}

/** A renaming that grows: the same value always has the same name, different values different ones. */
function bijection(): (theirs: number, mine: number) => boolean {
  const there = new Map<number, number>()
  const back = new Map<number, number>()
  return (theirs, mine) => {
    if (!there.has(theirs) && !back.has(mine)) { there.set(theirs, mine); back.set(mine, theirs) }
    return there.get(theirs) === mine && back.get(mine) === theirs
  }
}

/** One line for a person. */
export function brief(f: CapturedFrame): string {
  const words = f.layers.map((x) => {
    switch (x.type) {
      case 'eth': return `${String(x.src)}>${String(x.dst)}`
      case 'arp': return `ARP ${String(x.op)} ${String(x.spa)}>${String(x.tpa)}`
      case 'ipv4': return `${String(x.src)}>${String(x.dst)} ttl ${String(x.ttl)} len ${String(x.total_len)}${x.df === true ? ' DF' : ''}${x.mf === true || x.frag_off !== undefined ? ` frag ${String(x.frag_off ?? 0)}` : ''}`
      case 'icmp': return `ICMP ${String(x.icmp_type)}/${String(x.code)}`
      case 'tcp': return `TCP ${String(x.sport)}>${String(x.dport)} ${String(x.flags)}`
      case 'udp': return `UDP ${String(x.sport)}>${String(x.dport)}`
      default: return x.type
    }
  })
  return `${f.ns}/${f.iface} ${f.dir}${f.to === undefined ? '' : ` (${f.to})`} ${f.len} ${words.join(' | ')}`
}
