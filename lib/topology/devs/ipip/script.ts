import { flag, ipv4, oneOf, opt, whole } from '../../script.ts'
import type { KindScript } from '../script.ts'
import { isFallback, tunnelWords } from './words.ts'

export const tunnelFields = {
  local: opt(ipv4),
  remote: opt(ipv4),
  ttl: opt(whole(1, 255)),
  tos: opt(oneOf('inherit')),
  pmtudisc: opt(flag),
} as const

export const ipip: KindScript<'ipip'> = {
  needs: {
    module: 'ipip',
    tried: 'ip link add i0 type ipip local 192.0.2.1 remote 192.0.2.2',
  },
  fields: tunnelFields,
  // The module has made tunl0 in each namespace.
  make: (d) => [
    isFallback(d)
      ? `link set dev ${d.name} mtu ${d.mtu}`
      : `link add name ${d.name} mtu ${d.mtu} type ipip${tunnelWords(d)}`,
  ],
}
