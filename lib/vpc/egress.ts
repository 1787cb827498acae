import { inCidr, type Address } from '#lib/wire/addr.ts'
import { ipOf, type Ethernet } from '#lib/wire/packet.ts'
import type { Eni } from '#lib/topology/rows.ts'
import { eniById, eniByMac, vpcRoute } from '#lib/lookup/vpc-route.ts'
import { ref } from '#lib/run/record.ts'
import type { Skb } from '#lib/run/skb.ts'
import { acl, groups, ownAddress } from './filters.ts'
import { toInternet } from './gateway.ts'
import { ingress } from './ingress.ts'
import { toPeer } from './peering.ts'
import { atEni, say, subnetOf, unplugged, type AtEni } from './place.ts'

/** Everything a packet meets between an ENI and the router. */
export function egress(at: AtEni, s: Skb): void {
  const { run, v, eni } = at
  const frame = s.packet.headers[0] as Ethernet
  const ip = ipOf(s.packet)
  const subnet = subnetOf(at)
  if (ip === undefined || subnet === undefined) return unplugged(at, s)
  if (!groups(at, s, 'egress')) return
  if (!ownAddress(at, s, 'src-check')) return
  // To another ENI's MAC the frame stays in the subnet whatever its destination address: that is how a guest router is reached.
  const neighbour =
    frame.dst === subnet.router.mac ? undefined : sameSubnet(v.enis[eniByMac(v, frame.dst)], eni)
  if (neighbour !== undefined) {
    mapped(at, s, { dst: ip.dst, to: neighbour })
    return ingress(atEni(at, neighbour), s, { subnet: subnet.id, mac: frame.src })
  }
  const r = vpcRoute(v, subnet.routeTable, ip.dst)
  const leaves = r.target !== 'local' || !inCidr(ip.dst, subnet.cidr)
  if (leaves && !acl(at, s, 'egress')) return
  say(at, s, {
    stage: 'vpc-route',
    decision: {
      kind: 'vpc-route',
      dst: ip.dst,
      matched: ref(v.name, 'vpcRoutes', r.matched),
      rejected: r.rejected.map((row) => ({ in: v.name, table: 'vpcRoutes', row })),
      target: r.target,
    },
    drop: r.target === null ? { reason: 'vpc-no-route', dst: ip.dst } : null,
  })
  if (r.target === null) return
  if (r.target.startsWith('igw-')) return toInternet(at, s, { subnet, gateway: r.target })
  if (r.target.startsWith('pcx-')) return toPeer(at, s, { subnet, peering: r.target })
  const to = v.enis[r.target === 'local' ? run.asks.mapping(v, ip.dst) : eniById(v, r.target)]
  mapped(at, s, { dst: ip.dst, to })
  if (to !== undefined) ingress(atEni(at, to), s, { subnet: subnet.id, mac: null })
}

function sameSubnet(other: Eni | undefined, eni: Eni): Eni | undefined {
  return other?.subnet === eni.subnet ? other : undefined
}

/** The mapping service says which interface has the address. */
function mapped(
  at: AtEni,
  s: Skb,
  { dst, to }: { readonly dst: Address; readonly to: Eni | undefined },
): void {
  const { v } = at
  say(at, s, {
    stage: 'vpc-encap',
    decision: {
      kind: 'vpc-mapping',
      dst,
      eni: to === undefined ? null : ref(v.name, 'enis', eniById(v, to.id)),
    },
    drop: to === undefined ? { reason: 'vpc-unknown-address', dst } : null,
  })
}
