import { ipLength, size, type Header, type IpHeader } from '#lib/wire/packet.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { walk, warmed } from '#lib/walk/walk.ts'
import { applyAll } from '#lib/topology/apply.ts'
import type { Edit } from '#lib/topology/edit.ts'
import type { Topology } from '#lib/topology/topology.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Frame, Walk } from '#lib/trace/walk.ts'
import { labelOf } from '#lib/words/index.ts'

/* How the tables of measured facts are asked of the product's own worlds. */

/** `cold`: nobody is known. `later`: neighbours are known from before the change. Otherwise they are known from an equal flow after it. */
export interface Change {
  readonly whatIf?: string
  readonly edits?: readonly Edit[]
  readonly flow?: Partial<Flow>
  readonly cold?: boolean
  readonly later?: boolean
}

export function world(id: string): Topology {
  const s = SCENARIOS[id]
  if (s === undefined) throw new RangeError(`no scenario ${id}`)
  return s.topology
}

/** A world with rows changed. */
export function changed(id: string, c: Change): Topology {
  const s = SCENARIOS[id]
  if (s === undefined) throw new RangeError(`no scenario ${id}`)
  const what = c.whatIf === undefined ? [] : s.whatIfs[c.whatIf]?.edits
  if (what === undefined) throw new RangeError(`${id}: no what-if ${String(c.whatIf)}`)
  return applyAll(s.topology, [...what, ...(c.edits ?? [])])
}

/** One walk of a world: a named flow, altered. Neighbours are known unless `cold`. */
export function see(id: string, flow: string, c: Change = {}): Walk {
  const f = SCENARIOS[id]?.flows[flow]
  if (f === undefined) throw new RangeError(`${id}: no flow ${flow}`)
  const altered = { ...f, ...c.flow }
  if (c.later === true) return walk(applyAll(warmed(world(id), altered), c.edits ?? []), altered)
  return walk(changed(id, c), altered, { warm: c.cold !== true })
}

/** Frames of the first message with that label. */
export function framesOf(w: Walk, label: string): Frame[] {
  const m = w.messages.find((x) => labelOf(x) === label)
  return m === undefined ? [] : w.frames.filter((f) => f.message === m.n)
}

export function ips(f: Frame): IpHeader[] {
  return f.packet.headers.filter((h): h is IpHeader => h.kind === 'ipv4')
}

/** TTL of the packet that arrived: the inner one of the last frame of that message. */
export function arrivalTtl(w: Walk, label: string): number | undefined {
  const last = framesOf(w, label).at(-1)
  return last === undefined ? undefined : ips(last).at(-1)?.ttl
}

/** What the sender learns: 'reply, TTL 62', 'ICMP 3/4 mtu 1450 from 10.1.15.1', or 'silence' and where the packet ended. */
export function told(w: Walk): string {
  if (w.delivered) return `reply, TTL ${String(lastArrival(w))}`
  const icmp = w.loss?.icmp ?? null
  if (icmp !== null)
    return `ICMP ${icmp.type}/${icmp.code}${icmp.mtu === undefined ? '' : ` mtu ${icmp.mtu}`} from ${icmp.from}`
  return `silence: ${w.loss?.drop.reason ?? 'no loss'} in ${w.loss?.in ?? 'nowhere'}`
}

function lastArrival(w: Walk): number | undefined {
  const frame = w.frames.findLast(
    (f) => f.in === w.flow.from && f.dir === 'in' && ips(f).length > 0,
  )
  return frame === undefined ? undefined : ips(frame).at(-1)?.ttl
}

/** One row of a hop table: where, L2, addresses outermost first, ports outermost first, TTLs outermost first, IP length / frame length. */
export type Hop = readonly [
  tap: string,
  l2: string,
  addresses: string,
  ports: string,
  ttl: string,
  sizes: string,
]

export function hop(f: Frame): Hop {
  const first = f.packet.headers[0]
  const ethernet = f.packet.headers.filter(
    (h): h is Header & { kind: 'ethernet' } => h.kind === 'ethernet',
  )
  const l4 = f.packet.headers.flatMap((h) =>
    h.kind === 'udp' || h.kind === 'tcp'
      ? [h.kind === 'udp' && h.dport === 8472 ? 'hash>8472' : `${h.sport}>${h.dport}`]
      : [],
  )
  return [
    `${f.in}/${f.dev} ${f.dir}${f.to === null || f.to === 'host' ? '' : ` ${f.to}`}`,
    first?.kind === 'ethernet' ? ethernet.map((e) => `${e.src}>${e.dst}`).join(' | ') : 'none',
    ips(f)
      .map((h) => `${h.src}>${h.dst}`)
      .join(' | '),
    l4.join(' | '),
    ips(f)
      .map((h) => h.ttl)
      .join('/'),
    `${ipLength(f.packet)}/${size(f.packet)}`,
  ]
}

/** Steps that were taken in the VPC. */
export function inVpc(w: Walk): string[] {
  return w.steps.filter((s) => s.in === 'vpc').map((s) => s.stage)
}

export function mtu(space: string, dev: string, value: number): Edit {
  return { op: 'set', in: space, table: 'devs', where: { name: dev }, to: { mtu: value } }
}

/** The whole chain of a pod's MTU on its node. */
export function podMtu(pod: string, veth: string, node: string, value: number): Edit[] {
  return [mtu(pod, 'eth0', value), mtu(node, veth, value), mtu(node, 'docker0', value)]
}
