import type { Address } from '#lib/wire/addr.ts'
import type { Kind, Link } from '../kind.ts'

/** A VXLAN device (drivers/net/vxlan): `vni` of 24 bits, UDP `port`, `local` the outer source address; remote ends are rows of the fdb. */
export interface VxlanDev extends Link {
  readonly kind: 'vxlan'
  readonly vni: number
  readonly port: number
  readonly local: Address
  readonly learning: boolean
  /** Compute the outer UDP checksum (kernel default since 4.6). */
  readonly udpcsum: boolean
}

export const vxlan: Kind<VxlanDev> = {
  remotes: true,
  tunnel: true,
  functions: { send: 'vxlan_xmit', receive: 'vxlan_rcv' },
  listens: (d) => d.port,
}
