import { cli as english } from '#lib/words/en/cli.ts'
import { part } from '#lib/words/language/index.ts'

export const cli = part('cli', english)
