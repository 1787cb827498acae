import { addressOf, inCidr, parseCidr } from '#lib/wire/addr.ts'
import { fields, type Check } from '../../check.ts'
import { object } from '../../problem.ts'
import { ipv4, network, mac, subnetId, tableId } from '../../schema.ts'

export const subnets: Check<'subnets'> = {
  ...fields({
    id: subnetId,
    cidr: network,
    routeTable: tableId,
    router: object({ ip: ipv4, mac }),
  }),
  rows: ({ space: v }, say) => {
    const routeTables = new Set(v.vpcRoutes.map((r) => r.routeTable))
    const tableIds = [...routeTables]
    v.subnets.forEach((s, row) => {
      if (
        !v.cidrs.some(
          (c) => parseCidr(s.cidr).bits >= parseCidr(c).bits && inCidr(addressOf(s.cidr), c),
        )
      )
        say(row, 'subnet-outside', s.cidr, v.cidrs)
      if (!routeTables.has(s.routeTable)) say(row, 'subnet-routes', s.routeTable, tableIds)
    })
  },
}
