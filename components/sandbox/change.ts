import type { Recipe } from './recipe.ts'

/* What a reader does to a sandbox, as something that can be taken back: a change has an inverse, and a history is a list of those. */

const FIELDS = ['network', 'nodes', 'pods', 'mtu', 'from', 'to', 'sends', 'whole', 'task'] as const

/** Fields that are set, and a stretch of the edits that is another: from `at`, `out` of them are gone and `in` stand there. */
export interface Change {
  readonly set: Partial<Omit<Recipe, 'edits'>>
  readonly at: number
  readonly out: number
  readonly in: readonly unknown[]
}

/** What makes one box of another. */
export function between(from: Recipe, to: Recipe): Change {
  const set = Object.fromEntries(FIELDS.flatMap((k) => (from[k] === to[k] ? [] : [[k, to[k]]])))
  const least = Math.min(from.edits.length, to.edits.length)
  let at = 0
  while (at < least && from.edits[at] === to.edits[at]) at += 1
  let end = 0
  while (end < least - at && from.edits.at(-1 - end) === to.edits.at(-1 - end)) end += 1
  return {
    set,
    at,
    out: from.edits.length - end - at,
    in: to.edits.slice(at, to.edits.length - end),
  }
}

export function changed(b: Recipe, c: Change): Recipe {
  const edits = c.out === 0 && c.in.length === 0 ? b.edits : b.edits.toSpliced(c.at, c.out, ...c.in)
  return { ...b, ...c.set, edits }
}

/** What takes a change back that is about to be made. */
export function inverse(b: Recipe, c: Change): Change {
  const set = Object.fromEntries(Object.keys(c.set).map((k) => [k, b[k as keyof Recipe]]))
  return { set, at: c.at, out: c.in.length, in: b.edits.slice(c.at, c.at + c.out) }
}
