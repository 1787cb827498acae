import { changeTunnel } from '../ipip/tool.ts'
import { linkWords } from '../ipip/words.ts'
import type { KindTool } from '../tool.ts'
import { greWords } from './words.ts'

export const gre: KindTool<'gre'> = {
  // A MAC address it has none: its address is the local one.
  make: (d) => [
    `ip link add name ${d.name}${d.mtu === undefined ? '' : ` mtu ${d.mtu}`} type gre${greWords(d)}`,
  ],
  fixed: ['key', 'csum'],
  change: (to, name) => changeTunnel('gre', to, name),
  link: (d) => linkWords('gre', d),
  // It never tells of its carrier (rfc2863_policy()).
  state: () => 'UNKNOWN',
}
