import { part } from '#lib/index.ts'
import { search as english } from './en/search.ts'

export const search = part('search', english)
