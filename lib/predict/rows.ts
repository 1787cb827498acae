import { netns, space, type Ref, type TableName, type Topology } from '#lib/topology/topology.ts'
import type { Lease, SgRule } from '#lib/topology/rows.ts'
import type { Step, Walk } from '#lib/trace/walk.ts'
import { rowAsTool } from '#lib/analysis/print/tools.ts'
import { stepOf, type Decided, type Reads } from './asked.ts'

/* Which row of a table decides a step. */

/** Tables of which no row may answer. */
const ASKED: { readonly [K in Step['decision']['kind']]?: TableName } = {
  route: 'routes',
  neigh: 'neigh',
  fdb: 'fdb',
  lease: 'leases',
  'security-group': 'sgRules',
}

export const row: Reads = (walk, key) => {
  const s = stepOf(walk, key)
  const d = s?.decision
  if (s === undefined || d === undefined) return null
  if (d.kind === 'vpc-mapping' && d.peer === undefined)
    return d.eni === null
      ? { outcome: { ask: 'row', table: 'enis', row: null }, step: s.n }
      : printed(walk, d.eni, s.n)
  if (!('matched' in d)) return null
  if (d.matched === null) {
    const table = s.drop === null && d.kind !== 'neigh' ? undefined : ASKED[d.kind]
    return table === undefined ? null : { outcome: { ask: 'row', table, row: null }, step: s.n }
  }
  if (d.kind === 'route' && d.local) return ownAddress(walk, s)
  return printed(walk, d.matched, s.n)
}

/** An address of the machine's own, as `ip route show table local` prints it. */
function ownAddress(walk: Walk, { in: name, decision: d, n }: Step): Decided | null {
  if (d.kind !== 'route') return null
  const device = netns(walk.before, name)?.devs[d.matched?.row ?? -1]?.name ?? 'lo'
  const row = `local ${d.dst} dev ${device}`
  return { outcome: { ask: 'row', table: 'routes', row }, step: n }
}

/** A lease in a line: whose file of etcd it is, is not asked. */
const leased = ({ subnet, publicIp }: Lease): string => `${subnet} → ${publicIp}`

/** A rule of a group in a line: AWS prints many. */
function groupRule({ proto, ports, direction, peer }: SgRule): string {
  const range = ports === undefined ? [] : [[...new Set(ports)].join('-')]
  return [proto, ...range, direction === 'ingress' ? 'from' : 'to', peer].join(' ')
}

/** A row as its tool prints it. */
function printed(walk: Walk, ref: Ref, step: number): Decided | null {
  const row = inShort(walk.after, ref) ?? rowAsTool(walk.after, ref)
  return row === null ? null : { outcome: { ask: 'row', table: ref.table, row }, step }
}

/** What its tool prints longer than it can be chosen by. */
function inShort(t: Topology, { in: name, table, row: n }: Ref): string | null {
  const there = space(t, name)
  const group = table === 'sgRules' && there?.kind === 'vpc' ? there.sgRules[n] : undefined
  if (group !== undefined) return groupRule(group)
  const eni = table === 'enis' && there?.kind === 'vpc' ? there.enis[n] : undefined
  if (eni !== undefined) return `${eni.id}: ${eni.ips.join(', ')}`
  const lease = table === 'leases' ? netns(t, name)?.leases[n] : undefined
  return lease === undefined ? null : leased(lease)
}

/** The tables whose rows somebody may pick for a step. */
const PICKED: { readonly [K in Step['decision']['kind']]?: TableName } = {
  ...ASKED,
  hook: 'netfilter',
  'vpc-mapping': 'enis',
}

/** A row that was picked for a step: what it leads to says the walk, which row it is whoever picked it. Null: no row. */
export function pickedRow(
  walk: Walk,
  key: string,
  { row: n, table }: { readonly row: number; readonly table?: 'rules' | undefined },
): Decided | null {
  const s = stepOf(walk, key)
  const of = s === undefined ? undefined : (table ?? PICKED[s.decision.kind])
  return s === undefined || of === undefined
    ? null
    : printed(walk, { in: s.in, table: of, row: n }, s.n)
}

/** The policy rule that chose the table of a route. */
export const rule: Reads = (walk, key) => {
  const s = stepOf(walk, key)
  const d = s?.decision
  return s === undefined || d?.kind !== 'route' || d.rule === null
    ? null
    : printed(walk, d.rule, s.n)
}
