import { part } from '#lib/index.ts'
import { figure as english } from './en/figure.ts'

export const figure = part('figure', english)
