import type { NicDev } from '#lib/topology/devs.ts'
import { eniById } from '#lib/lookup/vpc-route.ts'
import { wake } from '#lib/run/clock.ts'
import { vpcOf } from '#lib/run/live.ts'
import type { At } from '#lib/run/run.ts'
import { scrubbed, type Skb } from '#lib/run/skb.ts'
import { arp } from './arp.ts'
import { egress } from './egress.ts'
import { fromOutside } from './gateway.ts'
import { atEni, inVpc, unplugged } from './place.ts'

/** A frame leaves a NIC: into its ENI, or, for a host beyond a gateway, towards that gateway. */
export function fabric({ run, dev }: At<NicDev>, s: Skb): void {
  const { wire } = dev
  wake(run, 'wire', () => {
    const v = vpcOf(run, wire.vpc)
    const out = scrubbed(s)
    if ('gateway' in wire) return fromOutside(inVpc(run, v, wire.gateway), out)
    const at = inVpc(run, v, wire.eni)
    const eni = v.enis[eniById(v, wire.eni)]
    if (eni === undefined) return unplugged(at, out)
    if (out.packet.headers[1]?.kind === 'arp') arp(atEni(at, eni), out)
    else egress(atEni(at, eni), out)
  })
}
