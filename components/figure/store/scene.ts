import { packets, type Walk } from '#lib/index.ts'
import { stepOf } from './link.ts'
import { stops } from './stops.ts'
import type { FigureState, Scene } from './state.ts'
import type { Walked } from './walked.ts'

/* A scene of a chapter: a state that the text asks of its stage, and the stops it owns. */

/** The first and the last step of a scene, by their numbers in the walk. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** The order in which steps are told: one packet after the other. */
export function order(walk: Walk): (a: number, b: number) => number {
  const of = packets(walk)
  const packet = (step: number): number => of[walk.steps[step]?.message ?? 0] ?? 0
  return (a, b) => packet(a) - packet(b) || a - b
}

/** The steps of a scene in the walk that it asks for. */
export function spanOf({ walk, keys }: Walked, scene: Scene): Span {
  const from = scene.from === '' ? (stops(walk, scene.detail)[0]?.step ?? 0) : at(keys, scene.from)
  if (scene.to !== '') return { from, to: at(keys, scene.to) }
  const of = packets(walk)
  const packet = of[walk.steps[from]?.message ?? 0]
  const own = stops(walk, scene.detail).filter(
    (s) => of[walk.steps[s.step]!.message] === packet && s.step >= from,
  )
  return { from, to: own.at(-1)?.step ?? from }
}
const at = (keys: readonly string[], key: string): number => stepOf(keys, key).step

/** Is a step one of the scene's? */
export function inside({ walk }: Walked, span: Span, step: number): boolean {
  const compare = order(walk)
  return compare(span.from, step) <= 0 && compare(step, span.to) <= 0
}

/** Is what is shown of the world, flow and changes that a scene asks for, or that its question made? */
export function ofScene(s: FigureState, scene: Scene, asked: readonly string[]): boolean {
  return (
    s.scenario === scene.scenario &&
    s.flow === scene.flow &&
    s.draw === null &&
    s.whatIfs.length === asked.length &&
    s.whatIfs.every((w, i) => w === asked[i])
  )
}
