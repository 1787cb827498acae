import { ipOf, pop, push } from '#lib/wire/packet.ts'
import type { Subnet } from '#lib/topology/rows.ts'
import { eniById, outsideHost } from '#lib/lookup/vpc-route.ts'
import { ref } from '#lib/run/record.ts'
import type { Skb } from '#lib/run/skb.ts'
import { ingress } from './ingress.ts'
import { arrive, atEni, inVpc, say, type AtEni, type InVpc } from './place.ts'

/*
 * A peering connection is no gateway: nothing is translated, no TTL is lowered, and no device of the customer's carries the packet (VPC peering guide).
 * Of the other VPC the hosts are known, and nothing that it asks: its groups, lists and route table let all pass that is for one of them.
 */

/** To a host of the other VPC. */
export function toPeer(
  { run, v }: AtEni,
  s: Skb,
  { subnet, peering }: { readonly subnet: Subnet; readonly peering: string },
): void {
  const { dst } = ipOf(s.packet)!
  const row = outsideHost(v, peering, dst)
  const host = v.outside[row]
  say(inVpc(run, v, peering), s, {
    stage: 'vpc-encap',
    decision: {
      kind: 'vpc-mapping',
      dst,
      eni: null,
      ...(host === undefined ? {} : { peer: ref(v.name, 'outside', row)! }),
    },
    drop: host === undefined ? { reason: 'vpc-unknown-address', dst } : null,
  })
  if (host === undefined) return
  s.packet = push(pop(s.packet), { kind: 'ethernet', dst: host.mac, src: subnet.router.mac })
  arrive(run, host.attached, s)
}

/** From a host of the other VPC, to an address of this one: the interface that has it. */
export function fromPeer(at: InVpc, s: Skb): void {
  const { run, v } = at
  const { dst } = ipOf(s.packet)!
  const eni = v.enis[run.asks.mapping(v, dst)]
  say(at, s, {
    stage: 'vpc-encap',
    decision: {
      kind: 'vpc-mapping',
      dst,
      eni: eni === undefined ? null : ref(v.name, 'enis', eniById(v, eni.id)),
    },
    drop: eni === undefined ? { reason: 'vpc-unknown-address', dst } : null,
  })
  if (eni !== undefined) ingress(atEni(at, eni), s, { subnet: null, mac: null })
}
