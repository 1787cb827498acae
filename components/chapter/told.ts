import { loadWorld, predict, WORLDS, type Detail, type Prediction, type Step } from '#lib/index.ts'
import { wrapOf } from '#components/diagram/wrap.ts'
import { inside, order, spanOf } from '#components/figure/store/scene.ts'
import type { Scene } from '#components/figure/store/state.ts'
import { walked, type Walked } from '#components/figure/store/walked.ts'
import { goalsOf, taskFile, type GoalsAsked } from '#components/goals/author.ts'
import {
  actOf,
  predictionOf,
  recallOf,
  type Acted,
  type Asked,
} from '#components/predict/author.ts'
import { actsOf, recorded } from '#components/hands/recorded.ts'
import { writtenFor } from '#components/hands/wrote.ts'
import { worldFor } from '#components/prose/walked.ts'
import type { Aliases } from './aliases.ts'
import { complaints, listed, worldsOf, type Known } from './check.ts'
import { minutesOf, type Attributes, type Outline, type OutlineScene } from './outline.ts'

/* A chapter as its page needs it: what its scenes show, and what the header says of each. Made when the page is built. */

/** A scene in the header and in the table of contents. */
export interface Entry {
  readonly scene: Scene
  readonly heading: string
  /** Where the packet is when it begins. */
  readonly place: string
  /** How deep it is wrapped there. */
  readonly outer: number
  readonly hidden: boolean
}

export interface Told {
  readonly stage: string
  readonly entries: readonly Entry[]
  readonly was: Aliases
  /** What it had and other chapters have now, each with its address from this one's page. */
  readonly moved: Aliases
  /** Minutes to read it. */
  readonly minutes: number
}

const placeOf = (s: Step | undefined): string =>
  s === undefined ? '' : s.dev === null ? s.in : `${s.in}/${s.dev}`

/** What a scene says, with what its stage says where it says nothing. */
export function sceneOf(outline: Outline, told: OutlineScene): Scene {
  const { attributes: a } = told
  const stage = outline.stage?.attributes ?? {}
  const scenario = a['scenario'] ?? stage['scenario'] ?? ''
  return {
    id: a['id'] ?? '',
    scenario,
    flow: a['flow'] ?? stage['flow'] ?? '',
    whatIfs: listed(a['whatIfs']),
    against: a['compare'] ?? null,
    detail: (a['level'] ?? 'story') as Detail,
    from: a['from'] ?? '',
    to: a['to'] ?? '',
    ...(asks(outline, told) ? { asks: true as const } : {}),
  }
}

/** A question that changes nothing is one about what comes next. */
function asks({ elements, scenes }: Outline, told: OutlineScene): boolean {
  const n = scenes.indexOf(told)
  return elements.some(
    (e) =>
      e.scene === n &&
      (e.name === 'Be' || (e.name === 'Predict' && listed(e.attributes['whatIf']).length === 0)),
  )
}

async function entryOf(outline: Outline, told: OutlineScene): Promise<Entry> {
  const scene = sceneOf(outline, told)
  const world = await loadWorld(scene.scenario)
  if (world?.flows[scene.flow] === undefined)
    throw new RangeError(
      `${outline.file}:${told.line}: ${scene.scenario} has no flow ${scene.flow}`,
    )
  const now = walked(world, scene)
  const first = now.walk.steps[spanOf(now, scene).from]
  return {
    scene,
    heading: told.heading,
    place: placeOf(first),
    ...(first === undefined ? { outer: 0, hidden: false } : wrapOf(first)),
  }
}

/** What scenes had, each with the scene: names of the chapter's older forms, and of other chapters `chapter#name`. */
const hadBy = (outline: Outline): readonly (readonly [string, string])[] =>
  outline.scenes.flatMap(({ attributes: a }) =>
    (a['was'] ?? '')
      .split(' ')
      .flatMap((old) => (old === '' ? [] : ([[old, a['id'] ?? '']] as const))),
  )

/** What scenes had of the chapter's older forms. */
export const wasOf = (outline: Outline): Aliases =>
  Object.fromEntries(hadBy(outline).filter(([old]) => !old.includes('#')))

/** A chapter by its address. */
export interface Addressed {
  readonly slug: string
  readonly outline: Outline
}

/** What a chapter had and others have now. */
export const movedFrom = (slug: string, all: readonly Addressed[]): Aliases =>
  Object.fromEntries(
    all.flatMap((c) =>
      hadBy(c.outline).flatMap(([old, scene]) => {
        const [of, name] = old.split('#')
        return of === slug && name !== undefined ? [[name, `../${c.slug}/#${scene}`]] : []
      }),
    ),
  )

/** The worlds that a chapter names, of those that there are. */
async function worldsIn(outline: Outline): Promise<Known> {
  const named = worldsOf(outline)
  const known = new Map<string, Known extends ReadonlyMap<string, infer W> ? W : never>()
  for (const { id } of WORLDS) {
    const world = named.includes(id) ? await loadWorld(id) : undefined
    if (world !== undefined) known.set(id, world)
  }
  return known
}

interface Of {
  readonly of: string
}

