import { FLOW, MISREAD } from './asked.ts'
import { CLUSTER } from './cluster.ts'
import { EDITS } from './edits.ts'
import { FORM } from './form.ts'
import { GOALS } from './goals.ts'
import { ROW } from './row.ts'
import { TABLES } from './tables.ts'
import { TITLES } from './titles.ts'
import { VALUES } from './values.ts'

/* Every sentence about what a person wrote: what is wrong, and what would be right. Nothing else in the project words a problem of a file. These files import nothing but each other, so that the lowest floors may ask them. */

export const SENTENCES = { ...FORM, ...VALUES, ...ROW, ...TABLES, ...CLUSTER, ...EDITS, ...GOALS }
export type Code = keyof typeof SENTENCES

export const problems = {
  sentences: SENTENCES,
  titles: TITLES,
  flow: FLOW,
  misread: MISREAD,
  /** A line of YAML that no code tells more of. */
  unreadable: 'this line cannot be read',
  /** Names there are, as the remedy of a sentence. */
  thereAre: (names: readonly string[], more: number): string =>
    `there are ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
  /** A problem as one sentence. */
  sentence: (wrong: string, remedy: string): string => `${wrong}; ${remedy}`,
  /** A list of names that is empty, and one of which `more` are left out. */
  none: 'none',
  andMore: (shown: readonly string[], more: number): string =>
    `${shown.join(', ')} and ${more} more`,
  either: (choices: readonly string[]): string =>
    choices.length < 2
      ? choices.join('')
      : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`,
  /** What a route of a VPC leads to: an id such as this, or that word. */
  orLocal: (id: string): string => `${id}, or local`,
  /** A value that is none. */
  nothing: 'nothing',
  /** Where a sentence of somebody else's has no remedy. */
  seeContract: 'see contract.md',
}
