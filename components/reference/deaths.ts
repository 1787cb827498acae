import {
  applyAll,
  DROPS,
  keys,
  loadWorld,
  walk,
  type DropReason,
  type Scenario,
  type Walk,
} from '#lib/index.ts'
import type { Outline } from '#components/chapter/outline.ts'
import { questionsOf, sceneOf } from '#components/chapter/told.ts'
import { listed } from '#components/chapter/check.ts'
import { spanOf } from '#components/figure/store/scene.ts'
import { walked } from '#components/figure/store/walked.ts'
import { worlds, type Place } from './seen.ts'

/* Where packets die: in which scenes of the chapters, and under which what-ifs of the worlds. All of it is walked. */

/** A scene of a chapter, by its address. */
export interface InScene {
  readonly slug: string
  readonly id: string
  readonly heading: string
}
/** Where a reason for a drop is met. */
export interface Met {
  readonly scenes: readonly InScene[]
  /** The first walk that it ends; null if it ends none. */
  readonly place: Place | null
  /** Does it happen on the way of a walk at all, as to a copy that a bridge floods? */
  readonly passing: Place | null
}
export type Deaths = ReadonlyMap<DropReason, Met>

/** A chapter with its address. */
export interface Chaptered {
  readonly slug: string
  readonly outline: Outline
}

const reasonsOf = (w: Walk, from = 0, to = w.steps.length - 1): readonly DropReason[] =>
  w.steps.slice(from, to + 1).flatMap((s) => (s.drop === null ? [] : [s.drop.reason]))

/** The reasons that a scene shows: in its span, or as the answer of what it asks. */
async function shownBy(outline: Outline, n: number): Promise<ReadonlySet<DropReason>> {
  const scene = sceneOf(outline, outline.scenes[n]!)
  const world = await loadWorld(scene.scenario)
  if (world?.flows[scene.flow] === undefined) return new Set()
  const now = walked(world, scene)
  const span = spanOf(now, scene)
  const found = new Set(reasonsOf(now.walk, span.from, span.to))
  for (const { line, of } of questionsOf(outline)) {
    if (outline.elements.find((e) => e.line === line && e.name === 'Predict')?.scene !== n) continue
    const asked = await loadWorld(of.scenario)
    const flow = of.flow ?? scene.flow
    if (asked?.flows[flow] === undefined) continue
    const whatIfs = [...scene.whatIfs, ...listed(of.whatIf)]
    const { loss } = walked(asked, { flow, whatIfs }).walk
    if (loss !== null) found.add(loss.drop.reason)
  }
  return found
}

/** A world's walks: every flow, as it ships and under each what-if. */
function* walksOf(
  world: Scenario,
): Generator<{ readonly at: Omit<Place, 'key'>; readonly walk: Walk }> {
  for (const whatIf of [undefined, ...Object.keys(world.whatIfs)]) {
    const edits = whatIf === undefined ? [] : world.whatIfs[whatIf]!.edits
    const topology = applyAll(world.topology, edits)
    for (const [flow, of] of Object.entries(world.flows))
      yield {
        at: { scenario: world.id, flow, ...(whatIf === undefined ? {} : { whatIf }) },
        walk: walk(topology, of),
      }
  }
}

/** Every reason there is, and where it is met. */
export async function deaths(chapters: readonly Chaptered[]): Promise<Deaths> {
  const scenes = new Map<DropReason, InScene[]>()
  for (const { slug, outline } of chapters)
    for (const [n, { heading, attributes }] of outline.scenes.entries())
      for (const reason of await shownBy(outline, n)) {
        const scene = { slug, id: attributes['id'] ?? '', heading }
        scenes.set(reason, [...(scenes.get(reason) ?? []), scene])
      }
  const ends = new Map<DropReason, Place>()
  const passes = new Map<DropReason, Place>()
  for (const world of await worlds())
    for (const { at, walk: w } of walksOf(world)) {
      const first = (reason: DropReason, known: Map<DropReason, Place>, step: number): void => {
        if (!known.has(reason)) known.set(reason, { ...at, key: keys(w)[step] ?? '' })
      }
      if (w.loss !== null) first(w.loss.drop.reason, ends, w.loss.step)
      for (const s of w.steps) if (s.drop !== null) first(s.drop.reason, passes, s.n)
    }
  return new Map(
    (Object.keys(DROPS) as DropReason[]).map((reason) => [
      reason,
      {
        scenes: scenes.get(reason) ?? [],
        place: ends.get(reason) ?? null,
        passing: passes.get(reason) ?? null,
      },
    ]),
  )
}
