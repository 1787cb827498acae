import { isEniId } from '../../grammar.ts'
import { typed } from '../../shell.ts'
import { type Change, numbered, sets, type Tool } from '../../tool.ts'
import { vpcRoutes as table, type VpcRoute } from './row.ts'

function targetOf(target: string): string {
  if (isEniId(target)) return `--network-interface-id ${target}`
  if (target === 'local') return '--local-target'
  return target.startsWith('pcx-')
    ? `--vpc-peering-connection-id ${target}`
    : `--gateway-id ${target}`
}

function vpcRoute(c: Change<'vpcRoutes'>): string {
  const of = (r: VpcRoute): string =>
    `--route-table-id ${r.routeTable ?? 'rtb-main'} --destination-cidr-block ${r.dst}`
  const del = (): string => `aws ec2 delete-route ${of(c.before!)}`
  const to = (verb: string, r: VpcRoute): string =>
    `aws ec2 ${verb}-route ${of(r)} ${targetOf(r.target)}`
  if (c.op === 'del') return del()
  if (c.op === 'add') return to('create', c.after!)
  return sets(c, 'routeTable', 'dst')
    ? typed({ commands: [del(), to('create', c.after!)] })
    : to('replace', c.after!)
}

export const vpcRoutes: Tool<'vpcRoutes'> = {
  readAt: 4,
  editAt: 3,
  command: vpcRoute,
  print: (v) => ({
    command: 'aws ec2 describe-route-tables',
    note: 'shortened',
    lines: numbered(v.vpcRoutes, table.text),
  }),
}
