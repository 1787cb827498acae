import type { Address } from '#lib/wire/addr.ts'
import type { Kind, Link } from '../kind.ts'

/** A Geneve tunnel to one other end (drivers/net/geneve.c, RFC 8926). `vni` of 24 bits, UDP `port`; the outer source is that of the route. `external` with options is not modelled. */
export interface GeneveDev extends Link {
  readonly kind: 'geneve'
  readonly vni: number
  readonly remote: Address
  readonly port: number
  /** The outer TTL, 1 to 255, or the packet's; left out: as of any packet that is made here. */
  readonly ttl?: number | 'inherit'
  /** The outer DSCP is the packet's; left out: 0. ECN is copied whatever this says. */
  readonly tos?: 'inherit'
  /** The outer header has DF always, or where the packet has; left out: never. */
  readonly df?: 'set' | 'inherit'
  /** Compute the outer UDP checksum; left out: no. */
  readonly udpcsum?: boolean
}

export const geneve: Kind<GeneveDev> = {
  tunnel: true,
  functions: { send: 'geneve_xmit', receive: 'geneve_udp_encap_recv' },
  listens: (d) => d.port,
}
