import type { End, Kind, Link } from '../kind.ts'

/** An 802.1Q device on top of `link` (net/8021q): what it is given leaves by that one with the tag of VLAN `id`, 0 to 4094, and what comes in there with this tag is its own. Its `mac` is given to it: it does not follow that of `link`. */
export interface VlanDev extends Link {
  readonly kind: 'vlan'
  readonly link: End
  readonly id: number
}

export const vlan: Kind<VlanDev> = { link: (d) => d.link, says: (d) => `id ${d.id}` }
