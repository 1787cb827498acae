import { part } from '#lib/index.ts'
import { bench as english } from './en/bench.ts'

export const bench = part('bench', english)
