import { KINDS } from './rows.ts'
import { saying, short, tell } from '../problem.ts'
import type * as v from 'valibot'
import type { Here } from '../check.ts'
import type { DevKind, DevOf, Link } from '../devs.ts'
import type { Args } from '../problem.ts'
import type { Code } from '#lib/words/en/problems/index.ts'

/** Says something of the device that is looked at. */
export type SayOf = <C extends Code>(code: C, ...args: Args<C>) => void

/** The fields that devices of a kind have besides those of all. */
type Own<K extends DevKind> = Exclude<keyof DevOf<K>, keyof Link | 'kind'>

export interface KindCheck<K extends DevKind> {
  readonly fields: { readonly [F in Own<K>]: v.GenericSchema<unknown, DevOf<K>[F]> }
  /** What of the device cannot be meant, beside what else there is. */
  readonly beside?: (here: Here<'devs'>, d: DevOf<K>, say: SayOf) => void
}

/** What is said of a kind that is none. */
export const noKind = (input: unknown): string =>
  tell('device-kind', short(input), { words: saying().either(Object.keys(KINDS)) })
