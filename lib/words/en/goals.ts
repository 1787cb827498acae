import { drops } from './drops.ts'

/* What a goal that does not hold is told by. */

/** A reason by its code, as it is called; the two that need no more than who. */
const reasonIn = (code: string, place: string): string =>
  code === 'no-socket'
    ? `nobody listens there, in ${place}`
    : `${Object.hasOwn(drops, code) ? drops[code as keyof typeof drops] : code}, in ${place}`

/** What was to happen, as the file names it. */
const wantedLoss = (code: string): string =>
  Object.hasOwn(drops, code) ? `dropped (${drops[code as keyof typeof drops]})` : code

/** A promise by the name of its goal. */
const PROMISES: Readonly<Record<string, string>> = {
  'kubernetes-1': 'promise 1',
  'kubernetes-2': 'promise 2',
  'kubernetes-3': 'promise 3',
}

const received =
  (what: string) =>
  (wanted: string, is: string | null): string =>
    is === null ? 'it does not arrive' : `${what} ${is}, not ${wanted}`

/** What was wanted, and what is there instead: names, addresses and reasons as they stand. */
const PHRASES = {
  delivered: (): string => 'delivered',
  'delivered-to': (who: string): string => `delivered to ${who}`,
  'answered-by': (who: string): string => `answered by ${who}`,
  dropped: (): string => 'dropped',
  'dropped-in': (place: string): string => `dropped in ${place}`,
  'lost-in': reasonIn,
  fits: (): string => 'fits',
  'cut-in': (place: string): string => `cut in ${place}`,
  'too-large-in': (place: string): string => `too large in ${place}`,
  'instead-of': (seen: string, expected: string): string => `${seen} instead of ${expected}`,
}
type Phrases = typeof PHRASES
/** A phrase by its code and what stands in it; what needs no words is a text. */
export type Phrase =
  | string
  | { readonly [C in keyof Phrases]: readonly [C, ...Parameters<Phrases[C]>] }[keyof Phrases]

/** One sentence for each thing that a walk may have to show: `wanted` and `is` are phrases. */
const MISSES = {
  delivered: (_wanted: string, is: string | null): string =>
    is === null ? 'it is not answered' : `it is lost: ${is}`,
  dropped: (wanted: string, is: string | null): string =>
    `it should have been ${wantedLoss(wanted)}, and is ${is ?? 'neither lost nor answered'}`,
  'seen-source': received('the receiver sees it come from'),
  'seen-destination': received('the receiver sees it sent to'),
  'ttl-received': received('it arrives with TTL'),
  through: (wanted: string, is: string | null): string =>
    `it does not come through ${is ?? ''}, of ${wanted}`,
  'not-through': (_wanted: string, is: string | null): string => `it comes through ${is ?? ''}`,
  encapsulated: (wanted: string, is: string | null): string =>
    `it has ${is ?? 'no'} IP headers at most, not ${wanted}`,
  fits: (_wanted: string, is: string | null): string => `it does not fit: ${is ?? ''}`,
  logged: (wanted: string): string => `no flow log record has ${wanted}`,
  keeps: (wanted: string, is: string | null): string =>
    `${PROMISES[wanted] ?? wanted} is broken: ${is ?? ''}`,
}

export const goals = {
  /** Those that ship with the program (lib/goals/goal.ts). */
  shipped: {
    'kubernetes-1': 'the address a pod sees as its own is the one that others see',
    'kubernetes-2': 'every pod reaches every other pod, and no address is translated on the way',
    'kubernetes-3': 'every node reaches the pods on it, and no address is translated on the way',
  },
  phrases: PHRASES,
  missed: MISSES,
  /** Delivered, and another one has the address that it was sent to. */
  elsewhere: (answered: string): string => `it is ${answered}`,
  tooMany: (pairs: number, most: number): string =>
    `${pairs} pairs; at most ${most} are walked, so name fewer senders or receivers`,
  noPair: (from: string, to: string): string =>
    `no pair of ${from} and ${to} is there; name others`,
  nobody: (name: string, roles: readonly string[]): string =>
    `nothing is called ${name}; write a name of the file, or one of ${roles.join(', ')}`,
  notAtStart: (name: string): string => `the start has nothing called ${name}; name what it has`,
  noTable: (place: string, table: string, tables: readonly string[]): string =>
    `${place} has no table ${table}; it has ${tables.join(', ')}`,
  asked: (problem: string): string => `it cannot be asked here: ${problem}`,
  rows: (differ: number, most: number): string =>
    most === 0
      ? `${rows(differ)} from the start’s`
      : `${rows(differ)} from the start’s, and at most ${most} may`,
  held: (holding: number, all: number): string =>
    holding === all ? `all ${all} hold` : `${holding} of ${all} hold`,
}

function rows(n: number): string {
  return n === 1 ? '1 row differs' : `${n} rows differ`
}
