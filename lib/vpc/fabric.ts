import { ipOf } from '#lib/wire/packet.ts'
import { untagged } from '#lib/wire/vlan.ts'
import type { NicDev } from '#lib/topology/devs.ts'
import { eniById } from '#lib/lookup/vpc-route.ts'
import { wake } from '#lib/run/clock.ts'
import { vpcOf } from '#lib/run/live.ts'
import type { At } from '#lib/run/run.ts'
import { scrubbed, type Skb } from '#lib/run/skb.ts'
import { arp } from './arp.ts'
import { egress } from './egress.ts'
import { fromOutside } from './gateway.ts'
import { atEni, inVpc, say, unplugged, type InVpc } from './place.ts'

/** A frame leaves a NIC: into its ENI or, by its tag, into a branch of it, which the Nitro card tells apart; or, for a host beyond a gateway, towards that gateway. */
export function fabric({ run, dev }: At<NicDev>, s: Skb): void {
  const { wire } = dev
  wake(run, 'wire', () => {
    const v = vpcOf(run, wire.vpc)
    const out = scrubbed(s)
    if ('gateway' in wire) return fromOutside(inVpc(run, v, wire.gateway), out)
    const at = inVpc(run, v, wire.eni)
    let eni = v.enis[eniById(v, wire.eni)]
    if (eni === undefined) return unplugged(at, out)
    const tag = out.packet.headers[1]
    if (tag !== undefined && tag.kind === 'vlan') {
      const { vid } = tag
      eni = v.enis.find((e) => e.branch?.trunk === wire.eni && e.branch.vlan === vid)
      if (eni === undefined) return strange(at, out, vid)
      out.packet = untagged(out.packet)
    }
    if (out.packet.headers[1]?.kind === 'arp') arp(atEni(at, eni), out)
    else egress(atEni(at, eni), out)
  })
}

/** A tag that is no branch interface's: no page of AWS's says what becomes of it; the Nitro card has nobody to give it to. */
function strange(at: InVpc, s: Skb, vid: number): void {
  say(at, s, {
    stage: 'vpc-encap',
    decision: { kind: 'vpc-mapping', dst: ipOf(s.packet)?.dst ?? '0.0.0.0', eni: null },
    drop: { reason: 'vlan-unknown', vid, dev: at.on },
  })
}
