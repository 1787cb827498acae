import { edits } from '#lib/words/en/problems/made.ts'
import { part } from '#lib/words/language/index.ts'

/** What is said of an edit, in the language that is spoken. */
export const saying = part('edits', edits)
