import type { Address } from '#lib/wire/addr.ts'
import type { Kind, Link } from '../kind.ts'

/** What every tunnel of net/ipv4/ip_tunnel.c is told of its outer header. */
export interface IpTunnel extends Link {
  /** The outer source; left out: that of the route to the other end. */
  readonly local?: Address
  readonly remote?: Address
  /** The outer TTL, 1 to 255; left out: inherited from the packet. */
  readonly ttl?: number
  /** The outer DSCP is the packet's; left out: 0. ECN is copied whatever this says. */
  readonly tos?: 'inherit'
  /** The outer header has DF always, and not only where the packet has; left out: it has, but for `tunl0`. */
  readonly pmtudisc?: boolean
}
/** An IP-in-IP tunnel (net/ipv4/ipip.c). Without `remote` the next hop of the route is the other end; without `local` either it is `tunl0`, which the module makes in every namespace. */
export interface IpipDev extends IpTunnel {
  readonly kind: 'ipip'
}

export const ipip: Kind<IpipDev> = {
  layer: 'ipip',
  noPort: true,
  tunnel: true,
  functions: { send: 'ip_tunnel_xmit', receive: 'ip_tunnel_rcv' },
}
