import { typed } from '../../shell.ts'
import { numbered, row, sets, type Tool } from '../../tool.ts'
import { subnets as table } from './row.ts'

export const subnets: Tool<'subnets'> = {
  readAt: 5,
  command: (c) => {
    const s = row(c)
    const table = `aws ec2 associate-route-table --subnet-id ${s.id} --route-table-id ${s.routeTable}`
    if (c.op === 'del') return `aws ec2 delete-subnet --subnet-id ${s.id}`
    if (c.op === 'set' && !sets(c, 'id', 'cidr', 'router')) return table
    const notes = [
      `AWS chooses the id, here ${s.id}, and makes the router${s.router === undefined ? '' : `, here ${s.router.ip} with ${s.router.mac}`}`,
    ]
    return typed({
      commands: [
        ...(c.op === 'set' ? [`aws ec2 delete-subnet --subnet-id ${c.before!.id}`] : []),
        `aws ec2 create-subnet --cidr-block ${s.cidr}`,
        ...(s.routeTable === undefined ? [] : [table]),
      ],
      notes,
    })
  },
  print: (v) => ({
    command: 'aws ec2 describe-subnets',
    note: 'shortened',
    lines: numbered(v.subnets, table.text),
  }),
}
