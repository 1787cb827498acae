import { byVerb, type Tool } from '../../tool.ts'
import { ipvsSaved } from '../ipvsServers/saved.ts'
import { ipvsServices as table, virtualText } from './row.ts'

export const ipvsServices: Tool<'ipvsServices'> = {
  readAt: 11,
  editAt: 11,
  command: (c) =>
    byVerb(c, {
      keys: ['proto', 'ip', 'port'],
      add: (x) => `ipvsadm ${table.text(x)}`,
      del: (x) => `ipvsadm -D ${virtualText(x)}`,
      replace: (x) => `ipvsadm -E ${virtualText(x)} -s ${x.scheduler}`,
    }),
  print: ipvsSaved('ipvsServices'),
}
