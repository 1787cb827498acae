import type { Step, Walk } from '#lib/index.ts'
import { placeOf, whereOf } from '#components/diagram/place.ts'
import { wrapOf, type Wrap } from '#components/diagram/wrap.ts'
import type { Box, Scene } from '#components/diagram/layout/index.ts'
import { controls } from '#components/words/controls.ts'
import type { TickWord } from '#components/words/en/controls.ts'
import type { Stop } from './stops.ts'

/** One place on the slider: the stop's mark, how the packet is wrapped there, its name in a word, and in full. */
export interface Tick {
  readonly mark: Stop['mark']
  readonly wrap: Wrap
  readonly label: string
  readonly name: string
}

/** What happens at a stop: the question where one is asked, else null. */
function asked(step: Step): TickWord | null {
  const d = step.decision
  switch (d.kind) {
    case 'hook':
      return d.from === undefined ? 'rule' : 'nat'
    case 'security-group':
      return 'group'
    case 'network-acl':
      return 'acl'
    case 'source-dest-check':
      return 'check'
    case 'vpc-route':
      return 'vpcRoute'
    case 'route':
    case 'mtu':
    case 'ttl':
    case 'socket':
      return d.kind
    default:
      return null
  }
}

/** The same in a word; the place where nothing is asked. */
function word(step: Step, box: Box | null): string {
  const question = asked(step)
  return question === null ? (box?.label ?? step.dev ?? step.in) : controls().tick(question)
}

export function ticksOf(scene: Scene, walk: Walk, stops: readonly Stop[]): Tick[] {
  return stops.map((s) => {
    const step = walk.steps[s.step]!
    const box = placeOf(scene, step)
    return {
      mark: s.mark,
      wrap: wrapOf(step),
      label: word(step, box),
      name: `${step.in}${whereOf(step)}: ${step.stage}`,
    }
  })
}
