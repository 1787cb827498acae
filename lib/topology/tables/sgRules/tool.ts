import { typed } from '../../shell.ts'
import type { Change, Tool, ToolLine } from '../../tool.ts'
import type { Vpc } from '../../topology.ts'
import { permission, type SgRule } from './row.ts'

function sgRule(c: Change<'sgRules'>): string {
  const one = (verb: string, r: SgRule): string => {
    const peer = r.peer.startsWith('sg-') ? `--source-group ${r.peer}` : `--cidr ${r.peer}`
    const port =
      r.ports === undefined
        ? ''
        : ` --port ${r.ports[0] === r.ports[1] ? r.ports[0] : r.ports.join('-')}`
    return `aws ec2 ${verb}-security-group-${r.direction ?? 'ingress'} --group-id ${r.group ?? 'sg-node'} --protocol ${r.proto ?? 'all'}${port} ${peer}`
  }
  return c.op === 'add'
    ? one('authorize', c.after!)
    : c.op === 'del'
      ? one('revoke', c.before!)
      : typed({ commands: [one('revoke', c.before!), one('authorize', c.after!)] })
}

/** Group by group: what may come in, what may go out. Names, owners and descriptions are left out, and each permission stands on one line. */
function groupLines(v: Vpc): ToolLine[] {
  const lines: ToolLine[] = [{ text: '{ "SecurityGroups": [', row: null }]
  const groups = [...new Set(v.sgRules.map((r) => r.group))]
  groups.forEach((group, g) => {
    lines.push({ text: `  { "GroupId": "${group}",`, row: null })
    for (const [name, direction] of [
      ['IpPermissions', 'ingress'],
      ['IpPermissionsEgress', 'egress'],
    ] as const) {
      const own = v.sgRules.flatMap((r, row) =>
        r.group === group && r.direction === direction ? [{ text: permission(r), row }] : [],
      )
      const end = direction === 'ingress' ? ',' : g < groups.length - 1 ? ' },' : ' }'
      if (own.length === 0) {
        lines.push({ text: `    "${name}": []${end}`, row: null })
        continue
      }
      lines.push(
        { text: `    "${name}": [`, row: null },
        ...own.map((l, i) => ({
          text: `      ${l.text}${i < own.length - 1 ? ',' : ''}`,
          row: l.row,
        })),
        { text: `    ]${end}`, row: null },
      )
    }
  })
  return [...lines, { text: '] }', row: null }]
}

export const sgRules: Tool<'sgRules'> = {
  readAt: 2,
  editAt: 1,
  command: sgRule,
  print: (v) => ({
    command: 'aws ec2 describe-security-groups',
    note: 'as documented, shortened',
    lines: groupLines(v),
  }),
}
