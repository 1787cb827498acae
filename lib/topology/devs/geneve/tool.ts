import type { KindTool } from '../tool.ts'
import { outerWords, typeWords } from './words.ts'

const OWN = ['remote', 'ttl', 'tos', 'df'] as const

export const geneve: KindTool<'geneve'> = {
  make: (d, { words }) => [`ip link add name ${d.name} ${words} type ${typeWords(d)}`],
  fixed: ['vni', 'port', 'udpcsum'],
  change(to, name) {
    if (!OWN.some((k) => k in to)) return []
    const back = [
      ...(to.remote === undefined ? [] : [` remote ${to.remote}`]),
      ...('ttl' in to && to.ttl === undefined ? [' ttl auto'] : []),
      ...('tos' in to && to.tos === undefined ? [' tos 0'] : []),
      ...('df' in to && to.df === undefined ? [' df unset'] : []),
    ].join('')
    return [`ip link set dev ${name} type geneve${back}${outerWords(to)}`]
  },
  // It never tells of its carrier (rfc2863_policy()).
  state: () => 'UNKNOWN',
}
