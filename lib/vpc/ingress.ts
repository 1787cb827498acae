import type { Mac } from '#lib/wire/addr.ts'
import { pop, push } from '#lib/wire/packet.ts'
import type { Skb } from '#lib/run/skb.ts'
import { acl, groups, ownAddress } from './filters.ts'
import { subnetOf, toGuest, unplugged, type AtEni } from './place.ts'

/** Where a packet comes from: a subnet, null from outside the VPC; the MAC its frame was sent with, where the sender addressed it to this interface itself. */
interface Origin {
  readonly subnet: string | null
  readonly mac: Mac | null
}

/** The way in: NACL if it comes from another subnet, security group, destination check, then the guest. */
export function ingress(at: AtEni, s: Skb, from: Origin): void {
  const { eni } = at
  const subnet = subnetOf(at)
  if (subnet === undefined) return unplugged(at, s)
  if (from.subnet !== eni.subnet && !acl(at, s, 'ingress')) return
  if (!groups(at, s, 'ingress')) return
  if (!ownAddress(at, s, 'dst-check')) return
  // Whose MAC a guest sees as source within a subnet AWS does not document; the sender's is shown where it addressed the frame itself, else the router's.
  const bare = s.packet.headers[0]?.kind === 'ethernet' ? pop(s.packet) : s.packet
  s.packet = push(bare, { kind: 'ethernet', dst: eni.mac, src: from.mac ?? subnet.router.mac })
  toGuest(at, s)
}
