import type { End, Kind, Link } from '../kind.ts'

/** An ipvlan slave of `link`, its master (drivers/net/ipvlan): a namespace's own addresses behind the master's MAC. The mode is the master's: all its slaves have the same one. Of the flags it is `bridge`. */
export interface IpvlanDev extends Link {
  readonly kind: 'ipvlan'
  readonly link: End
  readonly mode: 'l2' | 'l3' | 'l3s'
}

export const ipvlan: Kind<IpvlanDev> = {
  link: (d) => d.link,
  says: (d) => `mode ${d.mode}`,
  noPort: true,
  bearsNone: true,
}
