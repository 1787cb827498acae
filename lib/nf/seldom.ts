import type { Packet } from '#lib/wire/packet.ts'
import type { Edit } from '#lib/topology/edit.ts'
import type { Clamp } from '#lib/lookup/netfilter.ts'
import type { Noted } from '#lib/lookup/verdict.ts'
import type { Here, Live } from '#lib/run/run.ts'
import type { Skb } from '#lib/run/skb.ts'

/** IPVS (ipvs.ts), TCPMSS (mss.ts) and lists of addresses (recent.ts), which few networks have. */
interface Seldom {
  readonly recent: { written(l: Live, noted: readonly Noted[]): Edit[] }
  readonly ipvs: {
    answers(here: Here, s: Skb, hook: 'INPUT' | 'FORWARD' | 'OUTPUT'): void
    requests(here: Here, s: Skb, hook: 'INPUT' | 'OUTPUT'): boolean
  }
  readonly mss: {
    mssOf(p: Packet): number
    clamped(here: Here, s: Skb, t: Clamp): Packet
  }
}
let loaded: Seldom | null = null

/** They are there from now on. */
export function addSeldom(made: Seldom): void {
  loaded = made
}

/** A page loads them with a world that has one (lib/link/kinds.ts). Throws RangeError where nobody has. */
export function seldom(): Seldom {
  if (loaded === null) throw new RangeError('call loadMore() first')
  return loaded
}
