import { words as others } from '#lib/words/pseudo/cli.ts'
import type { CliWords } from '#lib/words/words.ts'

export const words: CliWords = {
  ...others,
  cli: {
    ...others.cli,
    noCommand: (word, instead) => `${word}: kein solcher Befehl; ${instead}`,
    instead: (near) => `meinst du ${near.join(' oder ')}?`,
    dropReasons: 'Gründe eines Verlusts',
  },
}
