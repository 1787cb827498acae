import { cli } from '../en/cli.ts'
import { story } from '../en/story.ts'
import type { CliWords } from '../words.ts'
import { pseudo } from './pseudo.ts'

export const words: CliWords = pseudo({ cli, story })
