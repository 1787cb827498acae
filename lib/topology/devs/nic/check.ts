import * as v from 'valibot'
import { object, short, tell } from '../../problem.ts'
import { eniId, gatewayId, spaceName } from '../../schema.ts'
import { vpc } from '../../topology.ts'
import type { KindCheck } from '../check.ts'

export const nic: KindCheck<'nic'> = {
  fields: {
    wire: v.union(
      [object({ vpc: spaceName, eni: eniId }), object({ vpc: spaceName, gateway: gatewayId })],
      (i) => tell('wire', short(i.input)),
    ),
  },
  beside: ({ topology, known }, d, say) => {
    const w = d.wire
    const there = vpc(topology, w.vpc)
    if (there === undefined) return say('no-vpc', w.vpc)
    if ('gateway' in w) {
      const gateways = [...there.gateways, ...there.peerings].map((g) => g.id)
      if (!gateways.includes(w.gateway)) say('no-gateway', there.name, w.gateway, gateways)
      return
    }
    const eni = known.enis(there).get(w.eni)
    if (eni === undefined) say('no-eni', there.name, w.eni, known.eniIds(there))
    else if (eni.mac !== d.mac) say('eni-mac', d.name, d.mac, eni.id, eni.mac)
  },
}
