import { typed } from '../../shell.ts'
import { numbered, row, sets, type Tool } from '../../tool.ts'
import { peerings as table } from './row.ts'

export const peerings: Tool<'peerings'> = {
  command: (c) => {
    const p = row(c)
    const gone = `aws ec2 delete-vpc-peering-connection --vpc-peering-connection-id ${c.before?.id}`
    if (c.op === 'del') return gone
    const made = c.op === 'add' || sets(c, 'id', 'cidr')
    return typed({
      commands: [
        ...(c.op === 'set' && made ? [gone] : []),
        ...(made ? ['aws ec2 create-vpc-peering-connection'] : []),
      ],
      notes: [
        `AWS chooses the id, here ${p.id}; the other VPC is ${p.cidr}, and its owner accepts`,
      ],
    })
  },
  print: (v) => ({
    command: 'aws ec2 describe-vpc-peering-connections',
    note: 'shortened',
    lines: numbered(v.peerings, table.text),
  }),
}
