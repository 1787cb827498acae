import { part } from '#lib/index.ts'
import { sandbox as english } from './en/sandbox.ts'

export const sandbox = part('sandbox', english)
