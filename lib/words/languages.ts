import type { Words } from './words.ts'

/** A language as the lists know it. `load` brings its words; null: they are there already. `hidden`: not offered, only had when asked for. */
export interface LanguageEntry {
  /** BCP 47. */
  readonly tag: string
  /** What its speakers call it. */
  readonly name: string
  readonly hidden: boolean
  readonly load: (() => Promise<{ readonly words: Words }>) | null
}

/** Every language, by the name it is asked for: `?lang=` of a page, `--lang` of the command. */
export const LANGUAGES: Readonly<Record<string, LanguageEntry>> = {
  en: { tag: 'en', name: 'English', hidden: false, load: null },
  pseudo: {
    tag: 'en-x-pseudo',
    name: 'Pseudo',
    hidden: true,
    load: () => import('./pseudo/index.ts'),
  },
}
