import { byVerb, numbered, type Tool } from '../../tool.ts'
import { neighText, neighTyped, type Neigh } from './row.ts'

const to =
  (verb: 'add' | 'replace') =>
  (n: Neigh): string =>
    `ip neigh ${verb} ${neighTyped(n)}`

export const neigh: Tool<'neigh'> = {
  readAt: 3,
  editAt: 2,
  command: (c) =>
    byVerb(c, {
      keys: ['ip', 'dev'],
      add: to('add'),
      del: (n) => `ip neigh del ${n.ip}${n.dev === undefined ? '' : ` dev ${n.dev}`}`,
      replace: to('replace'),
    }),
  print: (n) => ({ command: 'ip neigh', lines: numbered(n.neigh, neighText) }),
}
