import type { Edit } from '#lib/topology/edit.ts'
import { rowAt, type Ref, type Topology } from '#lib/topology/topology.ts'
import type { Step } from '#lib/trace/walk.ts'
import { marksOf, refsOf } from './refs.ts'

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)

/** Does this edit change the row that decided a step, or what the step stands on without a row of its own: the daemon that was asked, the device it is at? */
export function concerns(edit: Edit, step: Step, topology: Topology): boolean {
  if (edit.op === 'add') return false
  const { matched } = refsOf(step.decision)
  const d = step.decision
  const rule = d.kind === 'route' ? d.rule : null
  if ([matched, rule, ...marksOf(d)].some((ref) => at(edit, ref, topology))) return true
  if (edit.in !== step.in) return false
  if (edit.table === 'daemons') return d.kind === 'lease' && edit.where['name'] === d.daemon
  if (edit.table === 'devs')
    return (
      edit.where['name'] === (d.kind === 'mtu' ? d.dev : step.dev) &&
      (d.kind === 'mtu' || d.kind === 'device')
    )
  return edit.table === 'sysctls' && d.kind === 'sysctl' && edit.where['key'] === d.key
}

function at(edit: Exclude<Edit, { op: 'add' }>, ref: Ref | null, topology: Topology): boolean {
  if (ref === null || ref.in !== edit.in || ref.table !== edit.table) return false
  const row = rowAt(topology, ref) as unknown as Readonly<Record<string, unknown>> | undefined
  return row !== undefined && Object.entries(edit.where).every(([k, v]) => same(row[k], v))
}
