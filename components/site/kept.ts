import { keptAs } from './device.ts'

/* What a reader has done, as a file: it is kept on the device only, and goes to another by hand. */

/** What is kept, by names. */
const NAMES = ['predictions', 'tasks', 'scenes', 'steps'] as const
const VERSION = 1
const KEY = 'packet-walk-progress'
/** No file of ours is larger, characters. */
const LONGEST = 1_000_000

/** Why a file is none of progress. */
export type Refused = 'too-long' | 'no-json' | 'no-progress' | 'version' | 'damaged'

type Kept = Readonly<Record<string, unknown>>
const isKept = (x: unknown): x is Kept => typeof x === 'object' && x !== null && !Array.isArray(x)

/** The file. */
export const progressFile = (): string =>
  JSON.stringify(
    { [KEY]: VERSION, ...Object.fromEntries(NAMES.map((n) => [n, keptAs(n)])) },
    null,
    1,
  )

const isValue = (x: unknown): boolean =>
  typeof x === 'string' || (Array.isArray(x) && x.every((y) => typeof y === 'string'))

/** What a file says; or why it is refused. */
export function readProgress(text: string): Readonly<Record<string, Kept>> | Refused {
  if (text.length > LONGEST) return 'too-long'
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    return 'no-json'
  }
  if (!isKept(read) || !(KEY in read)) return 'no-progress'
  if (read[KEY] !== VERSION) return 'version'
  const all = NAMES.map((n) => [n, read[n] ?? {}] as const)
  const whole = all.every(([, kept]) => isKept(kept) && Object.values(kept).every(isValue))
  return whole ? (Object.fromEntries(all) as Readonly<Record<string, Kept>>) : 'damaged'
}

/** Lists come together; of anything else the file's counts. */
function both(mine: unknown, theirs: unknown): unknown {
  if (!Array.isArray(mine) || !Array.isArray(theirs)) return theirs
  return [...new Set<unknown>([...(mine as unknown[]), ...(theirs as unknown[])])]
}

/** Takes a file in beside what is kept here; a file that is refused changes nothing. Null: it was taken. */
export function takeProgress(text: string): Refused | 'not-kept' | null {
  const read = readProgress(text)
  if (typeof read === 'string') return read
  const texts = Object.entries(read).map(([name, kept]): readonly [string, string] => {
    const mine = keptAs(name)
    const merged = Object.entries(kept).map(([k, x]) => [k, both(mine[k], x)])
    return [name, JSON.stringify({ ...mine, ...Object.fromEntries(merged) })]
  })
  try {
    for (const [name, kept] of texts) localStorage.setItem(name, kept)
    return null
  } catch {
    return 'not-kept'
  }
}
