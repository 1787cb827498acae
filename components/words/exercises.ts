import { part } from '#lib/index.ts'
import { exercises as english } from './en/exercises.ts'

export const exercises = part('exercises', english)
