import { part } from '#lib/index.ts'
import { writers as english } from './en/writers.ts'

export const writers = part('writers', english)
