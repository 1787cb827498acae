import type * as Ipvs from './ipvs.ts'
import type * as Mss from './mss.ts'

interface Seldom {
  readonly ipvs: Pick<typeof Ipvs, 'answers' | 'requests'>
  readonly mss: typeof Mss
}
let loaded: Seldom | null = null

/** They are there from now on. */
export function addSeldom(made: Seldom): void {
  loaded = made
}

/** IPVS, and TCPMSS, which few networks have: a page loads them with a world that has one (lib/link/more.ts). Throws RangeError where nobody has. */
export function seldom(): Seldom {
  if (loaded === null) throw new RangeError('call loadMore() first')
  return loaded
}
