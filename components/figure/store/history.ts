/* What was done, so that it can be taken back and done again: of a figure, and of a sandbox. */

/** What takes back what was done, and what does again what was taken back: the last first. */
export interface History<T> {
  readonly past: readonly T[]
  readonly future: readonly T[]
}

/** So many steps can be taken back. */
const MOST_PAST = 1000

/** Something was done, which `back` takes back. */
export const remembering = <T>({ past }: History<T>, back: T): History<T> => ({
  past: [back, ...past.slice(0, MOST_PAST - 1)],
  future: [],
})

/** One step back or forth: what is to be done, and the history then, of which `back` takes that back. Null if there is none. */
export function stepped<T>(
  { past, future }: History<T>,
  way: 'undo' | 'redo',
): { readonly change: T; readonly after: (back: T) => History<T> } | null {
  const [change, ...rest] = way === 'undo' ? past : future
  if (change === undefined) return null
  return {
    change,
    after: (back) =>
      way === 'undo'
        ? { past: rest, future: [back, ...future] }
        : { past: [back, ...past], future: rest },
  }
}
