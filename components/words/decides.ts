import { part } from '#lib/index.ts'
import { decides as english } from './en/decides.ts'

export const decides = part('decides', english)
