import * as v from 'valibot'
import { problems as english, SENTENCES, type Code } from '#lib/words/en/problems/index.ts'
import type { ListOf, NumberOf } from '#lib/words/en/problems/things.ts'
import { part } from '#lib/words/language/index.ts'
import { STEERING } from './text.ts'

/** What is said of files, edits and questions, in the language that is spoken. */
export const saying = part('problems', english)

/** What is wrong in a file: where, a code with its arguments, and the sentence made of them. `path` is '' for the file as a whole. */
export interface Problem {
  readonly path: string
  readonly code: Code
  readonly args: readonly (string | number)[]
  readonly message: string
}

/** Words of ours, such as the keys of a table: shown in full. A list of strings is names of the author's: the first eight. */
export interface Words {
  readonly words: string
}
type Given<P> = P extends number
  ? number
  : string extends P
    ? string | Words | readonly string[]
    : P
export type Args<C extends Code> =
  Parameters<(typeof SENTENCES)[C]['wrong']> extends infer A extends readonly unknown[]
    ? { readonly [K in keyof A]: Given<A[K]> }
    : never
/** Takes down a problem at a place of the file. */
export type Say = <C extends Code>(path: string, code: C, ...args: Args<C>) => void

/** Characters of a sentence, of what somebody wrote that it repeats in one place (fewer where it repeats much), and of a list of names. */
const MOST_SENTENCE = 300
const MOST = 60
const FEWER = [MOST, 40, 24, 12, 11] as const
/** Where even that is too long, our own words are the first eight too. */
const LEAST = 11
const MOST_NAMES = 8
const EVERY_STEERING = new RegExp(STEERING, 'gu')
/** Of one half of a sentence whose words come from elsewhere (EditError). */
const MOST_HALF = 140

export function words(list: readonly string[]): Words {
  return { words: list.join(', ') }
}

/** The problem with its sentence. */
export function problem<C extends Code>(path: string, code: C, ...args: Args<C>): Problem {
  return made(path, code, args as readonly unknown[])
}

function made(path: string, code: Code, args: readonly unknown[]): Problem {
  const said = saying()
  const { wrong, remedy } = said.sentences[code] as {
    readonly wrong: (...a: readonly unknown[]) => string
    readonly remedy: (...a: readonly unknown[]) => string
  }
  const as = (most: number): Problem => {
    const shown = args.map((x) => told(x, most))
    return { path, code, args: shown, message: said.sentence(wrong(...shown), remedy(...shown)) }
  }
  const [usual, ...fewer] = FEWER.map((most) => () => as(most))
  return fewer.reduce((p, next) => (p.message.length <= MOST_SENTENCE ? p : next()), usual!())
}

function told(x: unknown, most: number): string | number {
  if (typeof x === 'number') return x
  if (Array.isArray(x)) return few(x as readonly string[], most)
  if (typeof x !== 'object' || x === null) return cut(String(x), most)
  const { words: ours } = x as Words
  return most === LEAST ? few(ours.split(', '), MOST) : ours
}

/** Names, the first eight and as many as fit; how many more there are. */
function few(names: readonly string[], most: number): string {
  if (names.length === 0) return saying().none
  const shown: string[] = []
  for (const name of names.slice(0, MOST_NAMES).map((x) => cut(x, most))) {
    if (shown.length > 0 && [...shown, name].join(', ').length > 2 * most) break
    shown.push(name)
  }
  return shown.length === names.length
    ? shown.join(', ')
    : saying().andMore(shown, names.length - shown.length)
}

