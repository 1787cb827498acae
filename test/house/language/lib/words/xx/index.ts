import { words as others } from '#lib/words/pseudo/index.ts'
import type { Words } from '#lib/words/words.ts'

/** A language in the making: what is not said in it yet is said as in the one that nobody speaks. */
export const words: Words = {
  ...others,
  drops: { ...others.drops, 'no-route': 'kein Weg zum Ziel' },
}
