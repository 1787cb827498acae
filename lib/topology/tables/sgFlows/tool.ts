import { typed } from '../../shell.ts'
import { numbered, row, type Tool } from '../../tool.ts'
import { sgFlows as table } from './row.ts'

export const sgFlows: Tool<'sgFlows'> = {
  readAt: 6,
  command: (c) => {
    const f = row(c)
    return typed({
      commands: [],
      notes: [
        `AWS tracks connections by itself, nobody can type this: ${f.eni} ${f.proto} ${f.src}:${f.sport} → ${f.dst}:${f.dport}`,
      ],
    })
  },
  print: (v) => ({
    command: 'tracked by the security groups (not to be listed in AWS)',
    lines: numbered(v.sgFlows, table.text),
  }),
}
