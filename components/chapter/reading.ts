import type { Scene } from '#components/figure/store/state.ts'

/* The chapter of a page while it is read: which of its scenes, and how the text is moved. Every page has this file at once, so it knows no figure's inside. */

/** A chapter on the page. */
export interface Reading {
  /** The stage that its scenes move: the id of a figure. */
  readonly stage: string
  readonly scenes: readonly Scene[]
  /** The scene that is read, by its number. */
  readonly active: () => number
  /** A scene is read although the window is at another: something of it was pressed. */
  readonly take: (id: string) => void
  /** Brings a scene to where it is read; one after the last is what there is to take along, one before the first the title. */
  readonly go: (scene: number, how: 'smooth' | 'instant') => void
  /** Brings something of the text into sight, no further than that needs; of what has no room, the beginning. */
  readonly see: (what: Element) => void
}

let open: Reading | null = null
const watchers = new Set<() => void>()

export const reading = (): Reading | null => open

/** Another scene is read, or a chapter came. */
export function turned(): void {
  for (const f of watchers) f()
}

/** A chapter is there. Returns what takes it away. */
export function read(chapter: Reading): () => void {
  open = chapter
  turned()
  return () => {
    if (open === chapter) open = null
  }
}

/** Calls back when another scene is read. Returns what ends it. */
export function watch(f: () => void): () => void {
  watchers.add(f)
  return () => {
    watchers.delete(f)
  }
}

/** A card's edges in the window, in px. */
export interface Edges {
  readonly top: number
  readonly height: number
}

/** Which card is read: the last one whose top has passed the line; the first until then. */
export function activeOf(tops: readonly number[], line: number): number {
  return Math.max(
    0,
    tops.findLastIndex((top) => top <= line),
  )
}

/** Room between a card that was gone to and what is above or below it. */
const AIR = 24

/** Where the top of a card is put that is gone to: past the line, whole if it can be. */
export function landing(
  card: Edges,
  { line, from, to }: { readonly line: number; readonly from: number; readonly to: number },
): number {
  return Math.max(from + AIR, Math.min(line - AIR, to - AIR - card.height))
}

/** How far the text is to be moved for something of it to be in sight; of what has no room, the beginning. */
export function shift(
  { top, height }: Edges,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  const [above, below] = [top - from - AIR, top + height + AIR - to]
  return above < 0 ? above : Math.max(0, Math.min(above, below))
}
