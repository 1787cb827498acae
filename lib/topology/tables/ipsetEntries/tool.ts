import { byVerb, type Tool } from '../../tool.ts'
import { ipsetSaved } from '../ipsets/saved.ts'
import { ipsetEntries as table } from './row.ts'

export const ipsetEntries: Tool<'ipsetEntries'> = {
  readAt: 14,
  editAt: 14,
  command: (c) =>
    byVerb(c, {
      keys: ['set', 'entry', 'nomatch'],
      add: (x) => `ipset ${table.text(x)}`,
      del: ({ set, entry }) => `ipset del ${set} ${entry}`,
      replace: (x) => `ipset ${table.text(x)}`,
    }),
  print: ipsetSaved('ipsetEntries'),
}
