import { fields, type Check } from '../../check.ts'
import { ipv4, mac, gatewayId, at } from '../../schema.ts'

export const outside: Check<'outside'> = {
  ...fields({ gateway: gatewayId, ip: ipv4, mac, attached: at }),
  rows: ({ space: v }, say) => {
    const gatewayIds = [...new Set(v.gateways.map((g) => g.id))]
    v.outside.forEach((o, row) => {
      if (!gatewayIds.includes(o.gateway)) say(row, 'no-outside-gateway', o.gateway, gatewayIds)
    })
  },
}
