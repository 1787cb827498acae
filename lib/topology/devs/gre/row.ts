import type { IpTunnel } from '../ipip/row.ts'
import type { Kind } from '../kind.ts'

/** What a GRE tunnel has besides (RFC 2784, 2890); one without a remote end is not modelled, nor are sequence numbers. */
export interface GreTunnel extends IpTunnel {
  /** The key both ways, 32 bits; left out: none. */
  readonly key?: number
  /** Checksums both ways: what comes without is dropped, and without this what comes with one. */
  readonly csum?: boolean
}
/** A GRE tunnel of IP packets (net/ipv4/ip_gre.c). */
export interface GreDev extends GreTunnel {
  readonly kind: 'gre'
}

export const gre: Kind<GreDev> = {
  layer: 'gre',
  noPort: true,
  tunnel: true,
  functions: { send: 'ipgre_xmit', receive: 'gre_rcv' },
}
