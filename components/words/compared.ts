import { part } from '#lib/index.ts'
import { compared as english } from './en/compared.ts'

export const compared = part('compared', english)
