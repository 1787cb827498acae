import { LANGUAGES, speak, type LanguageEntry } from '#lib/index.ts'
import type { SiteWords } from './words.ts'

/*
 * The words of the site. `en/PART.ts` has every text, label and aria text that one part of the site shows, as strings and as
 * functions that take codes, names and numbers; `PART.ts` beside it is what a component asks:
 *
 *     import { figure } from '#components/words/figure.ts'
 *     <button aria-label={figure().zoomIn}>…</button>
 *
 * - One message is one whole sentence or label: never glued of pieces in a component, since another language has another order.
 *   What is bold, code or a link within one is written as **bold**, `code`, [text](/address/), and shown by <Marked>.
 * - A component hands over codes ('offline'), names and numbers, no English. Numbers that change a word go through plural().
 * - Ask when it is shown (`figure().play`), in no constant of a module: the language may have been chosen meanwhile.
 * - What is a name, and so the same in every language (a device, a field of a header), stands in an element with translate="no".
 *
 * A new part is a file in `en/`, one beside, and a line in words.ts and in pseudo/index.ts. A new language is a folder like
 * `pseudo/` here and in lib/words, and a line in lib/words/languages.ts. It is asked for in the address (`?lang=xx`), and chosen in the
 * header as soon as there is a second one. Chapters are in the language they are written in, whatever is spoken around them.
 */

/** Another language was chosen on this page. */
export const CHOSEN = 'packet-walk:language'

/** The language that the address asks for, or else the one that was chosen before, or else English, as the pages are built. */
export function asked(): string {
  const tag = new URLSearchParams(location.search).get('lang') ?? remembered()
  return tag !== null && Object.hasOwn(LANGUAGES, tag) ? tag : 'en'
}

function remembered(): string | null {
  try {
    return localStorage.getItem('lang')
  } catch {
    return null
  }
}

/** The reader chose one: it stands in the address, so that a copied one says it, and this browser remembers it, if it may. */
export function choose(tag: string): void {
  const url = new URL(location.href)
  url.searchParams.set('lang', tag)
  history.replaceState(null, '', url)
  try {
    localStorage.setItem('lang', tag)
  } catch {
    // In a frame, or by the reader's wish, it may keep nothing for a page.
  }
  dispatchEvent(new Event(CHOSEN))
}

/** Loads a language, of the engine and of the site, and speaks it. Rejects, and nothing changes, if it does not come. */
export async function speakHere(tag: string): Promise<void> {
  const entry: LanguageEntry | undefined = LANGUAGES[tag]
  if (entry === undefined || entry.load === null) {
    speak(null)
    return
  }
  const [lib, here] = await Promise.all([
    entry.load(),
    import(`./${tag}/index.ts`) as Promise<{ readonly words: SiteWords }>,
  ])
  speak({ tag: entry.tag, parts: { ...lib.words, ...here.words } })
}

/** What a reader may choose between, by tag and name. One that is hidden is there only while it is spoken. */
export function choices(spoken: string): readonly (readonly [tag: string, name: string])[] {
  return Object.entries(LANGUAGES)
    .filter(([tag, entry]) => !entry.hidden || tag === spoken)
    .map(([tag, entry]) => [tag, entry.name])
}
