import { typed } from '../../shell.ts'
import { numbered, row, type Tool } from '../../tool.ts'
import { outside as table } from './row.ts'

export const outside: Tool<'outside'> = {
  command: (c) => {
    const h = row(c)
    return typed({
      commands: [],
      notes: [
        `outside AWS, nobody can type this: ${h.ip} ${h.mac} behind ${h.gateway}${h.attached === undefined ? '' : `, ${h.attached.dev} of ${h.attached.netns}`}`,
      ],
    })
  },
  print: (v) => ({
    command: 'hosts beyond the gateway',
    lines: numbered(v.outside, table.text),
  }),
}
