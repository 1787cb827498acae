import type { KindTool } from '../tool.ts'
import { learning, typeWords } from './words.ts'

export const vxlan: KindTool<'vxlan'> = {
  make: (d, { words }) => [`ip link add name ${d.name} ${words} type ${typeWords(d)}`],
  fixed: ['vni', 'port', 'udpcsum'],
  change: (to, name) => [
    ...(to.learning === undefined
      ? []
      : [`ip link set dev ${name} type vxlan ${learning(to.learning)}`]),
    ...(to.local === undefined ? [] : [`ip link set dev ${name} type vxlan local ${to.local}`]),
  ],
  // It never tells of its carrier (rfc2863_policy()).
  state: () => 'UNKNOWN',
}
