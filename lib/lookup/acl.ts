import { inCidr } from '#lib/wire/addr.ts'
import type { AclRule } from '#lib/topology/rows.ts'
import type { Vpc } from '#lib/topology/topology.ts'
import { indexed } from '#lib/topology/indexed.ts'
import { protoMatches, type VpcQuestion } from './security-group.ts'

/** `matched` is a row of aclRules; null is the rule `*` that ends every list, or the default ACL. */
export interface AclVerdict {
  readonly matched: number | null
  readonly action: 'allow' | 'deny'
}

type Direction = AclRule['direction']
const bySubnet = indexed(
  (
    rows: readonly AclRule[],
  ): ReadonlyMap<string, { readonly [D in Direction]: readonly number[] }> => {
    const subnets = new Map<string, { [D in Direction]: number[] }>()
    rows.forEach((row, i) => {
      let lists = subnets.get(row.subnet)
      if (lists === undefined) subnets.set(row.subnet, (lists = { ingress: [], egress: [] }))
      lists[row.direction].push(i)
    })
    for (const lists of subnets.values())
      for (const d of ['ingress', 'egress'] as const)
        lists[d].sort((a, b) => rows[a]!.number - rows[b]!.number || a - b)
    return subnets
  },
)

/** The network ACL of a subnet: stateless, lowest number first, first match wins, else deny. A subnet without any row has the default ACL, which allows all. */
export function aclVerdict(
  v: Vpc,
  { subnet, direction }: { readonly subnet: string; readonly direction: Direction },
  q: VpcQuestion,
): AclVerdict {
  const lists = bySubnet(v.aclRules).get(subnet)
  if (lists === undefined) return { matched: null, action: 'allow' }
  const peer = direction === 'ingress' ? q.src : q.dst
  for (const row of lists[direction]) {
    const r = v.aclRules[row]!
    if (protoMatches(r, q) && inCidr(peer, r.cidr)) return { matched: row, action: r.action }
  }
  return { matched: null, action: 'deny' }
}
