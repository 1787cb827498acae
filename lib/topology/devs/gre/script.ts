import { flag, ipv4, opt, u32 } from '../../script.ts'
import { tunnelFields } from '../ipip/script.ts'
import type { KindScript } from '../script.ts'
import { greWords } from './words.ts'

export const greFields = { ...tunnelFields, remote: ipv4, key: opt(u32), csum: opt(flag) } as const

export const gre: KindScript<'gre'> = {
  needs: { module: 'ip_gre', tried: 'ip link add g0 type gre local 192.0.2.1 remote 192.0.2.2' },
  fields: greFields,
  make: (d) => [`link add name ${d.name} mtu ${d.mtu} type gre${greWords(d)}`],
}
