import type { Step, Walk } from '#lib/index.ts'
import { bandOf, depthOf, placeOf, whereOf } from '#components/diagram/place.ts'
import type { Band, Box, Scene } from '#components/diagram/layout.ts'
import type { Stop } from './stops.ts'

/** One place on the slider: the stop's mark, its depth and the band it is in, its name in a word, and in full. */
export interface Tick { readonly mark: Stop['mark']; readonly depth: number; readonly band: Band['kind'] | null; readonly label: string; readonly name: string }

/** What happens at a stop, in a word: the question where one is asked, else the place. */
function word(step: Step, box: Box | null): string {
  const d = step.decision
  switch (d.kind) {
    case 'route': return 'route'
    case 'hook': return d.from === undefined ? 'rule' : 'NAT'
    case 'security-group': return 'group'
    case 'network-acl': return 'ACL'
    case 'source-dest-check': return 'check'
    case 'vpc-route': return 'VPC route'
    case 'mtu': return 'MTU'
    case 'ttl': return 'TTL'
    case 'socket': return 'socket'
    default: return box?.label ?? step.dev ?? step.in
  }
}

export function ticksOf(scene: Scene, walk: Walk, stops: readonly Stop[]): Tick[] {
  return stops.map((s) => {
    const step = walk.steps[s.step]!
    const box = placeOf(scene, step)
    return { mark: s.mark, depth: box === null ? 0 : depthOf(scene, box), band: box === null ? null : bandOf(scene, box)?.kind ?? null, label: word(step, box), name: `${step.in}${whereOf(step)}: ${step.stage}` }
  })
}
