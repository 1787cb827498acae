import { goals as english } from '#lib/words/en/goals.ts'
import { part } from '#lib/words/language/index.ts'

export const goals = part('goals', english)
