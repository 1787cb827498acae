import { greWords } from '../gre/words.ts'
import { changeTunnel } from '../ipip/tool.ts'
import type { KindTool } from '../tool.ts'

export const gretap: KindTool<'gretap'> = {
  make: (d, { words }) => [`ip link add name ${d.name} ${words} type gretap${greWords(d)}`],
  fixed: ['key', 'csum'],
  change: (to, name) => changeTunnel('gretap', to, name),
  // It never tells of its carrier (rfc2863_policy()).
  state: () => 'UNKNOWN',
}
