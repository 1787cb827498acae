import { inCidr } from '#lib/wire/addr.ts'
import { fields, type Check } from '../../check.ts'
import { ipv4, mac, gatewayId, at } from '../../schema.ts'

export const outside: Check<'outside'> = {
  ...fields({ gateway: gatewayId, ip: ipv4, mac, attached: at }),
  rows: ({ space: v }, say) => {
    const gatewayIds = [...new Set([...v.gateways, ...v.peerings].map((g) => g.id))]
    v.outside.forEach((o, row) => {
      if (!gatewayIds.includes(o.gateway)) say(row, 'no-outside-gateway', o.gateway, gatewayIds)
      const peering = v.peerings.find((p) => p.id === o.gateway)
      if (peering !== undefined && !inCidr(o.ip, peering.cidr))
        say(row, 'outside-peering', o.ip, peering.id, peering.cidr)
    })
  },
}
