import { keys } from '#lib/index.ts'
import type { Action } from './actions.ts'
import type { FigureState, Stood } from './state.ts'
import type { Walked } from './walked.ts'

/* Another walk than the figure's own: what would be if a belief were right, or what shows that a goal does not hold. */

type Stand = Extract<Action, { readonly type: 'stand' }>

/** What may be asked of such a walk and leaves it there. Whatever else says what is to be shown goes back to the figure's own first. */
export const STANDS: ReadonlySet<Action['type']> = new Set([
  'move',
  'decision',
  'first',
  'last',
  'end',
  'to',
  'go',
  'key',
  'message',
  'answer',
  'box',
  'detail',
  'play',
  'peek',
])

/** The walk of a state, or the one that stands in its place. */
export function standing(own: Walked, stood: Stood | null): Walked {
  if (stood === null) return own
  const { walk } = stood
  return { ...own, flow: walk.flow, topology: walk.before, walk, keys: keys(walk), problem: null }
}

export const stand = (s: FigureState, { walk, says, step = 0 }: Stand): FigureState => ({
  ...s,
  stood: { walk, says, step: s.step },
  against: null,
  step,
  playing: true,
})

/** A state with its own walk again, where the reader was in it. */
export const own = (s: FigureState): FigureState =>
  s.stood === null ? s : { ...s, step: s.stood.step, stood: null, playing: false }
