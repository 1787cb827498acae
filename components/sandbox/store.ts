import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Scenario, TableName } from '#lib/index.ts'
import { deriving } from '#components/figure/store/derived.ts'
import { createFigure, homeOf, type FigureStore } from '#components/figure/store/figure.ts'
import { remembering, stepped, type History } from '#components/figure/store/history.ts'
import { WORLDS_HERE } from '#components/figure/effects/worlds.ts'
import { controls } from '#components/words/controls.ts'
import { START, withEnds, type Recipe } from './recipe.ts'
import { build, type Built } from './build.ts'
import { between, changed, inverse, type Change } from './change.ts'
import { WALK } from './carry.ts'
import { taskOf } from './tasks.ts'
import { fromLink } from './link.ts'
import { lookedAt, type Looked } from './looked.ts'
import { whatIfsOf, type Asked } from './what-ifs.ts'

/* A sandbox without a page: what it is, what was done to it, and the figure that walks it. */

export interface SandboxState {
  readonly box: Recipe
  /** What takes back what was done, and what was taken back: the last first. */
  readonly past: readonly Change[]
  readonly future: readonly Change[]
  /** As a link says it, changed by nobody yet: its address stays as it came. */
  readonly asRead: boolean
  /** What of a link could not be taken. */
  readonly notices: readonly string[]
  /** What is said of a network that did not come. */
  readonly missing: string | null
  /** The table looked at; of a space or a kind that is not there, the first that is. */
  readonly where: string
  readonly table: TableName
  /** The network is shown as it was before anything was changed. */
  readonly plain: boolean
}

export type SandboxAction =
  /** Another network, more pods, another MTU, other ends. */
  | { readonly type: 'set'; readonly to: Partial<Omit<Recipe, 'edits'>> }
  /** More edits, at the end. */
  | { readonly type: 'edits'; readonly edits: readonly object[] }
  /** Edits that are taken out, by their places in the list. */
  | { readonly type: 'without'; readonly gone: readonly number[] }
  | { readonly type: 'start' }
  | { readonly type: 'undo' }
  | { readonly type: 'redo' }
  /** A link came into the open page: what stood here before is one step back. */
  | { readonly type: 'hear'; readonly hash: string }
  /** A network that was asked for did not come: what is said of it. */
  | { readonly type: 'missing'; readonly notice: string }
  | { readonly type: 'noted' }
  | { readonly type: 'look'; readonly where: string }
  | { readonly type: 'table'; readonly table: TableName }
  /** As it was without changes, and back. */
  | { readonly type: 'plain' }

/** It is another now; what was not to be had is no matter any more. */
const become = (s: SandboxState, box: Recipe, history: History<Change>): SandboxState => ({
  ...s,
  ...history,
  box,
  asRead: false,
  missing: null,
  plain: false,
})

const did = (s: SandboxState, to: Recipe): SandboxState =>
  become(s, to, remembering(s, inverse(s.box, between(s.box, to))))

/** One step of the history: the change is made, and what takes it back goes to the other list. */
function turned(s: SandboxState, way: 'undo' | 'redo'): SandboxState {
  const step = stepped(s, way)
  if (step === null) return s
  const { change, after } = step
  return become(s, changed(s.box, change), after(inverse(s.box, change)))
}

function heard(s: SandboxState, hash: string): SandboxState {
  const { box, notices } = fromLink(hash) ?? { box: START, notices: [] }
  const same = JSON.stringify(box) === JSON.stringify(s.box)
  return { ...(same ? s : did(s, box)), asRead: true, notices }
}

function reduceSandbox(s: SandboxState, a: SandboxAction): SandboxState {
  const { box } = s
  switch (a.type) {
    case 'set':
      return did(s, withEnds({ ...box, whole: false, task: null, ...a.to }))
    case 'edits':
      return did(s, { ...box, edits: [...box.edits, ...a.edits] })
    case 'without':
      return did(s, { ...box, edits: box.edits.filter((_, i) => !a.gone.includes(i)) })
    case 'start':
      return did(s, box.whole ? { ...box, edits: [] } : START)
    case 'undo':
    case 'redo':
      return turned(s, a.type)
    case 'hear':
      return heard(s, a.hash)
    case 'missing':
      return { ...s, missing: a.notice }
    case 'noted':
      return { ...s, notices: [], missing: null }
    case 'look':
      return { ...s, where: a.where }
    case 'table':
      return { ...s, table: a.table }
    case 'plain':
      return { ...s, plain: !s.plain }
  }
}

/** Does it say which network it is to be? Then it takes the place of one that is on its way. */
const decides = (a: SandboxAction): boolean =>
  a.type === 'set' ? a.to.network !== undefined : DECIDES.has(a.type)
