import { part } from '#lib/index.ts'
import { believes as english } from './en/believes.ts'

export const believes = part('believes', english)
