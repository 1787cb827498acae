import type * as Ipvs from './ipvs.ts'

type Asked = Pick<typeof Ipvs, 'answers' | 'requests'>
let loaded: Asked | null = null

/** IPVS is there from now on. */
export function addIpvs(ipvs: Asked): void {
  loaded = ipvs
}

/** IPVS, which few networks have: a page loads it with a world that has it (lib/link/more.ts). Throws RangeError where nobody has. */
export function ipvs(): Asked {
  if (loaded === null) throw new RangeError('call loadMore() first')
  return loaded
}
