import type { Outline, OutlineTerm } from '#components/chapter/outline.ts'

/* The words of the chapters: what each means, and the scene that introduces it. */

/** What a word means, where it is not its sentence that says it. */
export type Texts = Readonly<
  Record<string, string | { readonly name: string; readonly says: string }>
>

/** A chapter, with its address. */
export interface Written {
  readonly slug: string
  readonly title: string
  readonly outline: Outline
}

export interface Entry {
  /** As `<Term of>` and addresses name it. */
  readonly id: string
  readonly name: string
  readonly says: string
  /** Where it is introduced: an address below the base path, and how it is headed. */
  readonly page: string
  readonly heading: string
  readonly chapter: string
}

const keyOf = (text: string): string => text.toLowerCase().replaceAll('’', "'")

/** How a word is named in addresses. */
export const termId = (text: string): string =>
  keyOf(text)
    .replaceAll("'", '')
    .replace(/[^a-z0-9]+/g, '-')

interface Place {
  readonly of: Written
  readonly term: OutlineTerm
}
const where = ({ of, term }: Place): string => `${of.outline.file}:${term.line}`

function entryOf(place: Place, texts: Texts): Entry {
  const { of, term } = place
  const text = Object.hasOwn(texts, keyOf(term.text)) ? texts[keyOf(term.text)] : undefined
  const scene = of.outline.scenes[term.scene]
  const id = scene?.attributes['id']
  return {
    id: termId(term.text),
    name: typeof text === 'object' ? text.name : term.text,
    says: typeof text === 'object' ? text.says : (text ?? term.says),
    page: `/${of.slug}/${typeof id === 'string' ? `#${id}` : ''}`,
    heading: scene?.heading ?? of.title,
    chapter: of.title,
  }
}

/** What is wrong with the words of the chapters, a line each. */
function wrong(places: readonly Place[], texts: Texts): readonly string[] {
  const known = new Set<string>()
  const said = places.flatMap((place) => {
    const { term } = place
    if (term.of === null) {
      known.add(termId(term.text))
      return entryOf(place, texts).says === ''
        ? [`${where(place)}: <Term>${term.text}: write what it means into content/glossary.ts`]
        : []
    }
    return known.has(term.of)
      ? []
      : [`${where(place)}: <Term of="${term.of}">: no earlier <Term> introduces it`]
  })
  const unused = Object.keys(texts).filter((text) => !known.has(termId(text)))
  return [
    ...said,
    ...unused.map((text) => `content/glossary.ts: ${text} is introduced in no chapter`),
  ]
}

/** Every word that a chapter introduces, in the order of the chapters. Throws where a word has no meaning, a meaning no scene, or a mention comes before the word. */
export function glossaryOf(chapters: readonly Written[], texts: Texts): readonly Entry[] {
  const places = chapters.flatMap((of) => of.outline.terms.map((term) => ({ of, term })))
  const complaints = wrong(places, texts)
  if (complaints.length > 0)
    throw new Error(['The glossary cannot be built:', ...complaints].join('\n'))
  const entries = new Map<string, Entry>()
  for (const place of places) {
    const entry = entryOf(place, texts)
    if (place.term.of === null && !entries.has(entry.id)) entries.set(entry.id, entry)
  }
  return [...entries.values()]
}
