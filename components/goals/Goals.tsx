import { listed } from '#components/chapter/check.ts'
import { walkFor, type Named } from '#components/prose/walked.ts'
import { goalsOf, type GoalsAsked } from './author.ts'
import { Lamps } from './Lamps.tsx'
import { lampsOf } from './verdicts.ts'

interface Props extends Named, GoalsAsked {
  /** What-ifs to be made beside the lamps. */
  readonly change?: string
  readonly figure?: string
}

/** Live checks in a chapter: goals, each a lamp that says what it comes to on the stage. */
export async function Goals({ of, file, change, figure = '', ...named }: Props) {
  const goals = goalsOf({
    ...(of === undefined ? {} : { of }),
    ...(file === undefined ? {} : { file }),
  })
  const { scenario, topology } = await walkFor('Goals', named)
  const changes = listed(change).map((id): readonly [string, string] => {
    const whatIf = scenario.whatIfs[id]
    if (whatIf === undefined) throw new RangeError(`<Goals>: ${scenario.id} has no what-if ${id}`)
    return [id, whatIf.title]
  })
  const built = lampsOf(goals, topology, scenario.topology).map(({ lit, why }) => ({ lit, why }))
  return <Lamps goals={goals} built={built} figure={figure} changes={changes} />
}
