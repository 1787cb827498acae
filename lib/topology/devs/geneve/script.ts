import { either, flag, ipv4, oneOf, opt, port, whole } from '../../script.ts'
import type { KindScript } from '../script.ts'
import { typeWords } from './words.ts'

export const geneve: KindScript<'geneve'> = {
  needs: { module: 'geneve', tried: 'ip link add g2 type geneve id 1 remote 192.0.2.2' },
  fields: {
    vni: whole(0, 0xffffff),
    remote: ipv4,
    port,
    ttl: opt(either(whole(1, 255), oneOf('inherit'))),
    tos: opt(oneOf('inherit')),
    df: opt(oneOf('set', 'inherit')),
    udpcsum: opt(flag),
  },
  make: (d) => [`link add name ${d.name} address ${d.mac} mtu ${d.mtu} type ${typeWords(d)}`],
}
