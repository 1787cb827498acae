import type { Detail, Scenario, Walk } from '#lib/index.ts'
import type { ThemeName } from '#components/words/en/site.ts'
import type { Uncopied } from '#components/words/en/figure.ts'
import type { Menu, Scene, Shown, Tab } from './state.ts'

/** What may be asked of a figure, by whomever: a key, a button, a phrase of the text, a scene, a host page, a presenter. All of it is plain JSON. */
export type Ask =
  /** One stop on or back; while comparing, one tick of the clock. */
  | { readonly type: 'move'; readonly by: 1 | -1 }
  /** To the next stop where something is decided, or the last one. */
  | { readonly type: 'decision'; readonly by: 1 | -1 }
  | { readonly type: 'first' }
  | { readonly type: 'last' }
  /** To the end of this packet; from there, to that of the next. */
  | { readonly type: 'end' }
  /** To a stop by its number from 0, to a tick while comparing. */
  | { readonly type: 'to'; readonly at: number }
  /** To a step of the walk by its number, told or not. */
  | { readonly type: 'go'; readonly step: number }
  /** To a step by its key; to the nearest there is. */
  | { readonly type: 'key'; readonly key: string }
  /** To the packet of this message. */
  | { readonly type: 'message'; readonly message: number }
  /** To the answer, and back. */
  | { readonly type: 'answer' }
  /** To where the packet passes this box of the picture; if it does not, its tables are shown. */
  | { readonly type: 'box'; readonly id: string }
  | { readonly type: 'scenario'; readonly scenario: string }
  | { readonly type: 'flow'; readonly flow: string }
  /** Makes a change of the world, or takes it back; with it what is sent, where it asks for another packet. */
  | { readonly type: 'whatIf'; readonly whatIf: string }
  /** The last what-if that was made or taken back, taken back or made again. */
  | { readonly type: 'undo' }
  | { readonly type: 'redo' }
  | { readonly type: 'detail'; readonly detail: Detail }
  /** With another world, with none (null); left out, with its counterpart, or not any more. */
  | { readonly type: 'compare'; readonly against?: string | null }
  /** Random rules draw again, until the packet goes another way. */
  | { readonly type: 'draw' }
  | { readonly type: 'play' }
  | { readonly type: 'pause' }
  /** To a scene of the chapter: its first stop, or where in it the reader was. `stay`: what is shown stays, and is the scene's as far as it is one of its stops. */
  | { readonly type: 'scene'; readonly scene: Scene; readonly stay?: true }
  /** The scene's question was answered: these changes are made, and the packet runs. */
  | { readonly type: 'reveal'; readonly whatIfs: readonly string[] }
  /** A step is looked at by its key until the next such word; null: back to where the reader is. */
  | { readonly type: 'peek'; readonly key: string | null }
  /** Back to the walk that is its own. */
  | { readonly type: 'unstand' }
  /** To the scene that is read, wherever the stage has gone. */
  | { readonly type: 'follow' }
  /** Faster or slower; `around`: from the fastest on to the slowest. */
  | { readonly type: 'speed'; readonly by: 1 | -1; readonly around?: true }
  /** Of the drawer, which opens; asked for again, it closes. */
  | { readonly type: 'tab'; readonly tab: Tab }
  | { readonly type: 'drawer'; readonly open: boolean }
  /** What falls out of the line above; asked for again, it goes. */
  | { readonly type: 'menu'; readonly menu: Menu }
  /** Of two that are compared, the one to be seen where only one has room. */
  | { readonly type: 'shown'; readonly side: 0 | 1 }
  /** The list of keys, shown or not. */
  | { readonly type: 'help' }
  /** The colours of the page the figure stands in. */
  | { readonly type: 'theme'; readonly theme: ThemeName }
  /** The link to this step, to the clipboard. */
  | { readonly type: 'copy' }
  /** Back to the phrase that led here. */
  | { readonly type: 'back' }
  /** Out of what is open: a menu, then the drawer; then to the figure itself. */
  | { readonly type: 'leave' }
  /** A notice was read. */
  | { readonly type: 'noted' }
  /** What could not be copied was copied by hand. */
  | { readonly type: 'handed' }

/** What comes back from the world around: an address, a clipboard, a page that scrolled, rows. */
export type Came =
  /** It answers now, and has read its address. */
  | { readonly type: 'alive' }
  /** An address was read: what it says, and what of it could not be taken. */
  | {
      readonly type: 'read'
      readonly shown: Shown
      readonly world: Scenario
      readonly notice: string | null
    }
  /** Another walk is to be seen, of which this is said: it runs from its beginning, or from a step of it. */
  | {
      readonly type: 'stand'
      readonly walk: Walk
      readonly says: string
      readonly step?: number
    }
  /** A world that was asked for did not come: what is said of it. */
  | { readonly type: 'missing'; readonly notice: string }
  /** Another network of the reader's own: it is looked at from the same place. */
  | { readonly type: 'world'; readonly world: Scenario }
  /** The clipboard took what was copied; this is said of it, until it is hushed. */
  | { readonly type: 'copied'; readonly said: string }
  | { readonly type: 'hushed' }
  /** The clipboard did not take it. */
  | { readonly type: 'uncopied'; readonly text: string; readonly why: Uncopied }
  /** The text has gone on to the scene before or after. */
  | { readonly type: 'turned' }
  /** The page was scrolled for a phrase. */
  | { readonly type: 'away' }

export type Action = Ask | Came
