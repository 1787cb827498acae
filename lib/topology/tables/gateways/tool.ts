import { typed } from '../../shell.ts'
import { numbered, row, sets, type Tool } from '../../tool.ts'
import { gateways as table } from './row.ts'

export const gateways: Tool<'gateways'> = {
  command: (c) => {
    const g = row(c)
    const gone = `aws ec2 delete-internet-gateway --internet-gateway-id ${c.before?.id}`
    if (c.op === 'del') return gone
    return typed({
      commands: [
        ...(c.op === 'set' && sets(c, 'id') ? [gone] : []),
        ...(c.op === 'add' || sets(c, 'id') ? ['aws ec2 create-internet-gateway'] : []),
      ],
      notes: [
        `AWS chooses the id, here ${g.id}, and the MTU${g.mtu === undefined ? '' : `, here ${g.mtu}`}, of ${g.kind === undefined ? 'a gateway' : `an ${g.kind}`}`,
      ],
    })
  },
  print: (v) => ({
    command: 'aws ec2 describe-internet-gateways',
    note: 'shortened',
    lines: numbered(v.gateways, table.text),
  }),
}
