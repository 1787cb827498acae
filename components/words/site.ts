import { part } from '#lib/index.ts'
import { site as english } from './en/site.ts'

export const site = part('site', english)
