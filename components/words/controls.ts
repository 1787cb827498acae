import { part } from '#lib/index.ts'
import { controls as english } from './en/controls.ts'

export const controls = part('controls', english)
