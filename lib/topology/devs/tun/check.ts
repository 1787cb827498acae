import { program } from '../../schema.ts'
import type { KindCheck } from '../check.ts'

export const tun: KindCheck<'tun'> = {
  fields: { program },
  beside: ({ space: n }, d, say) => {
    if (!n.daemons.some((x) => x.tun === d.name)) say('tun-held', d.name)
  },
}
