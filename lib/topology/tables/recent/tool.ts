import { typed } from '../../shell.ts'
import { byVerb, numbered, type Tool } from '../../tool.ts'
import type { Recent } from './row.ts'
import { recent as table } from './row.ts'

const told = (sign: '+' | '-', { list, ip, ago }: Recent): string =>
  typed({
    commands: [`echo ${sign}${ip} > /proc/net/xt_recent/${list}`],
    notes: ago === undefined || sign === '-' ? [] : [`${ago} s ago`],
  })

export const recent: Tool<'recent'> = {
  readAt: 15,
  command: (c) =>
    byVerb(c, {
      keys: ['list', 'ip'],
      add: (x) => told('+', x),
      del: (x) => told('-', x),
      replace: (x) => told('+', x),
    }),
  print: (n) => ({
    command: 'grep . /proc/net/xt_recent/*',
    note: 'without ttl, and without the times, which count the kernel’s ticks',
    lines: numbered(n.recent, table.text),
  }),
}
