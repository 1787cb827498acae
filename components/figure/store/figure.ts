import { createStore, type StoreApi } from 'zustand/vanilla'
import { WORLDS, type Scenario } from '#lib/index.ts'
import { controls } from '#components/words/controls.ts'
import type { Away } from '#components/words/en/away.ts'
import type { Action } from './actions.ts'
import { stepOf } from './link.ts'
import { ofTheWorld, reducer, worldsOf } from './reduce.ts'
import { selectors, type Read } from './select.ts'
import type { FigureProps, FigureState, Home, Part } from './state.ts'
import { isWorld, type Worlds } from './worlds.ts'

/* A figure without a page: its state, what may be done to it, what follows. Components select from it; what touches the world around (the address, the clipboard, time, the window) listens to it from effects/. */

export interface FigureStore {
  readonly home: Home
  readonly worlds: Worlds
  /** Is this part of it shown where it stands? */
  readonly shows: (part: Part) => boolean
  /** For components: state, and word of each change. */
  readonly store: StoreApi<FigureState>
  readonly state: () => FigureState
  readonly read: Read
  /** Does it at once; what goes to a world that is not here, when that has come. */
  readonly dispatch: (a: Action) => void
  /** Goes to worlds: at once if they are here, else when they have come. Who goes to others meanwhile takes its place. */
  readonly when: (worlds: readonly string[], then: () => void) => void
  /** Resolves when no world is on its way. */
  readonly settled: () => Promise<void>
  /** Word of each action, after it is done: for what is no state. Returns what ends it. */
  readonly onAction: (f: (a: Action) => void) => () => void
  readonly onChange: (f: (now: FigureState, before: FigureState) => void) => () => void
}

/** Worlds on their way, and what was asked behind them. */
interface Waiting {
  readonly behind: Action[]
  readonly done: Promise<void>
}

/** The worlds a figure begins with: they are to be here before it is made. An unknown one is the first there is. */
export const worldsAtFirst = ({
  scenario,
  against,
}: FigureProps): readonly [string, ...string[]] => [
  isWorld(scenario) ? scenario : WORLDS[0].id,
  ...(against === undefined ? [] : [against]),
]

/** Where an author lets a figure begin; `world` is one of the reader's own, or that of worldsAtFirst(). */
export const homeOf = (props: FigureProps, world: Scenario, own = false): Home => ({
  ...props,
  world,
  own,
})

/** The state a figure begins in. */
function beginning(home: Home, read: Read): FigureState {
  const { world, against = null } = home
  const s: FigureState = {
    world,
    scenario: world.id,
    flow: home.flow ?? Object.keys(world.flows)[0] ?? '',
    whatIfs: home.whatIfs ?? [],
    step: 0,
    detail: 'story',
    against,
    draw: null,
    past: [],
    future: [],
    tick: 0,
    playing: false,
    speed: 1,
    tab: 'Why',
    look: null,
    drawer: false,
    menu: null,
    side: 0,
    notice: null,
    said: '',
    byHand: null,
    away: false,
    asked: null,
    scene: null,
    held: [],
    answered: [],
    been: {},
    peek: null,
    stood: null,
    turn: 0,
    quiet: false,
    alive: false,
  }
  return home.step === undefined ? s : { ...s, step: stepOf(read.now(s).keys, home.step).step }
}

export function createFigure(home: Home, worlds: Worlds): FigureStore {
  const read = selectors(home, worlds)
  const reduce = reducer(home, worlds)
  const store = createStore<FigureState>(() => beginning(home, read))
  const listeners = new Set<(a: Action) => void>()
  const act = (a: Action): void => {
    store.setState(reduce(store.getState(), a, read), true)
    for (const f of listeners) f(a)
  }
  let waiting: Waiting | null = null
  const when = (ids: readonly string[], then: () => void): void => {
    const missing = ids.filter((id) => isWorld(id) && worlds.here(id) === undefined)
    waiting = null
    if (missing.length === 0) {
      then()
      return
    }
    const come = (away: Away | null): void => {
      if (waiting !== mine) return
      waiting = null
      if (away !== null) {
        act({ type: 'missing', notice: controls().worldMissing(away) })
        return
      }
      then()
      for (const a of mine.behind) dispatch(a)
    }
    const mine: Waiting = { behind: [], done: worlds.bring(missing).then(come) }
    waiting = mine
  }
  const dispatch = (a: Action): void => {
    if (waiting !== null && ofTheWorld(a)) {
      waiting.behind.push(a)
      return
    }
    const to = worldsOf(store.getState(), a, home)
    if (to.length === 0) act(a)
    else when(to, () => act(a))
  }
  const settled = (): Promise<void> =>
    waiting === null ? Promise.resolve() : waiting.done.then(settled)
  return {
    home,
    worlds,
    shows: (part) => home.hide?.includes(part) !== true,
    store,
    state: store.getState,
    read,
    dispatch,
    when,
    settled,
    onAction: (f) => {
      listeners.add(f)
      return () => {
        listeners.delete(f)
      }
    },
    onChange: store.subscribe,
  }
}
