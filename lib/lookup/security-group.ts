import { inCidr } from '#lib/wire/addr.ts'
import { PROTO } from '#lib/wire/packet.ts'
import type { Tuple, Eni, SgFlow, SgRule } from '#lib/topology/rows.ts'
import type { Vpc } from '#lib/topology/topology.ts'
import { grouped, indexed } from '#lib/topology/indexed.ts'
import { eniOf } from './vpc-route.ts'

/** What security groups and network ACLs look at: IP protocol number, ports (0 where there are none), addresses as on the wire. */
export interface VpcQuestion {
  readonly proto: number
  readonly sport: number
  readonly dport: number
  readonly src: string
  readonly dst: string
}
/** `matched` is a row of sgRules, null when no rule allows it; `rejected` are the first rules of the interface's groups that were compared and did not fit. */
export interface SgAnswer {
  readonly matched: number | null
  readonly rejected: readonly number[]
}

/** Near misses told at most. */
const MOST_REJECTED = 32

const byGroup = grouped<SgRule, SgRule['direction'], string>((row, put) =>
  put(row.direction, row.group),
)
const NO_ROWS: readonly number[] = []

/**
 * Do the security groups of an interface allow the packet? All rules of all its groups count, in no order; there are only allow
 * rules (facts: AWS VPC guide, security group rules). A group as peer means the private addresses of interfaces carrying it.
 */
export function sgAllows(
  v: Vpc,
  { eni, direction }: { readonly eni: Eni; readonly direction: 'ingress' | 'egress' },
  q: VpcQuestion,
): SgAnswer {
  const rejected: number[] = []
  const peer = direction === 'ingress' ? q.src : q.dst
  const index = byGroup(v.sgRules).get(direction)
  for (const group of eni.groups) {
    for (const row of index?.get(group) ?? NO_ROWS) {
      const r = v.sgRules[row]!
      if (protoMatches(r, q) && peerMatches(v, r, peer)) return { matched: row, rejected }
      if (rejected.length < MOST_REJECTED) rejected.push(row)
    }
  }
  return { matched: null, rejected }
}

/** What of a rule does not fit a packet: its protocol, its ports, or its peer. */
export type SgMiss = 'proto' | 'ports' | 'peer'

/** The first thing in which a row of sgRules does not fit; null where it does. */
export function sgMiss(v: Vpc, row: number, q: VpcQuestion): SgMiss | null {
  const r = v.sgRules[row]!
  if (!protoMatches(r, q))
    return r.proto !== 'all' && PROTO[r.proto] !== q.proto ? 'proto' : 'ports'
  return peerMatches(v, r, r.direction === 'ingress' ? q.src : q.dst) ? null : 'peer'
}

const flowKey = (eni: string, proto: string, t: Tuple): string =>
  `${eni}|${proto}|${t.src}|${t.sport}|${t.dst}|${t.dport}`
const byFlow = indexed((rows: readonly SgFlow[]): ReadonlyMap<string, number> => {
  const flows = new Map<string, number>()
  rows.forEach((f, i) => {
    for (const key of [
      flowKey(f.eni, f.proto, f),
      flowKey(f.eni, f.proto, { src: f.dst, dst: f.src, sport: f.dport, dport: f.sport }),
    ])
      if (!flows.has(key)) flows.set(key, i)
  })
  return flows
})

/** Row of v.sgFlows that tracks the flow at the interface, in either direction; -1 if none does. */
export function sgFlow(
  v: Vpc,
  eni: string,
  { proto, tuple }: { readonly proto: SgFlow['proto']; readonly tuple: Tuple },
): number {
  return v.sgFlows.length === 0 ? -1 : (byFlow(v.sgFlows).get(flowKey(eni, proto, tuple)) ?? -1)
}

/** Protocol and destination port; ICMP rules have no ports. */
export function protoMatches(
  r: { readonly proto: SgRule['proto']; readonly ports?: readonly [from: number, to: number] },
  q: VpcQuestion,
): boolean {
  if (r.proto === 'all') return true
  if (PROTO[r.proto] !== q.proto) return false
  return (
    r.ports === undefined || r.proto === 'icmp' || (q.dport >= r.ports[0] && q.dport <= r.ports[1])
  )
}

function peerMatches(v: Vpc, r: SgRule, peer: string): boolean {
  if (!r.peer.startsWith('sg-')) return inCidr(peer, r.peer)
  const eni = eniOf(v, peer)
  return eni >= 0 && v.enis[eni]!.groups.includes(r.peer)
}
