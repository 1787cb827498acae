import type { At } from '#lib/run/run.ts'
import type { Skb } from '#lib/run/skb.ts'

/** What is asked where devices stand on others (lib/link/vlan.ts, ipvlan.ts); loaded with them (lib/link/kinds.ts). */
export interface Stacked {
  readonly vlanRcv: (at: At, s: Skb) => boolean
  readonly fromMaster: (at: At, s: Skb) => boolean
  readonly l3mdev: (at: At, s: Skb) => At | null
}
let loaded: Stacked | null = null

export function addStacked(made: Stacked): void {
  loaded = made
}

/** Throws RangeError where nobody has loaded them. */
export function stacked(): Stacked {
  if (loaded === null) throw new RangeError('call loadMore() first')
  return loaded
}
