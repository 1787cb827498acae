import type { Side } from '#components/compare/Compare.tsx'
import {
  listedWorld,
  topologyAt,
  type Packet,
  type Step,
  type Topology,
  type Walk,
} from '#lib/index.ts'
import type { FigureStore } from './store/figure.ts'
import type { Question } from './store/select.ts'
import { beforeOf } from './store/stops.ts'
import type { FigureState } from './store/state.ts'

const titleOf = (id: string): string => listedWorld(id)?.short ?? id

/** The two of a comparison at its tick, left and right; none while nothing is compared. */
export function sidesOf({ read }: FigureStore, s: FigureState): readonly Side[] {
  const comparison = read.comparison(s)
  const step = read.step(s)
  const tick = comparison?.ticks[read.at(s)]
  if (comparison === null || step === undefined || tick === undefined) return []
  const { now, scenes, stops } = comparison
  return [
    {
      title: titleOf(s.scenario),
      walk: read.now(s).walk,
      scene: scenes[0],
      step: step.n,
      before: read.before(s)?.packet ?? null,
    },
    {
      title: titleOf(now.scenario.id),
      walk: now.walk,
      scene: scenes[1],
      step: stops[tick.right]!.step,
      before: beforeOf(now.walk, stops, tick.right)?.packet ?? null,
    },
  ]
}

/** What is told of a step: of two that are compared, of the one that is looked at. */
export interface View {
  readonly walk: Walk
  readonly step: Step
  readonly before: Packet | null
  /** The step of the stop before, -1 if there is none. */
  readonly since: number
  readonly topology: Topology
  /** The world's tables, before any change of the reader. */
  readonly own: Topology
  readonly questions: readonly Question[]
}

/** Null of a walk without steps. */
export function viewOf(figure: FigureStore, s: FigureState): View | null {
  const { read } = figure
  const other = s.side === 1 ? sidesOf(figure, s)[1] : undefined
  const theirs = read.comparison(s)?.now.scenario.topology
  if (other !== undefined && theirs !== undefined) {
    const { walk, before } = other
    const step = walk.steps[other.step]!
    const since = step.n - 1
    const topology = topologyAt(walk, step.n)
    return { walk, step, before, since, topology, own: theirs, questions: [] }
  }
  const step = read.step(s)
  if (step === undefined) return null
  return {
    walk: read.now(s).walk,
    step,
    before: read.before(s)?.packet ?? null,
    since: read.list(s)[read.stop(s) - 1]?.step ?? -1,
    topology: read.topology(s),
    own: s.world.topology,
    questions: read.questions(s),
  }
}
