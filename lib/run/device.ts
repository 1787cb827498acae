import type { Address } from '#lib/wire/addr.ts'
import type { Icmp, Packet } from '#lib/wire/packet.ts'
import type { Sender } from './sender.ts'
import type { Skb } from './skb.ts'

/** How one kind of netdev behaves (struct net_device, net_device_ops). A kind is one file of lib/link. `At` is a place on a device of the kind, `Here` one in a namespace (lib/run/run.ts). */
export interface Device<At, Here> {
  /** ndo_start_xmit(). The tap comes first: captures see a frame before its device does anything with it. */
  xmit(at: At, s: Skb): void
  /** netif_carrier_ok(): is somebody at the other end? */
  carrier(at: At): boolean
  /** How the neighbour's link-layer address is found: asked for; none needed, since there is no header (tun); or the device's own (arp_constructor(): IFF_NOARP and lo). */
  readonly resolve: 'arp' | 'none' | 'own'
  /** It has a queue of its own (not noqueue_qdisc): frames that pass through it are no recursion. */
  readonly queue: boolean
  /** IFF_LOOPBACK: what it sends comes back to this machine. */
  readonly loops: boolean
  /** Who sends through it hears of what it could not take (NET_XMIT_DROP). */
  readonly tells: boolean
  /** Its headers need more room than a fragment has in front (LL_RESERVED_SPACE): ip_do_fragment() cuts anew. */
  readonly cutsAnew: boolean
  /** The socket of a tunnel (encap_rcv): who takes datagrams to this address and port; null if none of this kind does. */
  tunnel(here: Here, to: { readonly ip: Address; readonly port: number }): ((s: Skb) => void) | null
  /** inet_add_protocol(): who takes packets of this IP protocol; null if this kind has nothing to do with it. */
  protocol(here: Here, proto: number): ((s: Skb) => void) | null
  /** err_handler: the device of this kind that sent what an ICMP error quotes, and hears of such an error; null if none does. */
  sender(here: Here, quoted: Packet, icmp: Icmp): Sender | null
}
