import { netns, space, type Ref, type TableName } from '#lib/topology/topology.ts'
import type { SgRule } from '#lib/topology/rows.ts'
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
  if (s === undefined || d === undefined || !('matched' in d)) return null
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

/** A rule of a group in a line: AWS prints many. */
function groupRule({ proto, ports, direction, peer }: SgRule): string {
  const range = ports === undefined ? [] : [[...new Set(ports)].join('-')]
  return [proto, ...range, direction === 'ingress' ? 'from' : 'to', peer].join(' ')
}

/** A row as its tool prints it. */
function printed(walk: Walk, ref: Ref, step: number): Decided | null {
  const there = space(walk.after, ref.in)
  const grouped =
    ref.table === 'sgRules' && there?.kind === 'vpc' ? there.sgRules[ref.row] : undefined
  const row = grouped === undefined ? rowAsTool(walk.after, ref) : groupRule(grouped)
  return row === null ? null : { outcome: { ask: 'row', table: ref.table, row }, step }
}

/** The policy rule that chose the table of a route. */
export const rule: Reads = (walk, key) => {
  const s = stepOf(walk, key)
  const d = s?.decision
  return s === undefined || d?.kind !== 'route' || d.rule === null
    ? null
    : printed(walk, d.rule, s.n)
}
