import { oneOf } from '../../problem.ts'
import { at } from '../../schema.ts'
import { standingOn } from '../../stacked.ts'
import type { KindCheck } from '../check.ts'

export const ipvlan: KindCheck<'ipvlan'> = {
  fields: { link: at, mode: oneOf(['l2', 'l3', 'l3s']) },
  beside: ({ topology }, d, say) => {
    const other = standingOn(topology, d.link).find(
      ({ dev: x }) => x.kind === 'ipvlan' && x.mode !== d.mode,
    )?.dev
    if (other?.kind === 'ipvlan') say('ipvlan-mode', d.link.dev, d.mode, other.mode)
  },
}
