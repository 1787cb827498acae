import type { Detail, Scenario, Walk } from '#lib/index.ts'
import type { Uncopied } from '#components/words/en/figure.ts'

/* What a figure is at a moment. Everything it shows follows from this (select.ts), and only an action changes it (reduce.ts). */

/** What a link carries. `draw` is what random rules draw from (Flow.draw); null leaves it to the flow. */
export interface Shown {
  readonly scenario: string
  readonly flow: string
  readonly whatIfs: readonly string[]
  /** Of the walk, from 0. */
  readonly step: number
  readonly detail: Detail
  /** The world it is compared with. */
  readonly against: string | null
  readonly draw: number | null
}

/** What the drawer tells. */
export const TABS = ['Why', 'Bytes', 'Tables', 'Seen by', 'Steps'] as const
/** While two worlds are compared, also what each has cost so far. */
export type Tab = (typeof TABS)[number] | 'Cost'

/** What falls out of the line above the picture. */
export type Menu = 'change' | 'more' | 'help'

/** What a place of a figure may do without, or locks. */
export type Part =
  | 'world'
  | 'flow'
  | 'change'
  | 'more'
  | 'compare'
  | 'take'
  | 'detail'
  | 'packets'
  | 'sentence'
  | 'drawer'

/** Steps in 1.5 seconds while it plays. */
export const SPEEDS = [0.5, 1, 1.5, 2] as const
export type Speed = (typeof SPEEDS)[number]

/** Where a change is taken back to. The tables follow by inverted edits. */
export type Place = Pick<FigureState, 'whatIfs' | 'flow' | 'asked' | 'draw' | 'step'>

/** What a scene shows. `from`: the key of its first stop, that of the walk when empty; `to`: of its last one, the packet's last when empty. */
export interface Scene {
  readonly id: string
  readonly scenario: string
  readonly flow: string
  readonly whatIfs: readonly string[]
  readonly against: string | null
  readonly detail: Detail
  readonly from: string
  readonly to: string
  /** It asks what comes next: until somebody has answered, the walk ends at its first stop. */
  readonly asks?: true
}

/** A walk that is shown in place of the state's own, what is said of it, and where the reader was. No link names it. */
export interface Stood {
  readonly walk: Walk
  readonly says: string
  readonly step: number
}

/** Where in a scene the reader was: what he changed there by answering counts too. */
export type Been = Pick<FigureState, 'whatIfs' | 'step'>

export interface FigureState extends Shown {
  /** The rows that `scenario` names: one of ours, or the reader's own. */
  readonly world: Scenario
  /** What stood here before each what-if that was made or taken back, and what was undone: the last first. */
  readonly past: readonly Place[]
  readonly future: readonly Place[]
  /** While comparing: which tick of the clock. It counts only while its step is the one shown. */
  readonly tick: number
  readonly playing: boolean
  readonly speed: Speed
  readonly tab: Tab
  /** A namespace the reader looks into, until the packet moves on from this step. */
  readonly look: { readonly name: string; readonly step: number } | null
  /** The drawer is open. It stays so while one steps. */
  readonly drawer: boolean
  readonly menu: Menu | null
  /** Of two that are compared where only one has room: the left or the right one. */
  readonly side: 0 | 1
  /** What could not be taken from a link. */
  readonly notice: string | null
  /** Said for a moment where the step is told. */
  readonly said: string
  /** Text the clipboard did not take, and why. */
  readonly byHand: { readonly text: string; readonly why: Uncopied } | null
  /** The page was scrolled for a phrase, and there is a way back to it. */
  readonly away: boolean
  /** The flow a what-if asked for, and what was sent before it did. */
  readonly asked: { readonly flow: string; readonly before: string } | null
  /** The scene of the chapter that is read, and the changes that it stands with: its own, or its question's. */
  readonly scene: Scene | null
  readonly held: readonly string[]
  /** The scenes whose question was answered. */
  readonly answered: readonly string[]
  /** Where the reader was in each scene, by its id. */
  readonly been: Readonly<Record<string, Been>>
  /** Where the reader is while another step is looked at. */
  readonly peek: Pick<FigureState, 'step' | 'tick'> | null
  /** Another walk than the state's own is shown: one that a belief, a wrong row or a broken goal leads to. */
  readonly stood: Stood | null
  /** The reader stepped out of the scene: the text is to go on, or back. */
  readonly turn: 0 | 1 | -1
  /** What is shown is the text's doing, which says it itself. */
  readonly quiet: boolean
  /** It has read its link, and answers. */
  readonly alive: boolean
}

/** How an author puts a figure into a page: strings only, that is all that crosses from prose. */
export interface FigureProps {
  /** Its name in links. */
  readonly id: string
  readonly scenario: string
  readonly flow?: string
  readonly whatIfs?: readonly string[]
  /** Key of the step it begins at. */
  readonly step?: string
  /** World to compare with from the start. */
  readonly against?: string
  /** Worlds the reader may switch to, and what-ifs offered; all when left out. */
  readonly switches?: readonly string[]
  readonly alter?: readonly string[]
  /** Alone in a frame of somebody's page. */
  readonly bare?: boolean
  /** In a page's text it is as high as its picture, and no higher than the window; a chapter's stage or another place gives it its height. */
  readonly fit?: 'page' | 'stage' | 'place'
  readonly hide?: readonly Part[]
}

/** Where a figure begins. `own`: its world is the reader's, there is no other to go to, and its page reads links. */
export interface Home extends FigureProps {
  readonly world: Scenario
  readonly own: boolean
}
