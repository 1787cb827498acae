import { loadWorld, packets, type Step, type Walk } from '#lib/index.ts'
import { layout } from '#components/diagram/layout/index.ts'
import type { Scene as Drawn } from '#components/diagram/layout/scene.ts'
import { spanOf } from '#components/figure/store/scene.ts'
import { saying, stops } from '#components/figure/store/stops.ts'
import { walked } from '#components/figure/store/walked.ts'
import { listed } from './check.ts'
import type { Attributes, Outline } from './outline.ts'

/* A scene without scripts and on paper: its picture is a file of its own, drawn when the site is built. */

/** A picture of a scene. */
export interface StillOf {
  /** Of the file, without what files of pictures end with. */
  readonly name: string
  readonly scenario: string
  readonly flow: string
  readonly whatIfs: readonly string[]
  readonly from: string
  /** Of the scene as it begins, or of what its question turns out to be. */
  readonly shows: 'scene' | 'answer'
  /** The question that it answers. */
  readonly asked?: string
}

/** The pictures of a scene: as it is, its question open; then what each of its questions turns out to be. */
export function stillsOf(
  chapter: string,
  scene: Attributes,
  asks: readonly Attributes[],
): readonly StillOf[] {
  const state = {
    name: `${chapter}-${scene['id']}`,
    scenario: scene['scenario'] ?? '',
    flow: scene['flow'] ?? '',
    whatIfs: listed(scene['whatIfs']),
    from: scene['still'] ?? scene['from'] ?? '',
  }
  return [
    { ...state, shows: 'scene' },
    ...asks.map((ask, i): StillOf => {
      return {
        name: `${state.name}-answer${i === 0 ? '' : i + 1}`,
        scenario: ask['scenario'] ?? state.scenario,
        flow: ask['flow'] ?? state.flow,
        whatIfs: [...state.whatIfs, ...listed(ask['whatIf'])],
        from: '',
        shows: 'answer',
        asked: ask['id'] ?? '',
      }
    }),
  ]
}

const chapterOf = (file: string): string => file.replace(/^.*\//, '').replace(/\.mdx$/, '')

/** All pictures of a chapter. */
export function stillsIn({ file, stage, scenes, elements }: Outline): readonly StillOf[] {
  if (stage === null) return []
  const { scenario = null, flow = null } = stage.attributes
  return scenes.flatMap((s, i) =>
    stillsOf(
      chapterOf(file),
      { scenario, flow, ...s.attributes },
      elements
        .filter((e) => (e.name === 'Predict' || e.name === 'Be') && e.scene === i)
        .map((e) => e.attributes),
    ),
  )
}

/** What a picture is drawn of, and what it says. */
export interface Still {
  readonly scene: Drawn
  readonly walk: Walk
  readonly step: Step
  readonly said: string
  readonly title: string
}

/** Where a walk ends: where its packet is lost, or the last stop of the first packet. */
function endOf(w: Walk): number {
  if (w.loss !== null) return w.loss.step
  const of = packets(w)
  const first = stops(w, 'story').filter((s) => of[w.steps[s.step]!.message] === 0)
  return first.at(-1)?.step ?? 0
}

export async function still(of: StillOf): Promise<Still> {
  const world = await loadWorld(of.scenario)
  if (world?.flows[of.flow] === undefined)
    throw new RangeError(`${of.name}: ${of.scenario} has no flow ${of.flow}`)
  const now = walked(world, of)
  const { topology, walk: made } = now
  const from = { ...of, id: '', against: null, detail: 'story', to: '' } as const
  const step = made.steps[of.shows === 'answer' ? endOf(made) : spanOf(now, from).from]!
  return {
    scene: layout(topology, made),
    walk: made,
    step,
    said: saying(made, step),
    title: world.title,
  }
}
