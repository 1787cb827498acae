import { overlaps } from '#lib/wire/addr.ts'
import { fields, type Check } from '../../check.ts'
import { network, peeringId } from '../../schema.ts'

export const peerings: Check<'peerings'> = {
  ...fields({ id: peeringId, cidr: network }),
  rows: ({ space: v }, say) => {
    v.peerings.forEach((p, row) => {
      const own = v.cidrs.find((c) => overlaps(c, p.cidr))
      if (own !== undefined) say(row, 'peering-overlap', p.cidr, own)
    })
  },
}
