import { headerLength, ipLength, ipOf, isIp, type Header } from '#lib/wire/packet.ts'
import { dev, netns } from '#lib/topology/topology.ts'
import type { Frame, Walk } from '#lib/trace/walk.ts'

type Count = (w: Walk, flow: readonly Frame[]) => number | string

const ips = (f: Frame): number => f.packet.headers.filter((h) => isIp(h)).length
const own = (w: Walk): readonly Frame[] =>
  w.frames.filter(
    (f) =>
      w.messages[f.message]?.kind === 'flow' &&
      w.messages[f.message]?.n === w.messages.find((m) => m.kind === 'flow')?.n,
  )

/** The lengths that each packet of the sender's side has on its way. */
const sent = (w: Walk): readonly (readonly number[])[] =>
  w.messages
    .filter((m) => m.kind === 'flow' && m.leg === 'forward')
    .map((m) => w.frames.flatMap((f) => (f.message === m.n ? [ipLength(f.packet)] : [])))
/** The length of the first header that is one of these. */
function bytesOf(flow: readonly Frame[], is: (h: Header) => boolean): number {
  const header = flow.flatMap((f) => f.packet.headers).find(is)
  return header === undefined ? 0 : headerLength(header)
}
const sum = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0)

/** Numbers and names a chapter may print, so that prose cannot drift from the engine. All but the end and what is sent are of the first message of the flow. */
const FACTS: Readonly<Record<string, Count>> = {
  overhead: (_, f) =>
    Math.max(...f.map((x) => ipLength(x.packet))) - Math.min(...f.map((x) => ipLength(x.packet))),
  'inner-length': (_, f) => Math.min(...f.map((x) => ipLength(x.packet))),
  'outer-length': (_, f) => Math.max(...f.map((x) => ipLength(x.packet))),
  'ip-layers': (_, f) => Math.max(...f.map(ips)),
  'headers-max': (_, f) => Math.max(...f.map((x) => x.packet.headers.length)),
  'ttl-received': (_, f) => ipOf(f[f.length - 1]!.packet)?.ttl ?? 0,
  /** The source that its receiver sees. */
  'seen-source': (_, f) => ipOf(f[f.length - 1]!.packet)?.src ?? 'none',
  /** How the flow ends. */
  ends: (w) => (w.loss === null ? 'delivered' : 'dropped'),
  /** All packets that its sender sends to the other end while they talk: how many, their bytes, and their bytes where they are longest. */
  'packets-sent': (w) => sent(w).length,
  'bytes-sent': (w) => sum(sent(w).map((all) => Math.min(...all))),
  'bytes-sent-wrapped': (w) => sum(sent(w).map((all) => Math.max(...all))),
  frames: (_, f) => f.length,
  lookups: (w, f) =>
    w.steps.filter((s) => s.message === f[0]?.message && s.decision.kind === 'route').length,
  /** Between kernel and a program that forwards: up to it and down again. */
  crossings: (w, f) =>
    2 * w.steps.filter((s) => s.message === f[0]?.message && s.stage === 'daemon').length,
  /** What its sender gives it; with a wrapping, what the outermost header begins with. */
  'ttl-sent': (_, f) => ipOf(f[0]!.packet)?.ttl ?? 0,
  'ttl-outer': (_, f) => ipOf(f.find((x) => ips(x) === Math.max(...f.map(ips)))!.packet)?.ttl ?? 0,
  /** Of a ping, the bytes that it was asked to carry. */
  size: (w) => w.flow.size,
  /** How often a machine passed it on. */
  rounds: (w, f) =>
    w.steps.filter((s) => s.message === f[0]?.message && s.stage === 'ttl' && s.drop === null)
      .length,
  'bytes-ip': (_, f) => bytesOf(f, isIp),
  'bytes-tcp': (_, f) => bytesOf(f, (h) => h.kind === 'tcp'),
  'bytes-udp': (_, f) => bytesOf(f, (h) => h.kind === 'udp'),
  'bytes-vxlan': (_, f) => bytesOf(f, (h) => h.kind === 'vxlan'),
  'bytes-ethernet': (_, f) => bytesOf(f, (h) => h.kind === 'ethernet'),
  /** The smallest MTU of its sender's node. */
  'mtu-least': (w) => {
    const n = netns(w.before, w.flow.from)
    const devs = netns(w.before, n?.node ?? '')?.devs ?? []
    return Math.min(...devs.filter((d) => d.name !== 'lo').map((d) => d.mtu))
  },
  /** That of its node's eth0. */
  'mtu-node': (w) => {
    const node = netns(w.before, netns(w.before, w.flow.from)?.node ?? '')
    return node === undefined ? 0 : (dev(node, 'eth0')?.mtu ?? 0)
  },
  'mtu-pod': (w) => {
    const n = netns(w.before, w.flow.from)
    return n === undefined ? 0 : (dev(n, 'eth0')?.mtu ?? 0)
  },
}

/** One number or name about a walk, as text. RangeError lists the names there are. */
export function fact(walk: Walk, name: string): string {
  const count = FACTS[name]
  if (count === undefined)
    throw new RangeError(`no fact is called ${name}; there are ${Object.keys(FACTS).join(', ')}`)
  return String(count(walk, own(walk)))
}
