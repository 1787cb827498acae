import { typed } from '../../shell.ts'
import { numbered, sets, type Tool } from '../../tool.ts'
import { sysctls as table } from './row.ts'

const gone = (key: string): string => `sysctl -w ${key}=0`

export const sysctls: Tool<'sysctls'> = {
  readAt: 9,
  editAt: 9,
  command: (c) =>
    c.op === 'del'
      ? gone(c.before!.key)
      : typed({
          commands: [
            ...(c.op === 'set' && sets(c, 'key') ? [gone(c.before!.key)] : []),
            `sysctl -w ${c.after!.key}=${c.after!.value}`,
          ],
        }),
  print: (n) => ({
    command: 'sysctl',
    note: 'shortened',
    lines: numbered(n.sysctls, table.text),
  }),
}
