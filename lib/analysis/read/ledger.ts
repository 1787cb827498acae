import { dev, netns, space } from '#lib/topology/topology.ts'
import type { Decision } from '#lib/trace/decision.ts'
import type { Step, Walk } from '#lib/trace/walk.ts'
import { packets } from './lockstep.ts'
import { ipLength, size, type Packet, ipOf, isIp } from '#lib/wire/packet.ts'

/** What a walk has cost up to a step. All counted from its steps. */
export interface Ledger {
  /** Headers of the packet here, and of any so far. */
  readonly headers: number
  readonly mostHeaders: number
  /** Bytes of the packet here, from the outermost IPv4 header on. */
  readonly bytes: number
  /** Bytes of this packet that are wrapping: everything outside the innermost IPv4 header, Ethernet of the link left out. And the most so far. */
  readonly wrapping: number
  readonly mostWrapping: number
  /** Tables asked so far for where to go: routes, neighbours, forwarding entries, leases, the VPC's mapping. */
  readonly lookups: number
  /** Times so far the packet went between kernel and a program. */
  readonly crossings: number
  /** Least room so far between the packet and the MTU of a device that sent it, in bytes; null before any did. */
  readonly room: number | null
  /** The addresses the VPC's own tools saw, at its last step in the VPC; null before. */
  readonly vpcSaw: { readonly src: string; readonly dst: string; readonly pods: boolean } | null
  /** What so far had to be right, each once, in order. */
  readonly needs: readonly Need[]
}

const WHERE = new Set<Decision['kind']>([
  'route',
  'neigh',
  'fdb',
  'lease',
  'vpc-route',
  'vpc-mapping',
])

/** Something that had to be right: a kind, where, and the names it is about. */
export type Need =
  | { readonly kind: 'route' | 'neighbour' | 'check'; readonly where: string }
  | { readonly kind: 'lease'; readonly where: string; readonly daemon: string }
  | { readonly kind: 'fdb'; readonly where: string; readonly device: string }
  | { readonly kind: 'group'; readonly where: string; readonly direction: string }
  | { readonly kind: 'rule'; readonly where: string; readonly table: string; readonly hook: string }
  | { readonly kind: 'mapping' }

function need(s: Step): Need | null {
  const d = s.decision
  const where = s.in
  switch (d.kind) {
    case 'route':
      return d.local ? null : { kind: 'route', where }
    case 'lease':
      return { kind: 'lease', where, daemon: d.daemon }
    case 'neigh':
      return { kind: 'neighbour', where }
    case 'fdb':
      return d.up ? null : { kind: 'fdb', where, device: s.dev ?? '' }
    case 'security-group':
      return { kind: 'group', where: d.eni, direction: d.direction }
    case 'source-dest-check':
      return d.enabled ? { kind: 'check', where: s.dev ?? s.in } : null
    case 'vpc-mapping':
      return { kind: 'mapping' }
    case 'hook':
      return d.matched === null ? null : { kind: 'rule', where, table: d.table, hook: d.hook }
    default:
      return null
  }
}

/** Programs and kernel: sending and receiving cross once each, a program that forwards packets (flanneld) twice. */
function crossings(s: Step): number {
  if (s.stage === 'daemon') return 2
  if (s.decision.kind === 'app') return 1
  return s.decision.kind === 'socket' && s.drop === null && s.decision.matched !== null ? 1 : 0
}

/** The ledger after step `upTo`, for the packet of that step. */
export function ledger(walk: Walk, upTo: number): Ledger {
  const here = walk.steps[upTo]
  if (here === undefined) throw new RangeError(`the walk has no step ${upTo}`)
  let lookups = 0
  let crossed = 0
  let room: number | null = null
  let vpcSaw: Ledger['vpcSaw'] = null
  let mostHeaders = 0
  let mostWrapping = 0
  const needs = new Map<string, Need>()
  const of = packets(walk)
  const mine = of[here.message] ?? 0
  for (const s of walk.steps) {
    // Packets under way at the same time are told one after the other.
    const packet = of[s.message] ?? 0
    if (packet > mine || (packet === mine && s.n > upTo)) continue
    if (walk.messages[s.message]?.kind === 'arp') continue
    mostHeaders = Math.max(mostHeaders, s.packet.headers.length)
    mostWrapping = Math.max(mostWrapping, wrapping(s.packet))
    if (WHERE.has(s.decision.kind)) lookups += 1
    crossed += crossings(s)
    const n = need(s)
    if (n !== null) needs.set(JSON.stringify(n), needs.get(JSON.stringify(n)) ?? n)
    const from = s.stage === 'xmit' && s.dev !== null ? netns(walk.before, s.in) : undefined
    const d = from === undefined ? undefined : dev(from, s.dev!)
    if (d !== undefined) room = Math.min(room ?? Infinity, d.mtu - ipLength(s.packet))
    if (space(walk.before, s.in)?.kind === 'vpc') vpcSaw = saw(s)
  }
  const p = here.packet
  return {
    headers: p.headers.length,
    mostHeaders,
    bytes: ipLength(p),
    wrapping: wrapping(p),
    mostWrapping,
    lookups,
    crossings: crossed,
    room,
    vpcSaw,
    needs: [...needs.values()],
  }
}

function wrapping(p: Packet): number {
  const inner = p.headers.findLastIndex((h) => isIp(h))
  return inner < 0 ? 0 : ipLength(p) - size({ headers: p.headers.slice(inner), payload: p.payload })
}

function saw(s: Step): Ledger['vpcSaw'] {
  const outer = ipOf(s.packet)
  if (outer === undefined) return null
  return {
    src: outer.src,
    dst: outer.dst,
    pods: s.packet.headers.filter((h) => isIp(h)).length === 1,
  }
}

/** How many networks carry the flow's packets, one inside another, at the deepest: IPv4 headers around each other, and the VPC's own wrapping where one crosses it between hosts. */
export function nested(walk: Walk): number {
  let most = 0
  let fabric = 0
  for (const s of walk.steps) {
    if (walk.messages[s.message]?.kind !== 'flow') continue
    most = Math.max(most, s.packet.headers.filter((h) => isIp(h)).length)
    if (s.decision.kind === 'vpc-mapping') fabric = 1
  }
  return most + fabric
}
