import { greFields } from '../gre/script.ts'
import { greWords } from '../gre/words.ts'
import type { KindScript } from '../script.ts'

export const gretap: KindScript<'gretap'> = {
  needs: {
    module: 'ip_gre',
    tried: 'ip link add g1 type gretap local 192.0.2.1 remote 192.0.2.2',
  },
  fields: greFields,
  make: (d) => [`link add name ${d.name} address ${d.mac} mtu ${d.mtu} type gretap${greWords(d)}`],
}
