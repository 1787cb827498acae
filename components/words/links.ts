import { part } from '#lib/index.ts'
import { links as english } from './en/links.ts'

export const links = part('links', english)
