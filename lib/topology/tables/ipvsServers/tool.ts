import { byVerb, type Tool } from '../../tool.ts'
import { virtualText } from '../ipvsServices/row.ts'
import { ipvsServers as table } from './row.ts'
import { ipvsSaved } from './saved.ts'

export const ipvsServers: Tool<'ipvsServers'> = {
  readAt: 12,
  editAt: 12,
  command: (c) =>
    byVerb(c, {
      keys: ['proto', 'ip', 'port', 'to', 'toPort'],
      add: (x) => `ipvsadm ${table.text(x)}`,
      del: (x) => `ipvsadm -d ${virtualText(x)} -r ${x.to}:${x.toPort}`,
      replace: (x) => `ipvsadm -e ${table.text(x).slice(3)}`,
    }),
  print: ipvsSaved('ipvsServers'),
}
