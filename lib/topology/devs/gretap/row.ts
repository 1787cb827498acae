import type { GreTunnel } from '../gre/row.ts'
import type { Kind } from '../kind.ts'

/** A GRE tunnel of Ethernet frames (net/ipv4/ip_gre.c). With a key of VSID · 256 + FlowID it is NVGRE (RFC 7637). */
export interface GretapDev extends GreTunnel {
  readonly kind: 'gretap'
}

export const gretap: Kind<GretapDev> = {
  tunnel: true,
  functions: { send: 'gre_tap_xmit', receive: 'gre_rcv' },
}
