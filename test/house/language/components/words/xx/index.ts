import { words as others } from '#components/words/pseudo/index.ts'
import type { SiteWords } from '#components/words/words.ts'

export const words: SiteWords = {
  ...others,
  site: { ...others.site, skip: 'Zum Text' },
}
