import { typed } from '../../shell.ts'
import { row, sorted, type Tool } from '../../tool.ts'
import { ruleRowText, ruleTyped, type Rule } from './row.ts'

const one = (verb: 'add' | 'del', r: Rule): string =>
  `ip rule ${verb} ${ruleTyped(r)} priority ${r.priority}`

export const rules: Tool<'rules'> = {
  readAt: 2,
  editAt: 5,
  command: (c) =>
    c.op === 'set'
      ? typed({ commands: [one('del', c.before!), one('add', c.after!)] })
      : one(c.op, row(c)),
  print: (n) => ({
    command: 'ip rule',
    lines: sorted(n.rules, (a, b) => a.priority - b.priority, ruleRowText),
  }),
}