const DECIDES: ReadonlySet<SandboxAction['type']> = new Set(['start', 'undo', 'redo', 'hear'])

export interface SandboxStore {
  readonly store: StoreApi<SandboxState>
  readonly figure: FigureStore
  readonly state: () => SandboxState
  /** Does it at once; what needs a network that is not here, when that has come. */
  readonly dispatch: (a: SandboxAction) => void
  readonly built: (s: SandboxState) => Built
  /** The network without the changes. */
  readonly unchanged: (s: SandboxState) => Built
  /** What is walked: with the changes, or without. */
  readonly walked: (s: SandboxState) => Built
  /** Why these edits cannot be made now; null if they can. */
  readonly refuses: (edits: readonly object[]) => string | null
  /** The questions that its world asks. */
  readonly whatIfs: (s: SandboxState) => readonly Asked[]
  /** The table looked at; null of a network without any space. */
  readonly shown: (s: SandboxState) => Looked | null
}

/** What is sent at first. */
const firstFlow = ({ flows }: Scenario, { task }: Recipe): string =>
  (task === null ? undefined : taskOf(task)?.task.flow) ??
  ('ping' in flows ? 'ping' : (Object.keys(flows)[0] ?? ''))

/** The network that a link asks for. */
export const networkOf = (hash: string): string => (fromLink(hash)?.box ?? START).network

const derived = deriving<SandboxState>()

/** A sandbox as a link says it; without one, as it begins. Its network's world is here. */
export function createSandbox(hash: string, bare = false): SandboxStore {
  const l = fromLink(hash)
  const store = createStore<SandboxState>(() => ({
    box: l?.box ?? START,
    past: [],
    future: [],
    asRead: true,
    notices: l?.notices ?? [],
    missing: null,
    where: 'node-1',
    table: 'routes',
    plain: false,
  }))
  const built = derived([(s) => s.box], build)
  let last = store.getState().box
  // The same recipe as long as only edits change.
  const asBegun = (s: SandboxState): Recipe => {
    const { set } = between(last, s.box)
    if (Object.keys(set).length > 0 || last.edits.length > 0) last = { ...s.box, edits: [] }
    return last
  }
  const unchanged = derived([asBegun], build)
  const whatIfs = derived([unchanged], ({ scenario: { id, topology } }) =>
    whatIfsOf(WORLDS_HERE.here(id)!, topology),
  )
  const walked = (s: SandboxState): Built => (s.plain ? unchanged(s) : built(s))
  const look = derived([(s) => s.where, (s) => s.table], (where, table) => [where, table] as const)
  const { scenario } = built(store.getState())
  const figure = createFigure(
    homeOf(
      {
        id: WALK,
        scenario: scenario.id,
        flow: firstFlow(scenario, store.getState().box),
        fit: 'place',
        bare,
      },
      scenario,
      true,
    ),
    WORLDS_HERE,
  )
  const act = (a: SandboxAction): void => {
    const before = walked(store.getState())
    const next = reduceSandbox(store.getState(), a)
    const now = walked(next)
    // Its figure first: another network is a place to come back to, and this one's address stays behind.
    if (now !== before) figure.dispatch({ type: 'world', world: now.scenario })
    // A packet that was made is looked at; of one that is no more nothing is to be seen.
    const { flows } = now.scenario
    const made = a.type === 'set' && a.to.sends !== undefined && 'packet' in flows
    if (made || !(figure.state().flow in flows))
      figure.dispatch({ type: 'flow', flow: made ? 'packet' : firstFlow(now.scenario, next.box) })
    store.setState(next, true)
  }
  /** What waits for its network. */
  let waiting: SandboxAction | null = null
  return {
    store,
    figure,
    state: store.getState,
    built,
    unchanged,
    walked,
    whatIfs,
    refuses: (edits) => {
      const { box } = store.getState()
      const from = box.edits.length
      const { left } = build({ ...box, edits: [...box.edits, ...edits] })
      return left.find((l) => l.n >= from)?.why ?? null
    },
    shown: derived([built, unchanged, look], lookedAt),
    dispatch: (a) => {
      const { network } = reduceSandbox(store.getState(), a).box
      if (decides(a)) waiting = null
      if (WORLDS_HERE.here(network) !== undefined) {
        act(a)
        return
      }
      waiting = a
      void WORLDS_HERE.bring([network]).then((away) => {
        if (waiting !== a) return
        waiting = null
        act(away === null ? a : { type: 'missing', notice: controls().worldMissing(away) })
      })
    },
  }
}
