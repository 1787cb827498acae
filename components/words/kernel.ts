import { part } from '#lib/index.ts'
import { kernel as english } from './en/kernel.ts'

export const kernel = part('kernel', english)
