import type { Ref } from '#lib/topology/topology.ts'
import type { Decision } from '#lib/trace/decision.ts'

const NONE: readonly Ref[] = []

/** The rows a decision rested on: the one that decided and the near misses. */
export function refsOf(d: Decision): {
  readonly matched: Ref | null
  readonly rejected: readonly Ref[]
} {
  switch (d.kind) {
    case 'route':
      return { matched: d.matched ?? d.rule, rejected: d.rejected }
    case 'lease':
    case 'security-group':
    case 'vpc-route':
      return { matched: d.matched, rejected: d.rejected }
    // A random rule that was asked and did not match came near.
    case 'hook':
      return {
        matched: d.matched,
        rejected: d.draws?.filter((x) => x.value >= x.probability).map((x) => x.rule) ?? NONE,
      }
    case 'conntrack':
    case 'ipvs':
    case 'neigh':
    case 'fdb':
    case 'socket':
    case 'sysctl':
    case 'network-acl':
      return { matched: d.matched, rejected: NONE }
    case 'source-check':
      return { matched: d.reverse, rejected: NONE }
    case 'device':
      return { matched: d.dev, rejected: NONE }
    case 'source-dest-check':
      return { matched: d.eni, rejected: NONE }
    case 'vpc-mapping':
      return { matched: d.eni ?? d.peer ?? null, rejected: NONE }
    case 'app':
    case 'arp':
    case 'ttl':
    case 'mtu':
    case 'fragments':
    case 'icmp':
    case 'igw':
      return { matched: null, rejected: NONE }
  }
}

/** The rules behind the mark that a decision depended on: the one that set it, then those that copied it. */
export function marksOf(d: Decision): readonly Ref[] {
  return (d.kind === 'route' || d.kind === 'hook' ? d.marks : undefined) ?? NONE
}
