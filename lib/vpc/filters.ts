import type { Address } from '#lib/wire/addr.ts'
import { ipOf, type Packet } from '#lib/wire/packet.ts'
import type { Edit } from '#lib/topology/edit.ts'
import type { SgFlow } from '#lib/topology/rows.ts'
import { aclVerdict } from '#lib/lookup/acl.ts'
import { sgFlow } from '#lib/lookup/security-group.ts'
import { eniById, owns } from '#lib/lookup/vpc-route.ts'
import { invert, sameTuple, tupleOf, type Question } from '#lib/nf/tuple.ts'
import { NO_WRITES, ref } from '#lib/run/record.ts'
import type { Skb } from '#lib/run/skb.ts'
import { say, type AtEni } from './place.ts'

/* What a VPC asks before it carries a packet on. False: the packet ended there. */

type Direction = 'ingress' | 'egress'

/** Network ACL of the interface's subnet: stateless, lowest number first. */
export function acl(at: AtEni, s: Skb, direction: Direction): boolean {
  const { subnet } = at.eni
  const a = aclVerdict(at.v, { subnet, direction }, questionOf(s.packet))
  const matched = ref(at.in, 'aclRules', a.matched)
  const denied = a.action === 'deny'
  say(at, s, {
    stage: direction === 'egress' ? 'acl-egress' : 'acl-ingress',
    decision: { kind: 'network-acl', direction, subnet, matched },
    drop: denied ? { reason: 'network-acl', direction, subnet, rule: matched } : null,
  })
  return !denied
}

/** Security groups of an ENI: stateful, so an answer to something allowed passes whatever the rules say. */
export function groups(at: AtEni, s: Skb, direction: Direction): boolean {
  const { v, eni } = at
  const q = tupleOf(s.packet)
  const stage = direction === 'egress' ? 'sg-egress' : 'sg-ingress'
  const known = q === null ? -1 : trackedRow(at, q)
  if (known >= 0) {
    say(at, s, {
      stage,
      decision: {
        kind: 'security-group',
        direction,
        eni: eni.id,
        matched: ref(v.name, 'sgFlows', known),
        rejected: [],
        tracked: true,
      },
    })
    return true
  }
  const a = at.run.asks.admits(v, { eni, direction }, questionOf(s.packet))
  const allowed = a.matched !== null
  say(at, s, {
    stage,
    decision: {
      kind: 'security-group',
      direction,
      eni: eni.id,
      matched: ref(v.name, 'sgRules', a.matched),
      rejected: a.rejected.map((row) => ({ in: v.name, table: 'sgRules', row })),
      tracked: false,
    },
    writes: allowed && q !== null ? trackIt(at, q) : NO_WRITES,
    drop: allowed ? null : { reason: 'security-group', direction, eni: eni.id, groups: eni.groups },
  })
  return allowed
}

/** Source/destination check: may this interface send from, or have what is for, this address? */
export function ownAddress(at: AtEni, s: Skb, stage: 'src-check' | 'dst-check'): boolean {
  const { v, eni } = at
  const ip = ipOf(s.packet)!
  const asked = stage === 'src-check' ? ip.src : ip.dst
  const enabled = eni.sourceDestCheck
  const passes = owns(eni, asked) || !enabled
  say(at, s, {
    stage,
    decision: {
      kind: 'source-dest-check',
      eni: ref(v.name, 'enis', eniById(v, eni.id))!,
      ip: asked,
      enabled,
    },
    drop: passes ? null : { reason: 'source-dest-check', eni: eni.id, ip: asked },
  })
  return passes
}

function questionOf(p: Packet): {
  proto: number
  sport: number
  dport: number
  src: Address
  dst: Address
} {
  const ip = ipOf(p)
  const q = tupleOf(p)
  return {
    proto: ip?.proto ?? 0,
    sport: q?.tuple.sport ?? 0,
    dport: q?.tuple.dport ?? 0,
    src: ip?.src ?? '0.0.0.0',
    dst: ip?.dst ?? '0.0.0.0',
  }
}

/** The flow is tracked from now on; what that writes. */
function trackIt({ run, v, eni }: AtEni, q: Question): readonly Edit[] {
  const { src, dst, sport, dport } = q.tuple
  const row = { eni: eni.id, proto: q.proto, src, dst, sport, dport }
  const mine = run.tracked.get(v.name)
  if (mine === undefined) run.tracked.set(v.name, [row])
  else mine.push(row)
  return [{ op: 'add', in: v.name, table: 'sgFlows', row }]
}

/** The row that tracks this flow, in either direction; -1: none. What this run added stands behind the rows there were. */
function trackedRow({ run, v, eni }: AtEni, q: Question): number {
  const mine = run.tracked.get(v.name)?.findIndex((f) => tracks(f, eni.id, q)) ?? -1
  return mine >= 0 ? v.sgFlows.length + mine : sgFlow(v, eni.id, q)
}

function tracks(f: SgFlow, eni: string, { proto, tuple }: Question): boolean {
  return f.eni === eni && f.proto === proto && (sameTuple(f, tuple) || sameTuple(f, invert(tuple)))
}
