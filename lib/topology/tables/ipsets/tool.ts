import { byVerb, type Tool } from '../../tool.ts'
import type { IpSet } from './row.ts'
import { ipsetSaved } from './saved.ts'

const create = ({ name, type, range, maxelem }: IpSet): string =>
  [
    `ipset create ${name} ${type}`,
    ...(range === undefined ? [] : [`range ${range}`]),
    ...(maxelem === undefined ? [] : [`maxelem ${maxelem}`]),
  ].join(' ')

export const ipsets: Tool<'ipsets'> = {
  readAt: 13,
  editAt: 13,
  command: (c) =>
    byVerb(c, {
      keys: ['name', 'type', 'range', 'maxelem'],
      add: create,
      del: ({ name }) => `ipset destroy ${name}`,
      replace: create,
    }),
  print: ipsetSaved('ipsets'),
}
