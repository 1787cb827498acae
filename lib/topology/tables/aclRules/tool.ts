import { typed } from '../../shell.ts'
import { type Change, numbered, sets, type Tool } from '../../tool.ts'
import { words } from '../../text.ts'
import { awsProtocol } from '../sgRules/row.ts'
import { aclRules as table, type AclRule } from './row.ts'

function aclRule(c: Change<'aclRules'>): string {
  const of = (r: AclRule): string =>
    `--network-acl-id acl-of-${r.subnet} --${r.direction} --rule-number ${r.number}`
  const del = (): string => `aws ec2 delete-network-acl-entry ${of(c.before!)}`
  const to = (verb: string, r: AclRule): string =>
    words(
      `aws ec2 ${verb}-network-acl-entry ${of(r)}`,
      `--protocol ${awsProtocol(r.proto)}`,
      r.ports !== undefined && `--port-range From=${r.ports[0]},To=${r.ports[1]}`,
      `--cidr-block ${r.cidr} --rule-action ${r.action}`,
    )
  if (c.op === 'del') return del()
  if (c.op === 'add') return to('create', c.after!)
  return sets(c, 'subnet', 'direction', 'number')
    ? typed({ commands: [del(), to('create', c.after!)] })
    : to('replace', c.after!)
}

export const aclRules: Tool<'aclRules'> = {
  readAt: 3,
  editAt: 4,
  command: aclRule,
  print: (v) => ({
    command: 'aws ec2 describe-network-acls',
    note: 'shortened',
    lines: numbered(v.aclRules, table.text),
  }),
}
