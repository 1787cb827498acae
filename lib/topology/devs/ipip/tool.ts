import type { KindTool } from '../tool.ts'
import { isFallback, linkWords, OWN, tunnelWords, type Own } from './words.ts'

/** The command that changes fields of a tunnel. */
export function changeTunnel(type: string, to: Own, name: string): readonly string[] {
  if (!OWN.some((k) => k in to)) return []
  const back = [
    ...('ttl' in to && to.ttl === undefined ? [' ttl inherit'] : []),
    ...('tos' in to && to.tos === undefined ? [' tos 0'] : []),
  ].join('')
  return [`ip link set dev ${name} type ${type}${tunnelWords(to)}${back}`]
}

export const ipip: KindTool<'ipip'> = {
  // A MAC address it has none: its address is the local one.
  make({ name, mtu, ...d }) {
    const size = mtu === undefined ? '' : ` mtu ${mtu}`
    if (!isFallback(d)) return [`ip link add name ${name}${size} type ipip${tunnelWords(d)}`]
    return ['modprobe ipip', ...(size === '' ? [] : [`ip link set dev ${name}${size}`])]
  },
  change: (to, name) => changeTunnel('ipip', to, name),
  link: (d) => linkWords('ipip', d),
  // It never tells of its carrier (rfc2863_policy()).
  state: () => 'UNKNOWN',
}
