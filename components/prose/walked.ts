import { loadWorld, type Scenario } from '#lib/index.ts'
import { walked, type Walked } from '#components/figure/store/walked.ts'
import { listed } from '#components/chapter/check.ts'

/* The walk that an element of a text names. */

/** What an element says of it; without a flow it is the world's first. */
export interface Named {
  readonly scenario?: string
  readonly flow?: string
  /** Names, with commas between them. */
  readonly whatIfs?: string
}

/** The world of that name. Throws where there is none, in the element's name. */
export async function worldFor(element: string, scenario = ''): Promise<Scenario> {
  const world = await loadWorld(scenario)
  if (world === undefined) throw new RangeError(`<${element}>: no world is called ${scenario}`)
  return world
}

/** The walk that an element names. Throws where something of it is not there, in the element's name: then nothing is built. */
export async function walkFor(element: string, named: Named): Promise<Walked> {
  const world = await worldFor(element, named.scenario)
  const flow = named.flow ?? Object.keys(world.flows)[0] ?? ''
  if (world.flows[flow] === undefined)
    throw new RangeError(`<${element}>: ${world.id} has no flow ${flow}`)
  const whatIfs = listed(named.whatIfs)
  for (const id of whatIfs)
    if (world.whatIfs[id] === undefined)
      throw new RangeError(`<${element}>: ${world.id} has no what-if ${id}`)
  const now = walked(world, { flow, whatIfs })
  if (now.problem !== null) throw new RangeError(`<${element}>: ${now.problem}`)
  return now
}

/** The step of a walk that an element names. Throws where there is none. */
export function stepFor(
  element: string,
  now: Walked,
  step: string,
): Walked['walk']['steps'][number] {
  const at = now.walk.steps[now.keys.indexOf(step)]
  if (at === undefined) throw new RangeError(`<${element}>: ${now.scenario.id} has no step ${step}`)
  return at
}
