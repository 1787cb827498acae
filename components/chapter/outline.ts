/* What the compiler of chapters (scripts/outline.mjs) tells of one. */

/** An attribute that is no plain text is null. */
export type Attributes = Readonly<Record<string, string | null>>

export interface Element {
  readonly name: string
  readonly line: number
  readonly attributes: Attributes
  /** The scene it stands in or is, by its number from 0; -1 outside of scenes. */
  readonly scene: number
  /** The network of the question that it stands in, as far as that names it. */
  readonly asked: Attributes
}

export interface OutlineScene {
  readonly line: number
  readonly heading: string
  readonly attributes: Attributes
}

/** A word where it is introduced, or used again (`of` names it then). */
export interface OutlineTerm {
  readonly line: number
  /** As of an element. */
  readonly scene: number
  readonly text: string
  readonly of: string | null
  /** Its sentence; '' where a number of a walk stands in that. */
  readonly says: string
}

/** A run of a line of sources, and where it leads. */
export interface SourceRun {
  readonly text: string
  readonly href: string | null
}

export interface Outline {
  /** The path of the chapter, from the top of the project. */
  readonly file: string
  /** Words of prose. */
  readonly words: number
  /** What the reader can do afterwards, as its beginning says it; '' where it does not. */
  readonly afterwards: string
  readonly stage: Element | null
  readonly scenes: readonly OutlineScene[]
  readonly terms: readonly OutlineTerm[]
  /** What it rests on, line by line. */
  readonly sources: readonly (readonly SourceRun[])[]
  readonly elements: readonly Element[]
}

/** Words that are read in a minute, figures looked at included. */
const PACE = 180
/** Minutes to read so many words. */
export const minutesOf = (words: number): number => Math.max(1, Math.round(words / PACE))
