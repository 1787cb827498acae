import { layers } from '#lib/wire/quote.ts'
import { size } from '#lib/wire/packet.ts'
import type { Frame } from '#lib/trace/walk.ts'
import type { CapturedFrame, CapturedLayer, Probe } from './lab.ts'

/** What may differ, each by name and with its reason; a test sees that each is used. */
export const ALLOWED = {
  'ip id': 'IP ids other than those the lab fixed are the kernel’s own counters (0 is compared)',
  'icmp id': 'MASQUERADE --random-fully picks a new ICMP id at random',
  'port': 'ports other than those the lab fixed are random: VXLAN source port hash, --random-fully, port clash',
  'tcp numbers': 'sequence numbers are compared relative to the connection’s first ones',
  'scheduling': 'which of two woken processes runs first is the scheduler’s choice (the two recorded runs differ): frames are compared in order within each namespace',
  'unfinished checksum': 'with offloads on, captures inside the host show checksums that are not computed yet; the model computes them',
} as const
export type Allowance = keyof typeof ALLOWED

const DEFAULTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ethernet: { ethertype: '0x0800' }, ipv4: { df: false, mf: false, frag_off: 0, tos: 0, ihl: 20, csum: 'ok' }, udp: { csum: 'ok' }, tcp: { csum: 'ok', data_len: 0 }, icmp: { csum: 'ok' }, vxlan: { reserved: '00000000' },
}
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  ethernet: ['src', 'dst', 'ethertype'], arp: ['op', 'sha', 'spa', 'tha', 'tpa'], ipv4: ['src', 'dst', 'ttl', 'id', 'proto', 'total_len', 'df', 'mf', 'frag_off', 'tos', 'ihl', 'csum'],
  udp: ['sport', 'dport', 'len', 'csum'], tcp: ['sport', 'dport', 'flags', 'seq', 'ack', 'hdr_len', 'data_len', 'mss', 'csum'], icmp: ['icmp_type', 'code', 'name', 'id', 'seq', 'mtu', 'gateway', 'len', 'csum'],
  vxlan: ['flags', 'vni', 'reserved'], payload: ['len'], fragment: ['len'], 'flannel-udp': [],
}

/** The same, with the frames of each namespace in their order but namespaces apart: where two processes race. */
export function compareApart(probe: Probe, frames: readonly Frame[], used: Set<Allowance>): string[] {
  used.add('scheduling')
  const names = [...new Set(probe.frames.map((f) => f.ns))].toSorted()
  const apart = <T>(list: readonly T[], of: (x: T) => string): T[] => names.flatMap((n) => list.filter((x) => of(x) === n))
  return frames.every((f) => names.includes(f.in)) ? compare({ ...probe, frames: apart(probe.frames, (f) => f.ns) }, apart(frames, (f) => f.in), used) : ['the engine shows frames in a namespace where the kernel shows none']
}

/** Every difference between the frames of a probe and the engine's, the first few of them. Empty when they agree. */
export function compare(probe: Probe, frames: readonly Frame[], used: Set<Allowance>): string[] {
  const out: string[] = []
  const isn = new Set<number>()
  for (let i = 0; i < Math.max(frames.length, probe.frames.length) && out.length < 4; i += 1) {
    const want = probe.frames[i]
    const got = frames[i]
    const at = `frame ${i + 1}`
    const wantPlace = want === undefined ? 'nothing' : `${want.ns}/${want.iface} ${want.dir} ${want.to ?? ''} ${want.len}`
    const gotPlace = got === undefined ? 'nothing' : `${got.in}/${got.dev} ${got.dir} ${got.to ?? ''} ${size(got.packet)}`
    if (wantPlace !== gotPlace || want === undefined || got === undefined) { out.push(`${at}: the kernel shows ${wantPlace} [${summary(want)}], the engine ${gotPlace} [${got === undefined ? '' : layers(got.packet).map(brief).join(' ')}]`); break }
    const mine = layers(got.packet) as unknown as CapturedLayer[]
    compareLayers(at, probe, want, want.layers, mine, isn, out, used)
  }
  return out
}

function summary(f: CapturedFrame | undefined): string {
  return f === undefined ? '' : f.layers.map(brief).join(' ')
}
function brief(l: { readonly type: string; readonly [k: string]: unknown }): string {
  return l.type === 'ipv4' ? `${String(l['src'])}>${String(l['dst'])} ttl ${String(l['ttl'])}` : l.type === 'icmp' ? `icmp ${String(l['icmp_type'])}/${String(l['code'])}` : l.type === 'arp' ? `arp ${String(l['op'])} ${String(l['tpa'])}` : l.type === 'tcp' ? `tcp ${String(l['flags'])}` : l.type
}

function compareLayers(at: string, probe: Probe, frame: CapturedFrame, want: readonly CapturedLayer[], got: readonly CapturedLayer[], isn: Set<number>, out: string[], used: Set<Allowance>, quoted = false): void {
  const kinds = (x: readonly CapturedLayer[]): string => x.map((l) => (l.type === 'eth' ? 'ethernet' : l.type)).filter((k) => !(quoted && k === 'payload')).join('|')
  if (kinds(want) !== kinds(got)) { out.push(`${at}: layers ${kinds(want)}, the engine ${kinds(got)}`); return }
  want.forEach((w, i) => {
    const g = got[i]!
    const type = w.type === 'eth' ? 'ethernet' : w.type
    for (const field of FIELDS[type] ?? []) {
      if (quoted && (field === 'csum' || (field === 'len' && type !== 'udp') || ((type === 'tcp') && !(field in w)))) continue
      const a = w[field] ?? DEFAULTS[type]?.[field]
      const b = normal(type, field, g, isn) ?? DEFAULTS[type]?.[field]
      if (a === b) continue
      const allowance = allowed(probe, frame, type, field, a, b)
      if (allowance === null) out.push(`${at} ${type}.${field}: the kernel ${String(a)}, the engine ${String(b)}`)
      else used.add(allowance)
    }
    if (type === 'icmp' && w['quotes'] !== undefined) compareLayers(`${at} quote`, probe, frame, w['quotes'] as CapturedLayer[], (g['quotes'] ?? []) as CapturedLayer[], isn, out, used, true)
    if (type === 'tcp') used.add('tcp numbers')
  })
}

/** TCP numbers relative to the first of their stream, as the captures have them. */
function normal(type: string, field: string, l: CapturedLayer, isn: Set<number>): unknown {
  const v = l[field]
  if (type !== 'tcp' || (field !== 'seq' && field !== 'ack')) return v
  const flags = String(l['flags'] ?? '')
  if (flags.includes('S')) isn.add(Number(l['seq']))
  if (field === 'ack' && !flags.includes('A')) return undefined
  if (Number(v) === 0) return 0
  const relative = Math.min(...[...isn].map((x) => (Number(v) - x) >>> 0))
  return relative < 1 << 24 ? relative : v
}

function allowed(probe: Probe, frame: CapturedFrame, type: string, field: string, a: unknown, b: unknown): Allowance | null {
  const { ip_ids, icmp_ids, ports } = probe.fixed
  if (type === 'ipv4' && field === 'id' && !ip_ids.includes(Number(a)) && Number(b) !== 0) return 'ip id'
  if (type === 'icmp' && field === 'id' && !icmp_ids.includes(Number(a))) return 'icmp id'
  if (field === 'sport' || field === 'dport') return ports.includes(Number(a)) ? null : 'port'
  if (field === 'csum' && a === 'unfinished' && frame.csum_offloaded === true) return 'unfinished checksum'
  return null
}
