import { LEVELS } from './bounds.ts'
import { keyText, problem, type Problem } from './problem.ts'

/* What a value must be before its words are looked at: plain, not deep, each key once. */

/** Keys that JavaScript gives a meaning of its own. */
const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

interface Place {
  readonly value: object
  readonly up: Place | null
  readonly key: string | number
}

/** Everything of a parsed value that no file may have: more levels than any has (an alias to what holds it has no end), reserved keys, and what is neither list nor mapping. */
export function shapeProblems(value: unknown): readonly Problem[] {
  const problems: Problem[] = []
  const seen = new Set<object>()
  let level: Place[] =
    typeof value === 'object' && value !== null ? [{ value, up: null, key: '' }] : []
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > LEVELS) return [problem('', 'deep')]
    const next = new Map<object, Place>()
    const below = (up: Place, key: string | number, x: unknown): void => {
      if (typeof x === 'object' && x !== null && !next.has(x)) next.set(x, { value: x, up, key })
    }
    for (const place of level) {
      if (Array.isArray(place.value)) place.value.forEach((x, i) => below(place, i, x))
      else keysOf(place, below, seen.has(place.value) ? null : problems)
      seen.add(place.value)
    }
    level = [...next.values()]
  }
  return problems
}

function keysOf(
  place: Place,
  below: (up: Place, key: string, x: unknown) => void,
  problems: Problem[] | null,
): void {
  const plain: unknown = Object.getPrototypeOf(place.value)
  if (plain !== Object.prototype && plain !== null) {
    problems?.push(problem(pathTo(place), 'shape'))
    return
  }
  for (const key of Object.keys(place.value)) {
    if (RESERVED.has(key))
      problems?.push(problem(pathTo({ value: place.value, up: place, key }), 'key-reserved', key))
    else below(place, key, (place.value as Readonly<Record<string, unknown>>)[key])
  }
}

function pathTo(place: Place): string {
  const steps: (string | number)[] = []
  for (let at: Place = place; at.up !== null; at = at.up) steps.push(at.key)
  return steps
    .reverse()
    .reduce<string>(
      (text, key) => text + (typeof key === 'number' ? `[${key}]` : keyText(key, text === '')),
      '',
    )
}

interface Open {
  readonly keys: Set<string> | null
  key: string
  index: number
}

/** Keys that stand twice in one object of a JSON text: JSON.parse keeps the last without a word. One pass over the text, which must be JSON. */
export function repeatedKeys(text: string): readonly Problem[] {
  const problems: Problem[] = []
  const open: Open[] = []
  let keyNext = false
  for (let i = 0; i < text.length; i += 1) {
    switch (text.charCodeAt(i)) {
      case 0x7b:
        open.push({ keys: new Set(), key: '', index: 0 })
        keyNext = true
        break
      case 0x5b:
        open.push({ keys: null, key: '', index: 0 })
        keyNext = false
        break
      case 0x7d:
      case 0x5d:
        open.pop()
        keyNext = false
        break
      case 0x2c: {
        const top = open.at(-1)!
        top.index += 1
        keyNext = top.keys !== null
        break
      }
      case 0x22: {
        const end = endOfString(text, i)
        const top = open.at(-1)
        if (keyNext && top?.keys != null) {
          const raw = text.slice(i + 1, end)
          top.key = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw
          if (top.keys.has(top.key)) problems.push(problem(openPath(open), 'key-twice', top.key))
          top.keys.add(top.key)
          keyNext = false
        }
        i = end
        break
      }
    }
  }
  return problems
}

/** The quote that ends the string: one with an even number of backslashes before it. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let back = end - 1
    while (text.charCodeAt(back) === 0x5c) back -= 1
    if ((end - 1 - back) % 2 === 0 || end < 0) return end < 0 ? text.length : end
  }
}

function openPath(open: readonly Open[]): string {
  return open.reduce(
    (text, o) => text + (o.keys === null ? `[${o.index}]` : keyText(o.key, text === '')),
    '',
  )
}

/** Brackets, or marks of list and key on one line, beyond what a person writes: the YAML parser takes cubic time for them. */
const MOST_OPEN = 200
const MOST_MARKS = 16

/** Is a YAML text nested so deeply that it is not worth parsing? Counts brackets wherever they stand, so it is generous. Linear. */
export function deepText(text: string): number | null {
  let open = 0
  let line = 1
  const indents: number[] = []
  for (let i = 0; i < text.length;) {
    const end = text.indexOf('\n', i) < 0 ? text.length : text.indexOf('\n', i)
    const start = /^(?: *[-?:](?=[ \t]))*/.exec(text.slice(i, Math.min(end, i + 400)))![0]
    if (start.replaceAll(' ', '').length > MOST_MARKS) return line
    const indent = indentOf(text, i, end)
    if (indent >= 0) {
      while ((indents.at(-1) ?? -1) >= indent) indents.pop()
      indents.push(indent)
      if (indents.length > 4 * LEVELS) return line
    }
    for (let k = i; k < end; k += 1) {
      const c = text.charCodeAt(k)
      if (c === 0x5b || c === 0x7b) open += 1
      else if ((c === 0x5d || c === 0x7d) && open > 0) open -= 1
      if (open > MOST_OPEN) return line
    }
    line += 1
    i = end + 1
  }
  return null
}

/** Blanks before the first character of a line; -1 for an empty line. */
function indentOf(text: string, start: number, end: number): number {
  let i = start
  while (i < end && text.charCodeAt(i) === 0x20) i += 1
  return i === end ? -1 : i - start
}
