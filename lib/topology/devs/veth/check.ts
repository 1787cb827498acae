import { peerOf } from '../../devs.ts'
import { at } from '../../schema.ts'
import type { KindCheck } from '../check.ts'

export const veth: KindCheck<'veth'> = {
  fields: { peer: at },
  beside: ({ space: n, known }, d, say) => {
    const far = known.devs(d.peer.netns).get(d.peer.dev)
    if (far === undefined) return say('peer-missing', d.name, d.peer.dev, d.peer.netns)
    const back = peerOf(far)
    if (back?.netns !== n.name || back.dev !== d.name || far === d)
      say('peer-other', d.peer.dev, d.peer.netns, d.name, n.name)
  },
}
