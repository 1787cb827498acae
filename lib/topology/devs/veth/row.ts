import type { End, Kind, Link } from '../kind.ts'

/** One end of a pair; what it is given comes in at `peer` (drivers/net/veth.c). */
export interface VethDev extends Link {
  readonly kind: 'veth'
  readonly peer: End
}

export const veth: Kind<VethDev> = { peer: (d) => d.peer }