/** What makes an exercise as its page does; it throws where the exercise cannot be. */
const MAKES: Readonly<Record<string, (of: never) => unknown>> = {
  Predict: (of: Asked) => predict(predictionOf(of)),
  Be: (of: Acted) => predict(actOf(of)),
  Build: ({ task }: { readonly task?: string }) => taskFile(task ?? ''),
  Recall: (of: Asked) => predict(recallOf(of, 0)),
  Goals: (of: GoalsAsked) => goalsOf(of),
  Hands: actsOf,
  Survives: ({ of }: Of) => recorded(of),
  Lease: ({ of }: Of) => recorded(of),
  Answers: ({ of }: Of) => recorded(of),
  Wrote: async ({ scenario, who, pod }: Record<'scenario' | 'who' | 'pod', string>) =>
    writtenFor((await worldFor('Wrote', scenario)).topology, who, pod),
}

/** What its exercises lack: each is made once, and says of itself what is wrong with it. */
async function impossible(outline: Outline): Promise<readonly string[]> {
  const made = Object.entries(MAKES).flatMap(([name, make]) =>
    exercisesOf(outline, name).map(async ({ line, of }) => {
      try {
        await make(of as never)
        return []
      } catch (error) {
        return [`${outline.file}:${line}: <${name}>: ${String(error)}`]
      }
    }),
  )
  return (await Promise.all(made)).flat()
}

/** What is asked in a scene whose picture, where it begins, has the answer already. A question that changes something is asked of what is not shown yet. */
async function seenBefore(outline: Outline): Promise<readonly string[]> {
  const told = askedIn(outline).map(async ({ of, scene, line }) => {
    if (scene === undefined || of.seed !== undefined || (of.acts !== true && of.whatIfs.length > 0))
      return []
    const shown = sceneOf(outline, scene)
    const { scenario, flow, walk, decides } = await predict(of)
    if (shown.scenario !== scenario.id || shown.flow !== flow) return []
    const now = walked(scenario, shown)
    const { from } = spanOf(now, shown)
    const earlier =
      of.step === undefined ? undefined : before(outline, scene, { now, shown, decides })
    if (earlier !== undefined)
      return [
        `${outline.file}:${line}: ${of.id}: ${earlier} shows ${now.keys[decides]}, the answer; let that scene end before it`,
      ]
    if (order(walk)(from, decides) < 0) return []
    const where = `its scene begins at ${now.keys[from]}, and ${now.keys[decides]} shows the answer`
    return [`${outline.file}:${line}: ${of.id}: ${where}; let the scene begin before that`]
  })
  return (await Promise.all(told)).flat()
}

/** The scene before a question that shows the step it is about: who comes to the question has seen it. One that names no stop shows a whole walk before it is taken apart. */
function before(
  outline: Outline,
  scene: OutlineScene,
  {
    now,
    shown: { scenario, flow },
    decides,
  }: { readonly now: Walked; readonly shown: Scene; readonly decides: number },
): string | undefined {
  return outline.scenes
    .slice(0, outline.scenes.indexOf(scene))
    .map((s) => sceneOf(outline, s))
    .find(
      (s) =>
        s.scenario === scenario &&
        s.flow === flow &&
        s.whatIfs.length === 0 &&
        s.from !== '' &&
        inside(now, spanOf(now, s), decides),
    )?.id
}

/** What an element of a chapter says, with what it takes over from its scene as the compiler hands it down. */
export function exercisesOf(
  outline: Outline,
  name: string,
): readonly { readonly line: number; readonly of: unknown; readonly scene?: OutlineScene }[] {
  return outline.elements
    .filter((e) => e.name === name)
    .map((e) => {
      const scene = outline.scenes[e.scene]
      const around: Attributes = { ...outline.stage?.attributes, ...scene?.attributes }
      const taken = {
        scenario: around['scenario'],
        flow: around['flow'],
        whatIfs: scene?.attributes['whatIfs'] ?? '',
      }
      return {
        line: e.line,
        of: { ...taken, ...e.attributes },
        ...(scene === undefined ? {} : { scene }),
      }
    })
}

/** The questions of a chapter. */
export const questionsOf = (
  outline: Outline,
): readonly { readonly line: number; readonly of: Asked }[] =>
  exercisesOf(outline, 'Predict') as readonly { readonly line: number; readonly of: Asked }[]

/** All that a chapter asks, and where it asks it. */
export const askedIn = (
  outline: Outline,
): readonly {
  readonly line: number
  readonly of: Prediction
  readonly scene?: OutlineScene
}[] => [
  ...exercisesOf(outline, 'Predict').map((x) => ({ ...x, of: predictionOf(x.of as Asked) })),
  // Whoever reads without scripts is asked what is drawn first.
  ...exercisesOf(outline, 'Recall').map((x) => ({ ...x, of: recallOf(x.of as Asked, 0) })),
  ...exercisesOf(outline, 'Be').map((x) => ({ ...x, of: actOf(x.of as Acted) })),
]

/** The chapter of an outline; null for one without a stage. `moved`: what went to other chapters. Throws where it names what is not there: then nothing is built. */
export async function told(outline: Outline, moved: Aliases = {}): Promise<Told | null> {
  const form = complaints(outline, await worldsIn(outline))
  const without = form.length > 0 ? form : await impossible(outline)
  const wrong = without.length > 0 ? without : await seenBefore(outline)
  if (wrong.length > 0) throw new Error(['This chapter cannot be built:', ...wrong].join('\n'))
  const id = outline.stage?.attributes['id']
  if (typeof id !== 'string') return null
  return {
    stage: id,
    was: wasOf(outline),
    moved,
    entries: await Promise.all(outline.scenes.map((s) => entryOf(outline, s))),
    minutes: minutesOf(outline.words),
  }
}
