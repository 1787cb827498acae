import type { KindTool } from '../tool.ts'
import { isFallback, typeWords } from './words.ts'

const OWN = ['local', 'remote', 'ttl', 'tos', 'pmtudisc'] as const

export const ipip: KindTool<'ipip'> = {
  // A MAC address it has none: its address is the local one.
  make: (d) =>
    isFallback(d)
      ? [
          'modprobe ipip',
          ...(d.mtu === undefined ? [] : [`ip link set dev ${d.name} mtu ${d.mtu}`]),
        ]
      : [
          `ip link add name ${d.name}${d.mtu === undefined ? '' : ` mtu ${d.mtu}`} type ${typeWords(d)}`,
        ],
  change: (to, name) =>
    OWN.some((k) => k in to)
      ? [
          `ip link set dev ${name} type ${typeWords(to)}${'ttl' in to && to.ttl === undefined ? ' ttl inherit' : ''}${'tos' in to && to.tos === undefined ? ' tos 0' : ''}`,
        ]
      : [],
  link: (d) =>
    `link/ipip ${d.local ?? '0.0.0.0'} ${d.remote === undefined ? 'brd 0.0.0.0' : `peer ${d.remote}`}`,
  // It never tells of its carrier (rfc2863_policy()).
  state: () => 'UNKNOWN',
}
