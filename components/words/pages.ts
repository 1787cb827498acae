import { part } from '#lib/index.ts'
import { pages as english } from './en/pages.ts'

export const pages = part('pages', english)
