import { cli } from './words.ts'

/** How far two words are apart: letters put in, left out, changed, or two neighbours swapped (Damerau-Levenshtein, optimal string alignment); null beyond `most`. */
export function distance(a: string, b: string, most: number): number | null {
  if (Math.abs(a.length - b.length) > most) return null
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1]
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, before[j - 2]! + 1)
      row.push(least)
    }
    if (Math.min(...row) > most) return null
    before = last
    last = row
  }
  const far = last[b.length]!
  return far <= most ? far : null
}

const AT_MOST = 3
const LIST = 150

/** The names that a word may have been meant for, the nearest first, three at most: mistyped, or begun, or a part of them. */
export function near(word: string, names: Iterable<string>): string[] {
  const w = word.toLowerCase()
  const most = w.length <= 4 ? 1 : w.length <= 7 ? 2 : 3
  const found: { readonly name: string; readonly far: number }[] = []
  for (const name of new Set(names)) {
    const n = name.toLowerCase()
    // One letter of many is no likeness: `a` is not meant for `b`.
    const far = w.length < 2 ? null : distance(w, n, most)
    if (far !== null) found.push({ name, far })
    else if (w.length > 1 && n.startsWith(w)) found.push({ name, far: AT_MOST + 1 })
    else if (w.length > 2 && n.includes(w)) found.push({ name, far: AT_MOST + 2 })
  }
  return found
    .toSorted((a, b) => a.far - b.far)
    .slice(0, AT_MOST)
    .map((x) => x.name)
}

/** What to write instead of a word that names nothing: those near it, or the names there are, cut where there are many. */
export function instead(word: string, names: readonly string[]): string {
  const close = near(word, names)
  return cli().instead(close.map(shown), some(names))
}

/** As many names as fit a line, and how many more there are. */
export function some(names: readonly string[]): {
  readonly names: readonly string[]
  readonly more: number
} {
  const fit: string[] = []
  for (const name of names.map(shown)) {
    if (fit.length > 0 && [...fit, name].join(', ').length > LIST) break
    fit.push(name)
  }
  return { names: fit, more: names.length - fit.length }
}

/** A word of the person's own in a message: as it is where it is plain, else quoted; cut where it is long. */
export function shown(word: string): string {
  const text = /^[\p{L}\p{N}_./:,@=+-]+$/u.test(word) ? word : JSON.stringify(word)
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`
}
