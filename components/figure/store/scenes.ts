import type { Action } from './actions.ts'
import { stepOf } from './link.ts'
import { inside, spanOf } from './scene.ts'
import type { Read } from './select.ts'
import type { FigureState, Scene } from './state.ts'
import type { Worlds } from './worlds.ts'

/* What scenes, and phrases in them, make of a state. */

type Asked = Extract<Action, { readonly type: 'scene' }>

/** The changes that a scene stands with. */
export const shownScene = (s: FigureState, held: readonly string[]): FigureState => ({
  ...s,
  whatIfs: held,
  held,
})

/** A question was answered: what it changes is changed, and the packet runs; where it changes nothing, on from where it stands. */
export function revealed(s: FigureState, whatIfs: readonly string[]): FigureState {
  const same = whatIfs.length === s.whatIfs.length && whatIfs.every((w, i) => w === s.whatIfs[i])
  return {
    ...shownScene(s, [...whatIfs]),
    answered: s.scene === null ? s.answered : [...s.answered, s.scene.id],
    step: same ? s.step : 0,
    playing: true,
  }
}

/** What was shown of the scene that is left, to be found again. */
function left(s: FigureState, read: Read): FigureState['been'] {
  if (s.scene === null || !read.attached(s)) return s.been
  return { ...s.been, [s.scene.id]: { whatIfs: s.held, step: s.step } }
}

export function toScene(
  s: FigureState,
  { scene, stay }: Asked,
  { read, worlds }: { readonly read: Read; readonly worlds: Worlds },
): FigureState {
  const world = worlds.here(scene.scenario)
  if (stay === true || world === undefined)
    return { ...s, scene, held: scene.whatIfs, been: left(s, read), turn: 0 }
  const been = left(s, read)
  const before = been[scene.id]
  const there: FigureState = {
    ...shownScene(s, before?.whatIfs ?? scene.whatIfs),
    scene,
    been,
    world,
    scenario: scene.scenario,
    flow: scene.flow,
    against: scene.against,
    detail: scene.detail,
    draw: null,
    asked: null,
    past: [],
    future: [],
    playing: false,
    tick: 0,
    turn: 0,
  }
  return { ...there, step: before?.step ?? first(there, scene, read) }
}

const first = (s: FigureState, scene: Scene, read: Read): number => spanOf(read.now(s), scene).from

/** One stop on or back; out of the scene it is the text that moves. */
export function moved(
  s: FigureState,
  by: 1 | -1,
  {
    to,
    read,
  }: {
    readonly to: (s: FigureState, at: number, read: Read) => FigureState
    readonly read: Read
  },
): FigureState {
  const at = read.at(s) + by
  const there = to(s, at, read)
  const span = read.attached(s) ? read.span(s) : null
  if (span === null) return there
  if (at >= 0 && at < read.total(s) && inside(read.now(s), span, there.step)) return there
  return s.playing ? { ...s, playing: false } : { ...s, turn: by }
}

/** A step looked at; one that there is not is not. */
export function peeked(s: FigureState, key: string | null, read: Read): FigureState {
  if (key === null) return s
  const found = stepOf(read.now(s).keys, key)
  if (!found.exact) return s
  return { ...s, step: found.step, peek: { step: s.step, tick: s.tick } }
}

/** A scene is played from where it is, at its last stop from its first; where it has no other there is nothing to play, and the text turns. */
export function played(
  s: FigureState,
  {
    play,
    read,
  }: { readonly play: (s: FigureState, read: Read) => FigureState; readonly read: Read },
): FigureState {
  const span = read.attached(s) ? read.span(s) : null
  if (span === null || s.playing || s.step !== span.to) return play(s, read)
  return span.from === span.to ? { ...s, turn: 1 } : play({ ...s, step: span.from }, read)
}
