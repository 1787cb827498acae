import { part } from '#lib/index.ts'
import { chapter as english } from './en/chapter.ts'

export const chapter = part('chapter', english)