/** Not longer than a line bears, and nothing in it that steers a terminal. */
function cut(text: string, most: number): string {
  const start = text.length > most ? `${text.slice(0, most - 3)}…` : text
  const plain = start.replaceAll(
    EVERY_STEERING,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return plain.length > most ? `${plain.slice(0, most - 3)}…` : plain
}

/** What would be right, without what is wrong. */
export function remedyOf(p: Problem): string {
  const { remedy } = saying().sentences[p.code] as {
    readonly remedy: (...a: readonly unknown[]) => string
  }
  return remedy(...p.args)
}

/** A sentence of somebody else's (EditError) as what is wrong and the remedy: it has both, with a semicolon between. */
export function halves(message: string): readonly [Words, Words] {
  const at = message.indexOf('; ')
  const [wrong, remedy] =
    at < 0 ? [message, saying().seeContract] : [message.slice(0, at), message.slice(at + 2)]
  return [{ words: cut(wrong, MOST_HALF) }, { words: cut(remedy, MOST_HALF) }]
}

/** `nodes[1].podCidr: …`: one line for a person. */
export function problemText(p: Problem): string {
  return p.path === '' ? p.message : `${p.path}: ${p.message}`
}

/** Valibot's issues as problems. Its own words reach nobody: a message that is none of ours is `shape`. */
export function problemsOf(issues: readonly v.BaseIssue<unknown>[], under = ''): Problem[] {
  // Thousands of rows may lack the same key.
  const sentences = new Map<string, Problem>()
  return issues.map((issue) => {
    const path = pathText(issue.path ?? [], under)
    const before = sentences.get(issue.message)
    if (before !== undefined) return { ...before, path }
    const [code, ...args] = ours(issue.message)
    const p = made(path, code, args)
    sentences.set(issue.message, p)
    return p
  })
}

function ours(message: string): readonly [Code, ...unknown[]] {
  try {
    const read: unknown = JSON.parse(message)
    if (Array.isArray(read) && typeof read[0] === 'string' && Object.hasOwn(SENTENCES, read[0]))
      return read as [Code, ...unknown[]]
  } catch {
    // Valibot's own sentence.
  }
  return ['shape']
}

function pathText(items: readonly { readonly key?: unknown }[], under: string): string {
  return items.reduce(
    (text, { key }) =>
      text + (typeof key === 'number' ? `[${key}]` : keyText(String(key), text === '')),
    under,
  )
}

/** A key as a step of a path: `.name`, or `["odd key"]`, cut. */
export function keyText(key: string, first = false): string {
  return /^[\w-]{1,40}$/.test(key)
    ? `${first ? '' : '.'}${key}`
    : `["${cut(short(key).slice(1, -1), MOST)}"]`
}

/** What a schema says instead of valibot's words: read back by problemsOf(). */
export function tell<C extends Code>(code: C, ...args: Args<C>): string {
  return JSON.stringify([code, ...args])
}

/** An object with exactly these keys; the errors name the keys there are. */
export function object<const E extends v.ObjectEntries>(entries: E) {
  const keys = words(Object.keys(entries))
  const [unknown, missing] = [tell('unknown-key', keys), tell('missing', keys)]
  return v.strictObject(entries, (issue) => {
    if (issue.expected === 'Object') return tell('object', short(issue.input), keys)
    return issue.expected === 'never' ? unknown : missing
  })
}

/** A text that passes a test; the sentence of `code` quotes what was written. */
export function as<T>(test: (x: string) => boolean, code: OneValue) {
  return v.custom<T>(
    (x) => typeof x === 'string' && test(x),
    (issue) => tell(code, short(issue.input)),
  )
}
/** Codes whose only argument is the value. */
type OneValue = { [C in Code]: Args<C> extends readonly [Given<string>] ? C : never }[Code]

/** A whole number in a range. */
export function whole(low: number, high: number, what: NumberOf = 'number') {
  return v.custom<number>(
    (x) => typeof x === 'number' && Number.isInteger(x) && x >= low && x <= high,
    (issue) => tell('whole', short(issue.input), what, low, high),
  )
}

/** One of a few words. */
export function oneOf<const T extends readonly string[]>(choices: T) {
  return v.picklist(choices, (issue) =>
    tell('word', short(issue.input), { words: saying().either(choices) }),
  )
}

/** A list of at most so many; an oversized one is refused before its entries are looked at. */
export function list<S extends v.GenericSchema>(
  of: S,
  most: number,
  what: ListOf | { readonly rowsOf: string } = 'entries',
) {
  return v.pipe(
    v.custom<unknown[]>(Array.isArray, (issue) => tell('list', short(issue.input))),
    v.custom<unknown[]>(
      (x) => (x as unknown[]).length <= most,
      (issue) => {
        const { length } = issue.input as unknown[]
        return typeof what === 'object'
          ? tell('too-many-rows', what.rowsOf, length, most)
          : tell('too-many', what, length, most)
      },
    ),
    v.array(of),
  )
}

export const flag = v.boolean((issue) => tell('flag', short(issue.input)))

/** A value as a person wrote it, cut where it gets long; a large one is not written out first. */
export function short(x: unknown): string {
  const text = written(x, MOST + 1)
  return text.length <= MOST ? text : `${text.slice(0, MOST - 3)}…`
}

function written(x: unknown, room: number): string {
  if (typeof x === 'string') return JSON.stringify(x.length > room ? x.slice(0, room) : x)
  if (Array.isArray(x)) return `[${joined(x, room, (y, left) => written(y, left))}]`
  if (typeof x === 'object' && x !== null)
    return `{${joined(keysOf(x, room), room, (k, left) => `${written(k, left)}:${written((x as Readonly<Record<string, unknown>>)[k], left)}`)}}`
  return typeof x === 'number' ? String(x) : (JSON.stringify(x) ?? saying().nothing)
}

function joined<T>(xs: readonly T[], room: number, one: (x: T, left: number) => string): string {
  let text = ''
  for (const x of xs) {
    if (text.length >= room) break
    text += `${text === '' ? '' : ','}${one(x, room - text.length)}`
  }
  return text
}

function keysOf(x: object, most: number): readonly string[] {
  const keys: string[] = []
  for (const k in x) {
    if (keys.length >= most) break
    keys.push(k)
  }
  return keys
}
