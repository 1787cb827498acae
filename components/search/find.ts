/* Searching the site: the index is a file that the build wrote (scripts/search.mjs), looked through here. */

/** A section of a page: the name it is reached by, its heading, its text; and what stands behind the answers to its questions, which finds it and is not shown. */
export type Section = readonly [id: string, heading: string, text: string, behind?: string]
export interface Searched {
  readonly path: string
  readonly title: string
  readonly sections: readonly Section[]
}
/** The file. */
export interface IndexFile {
  readonly version: 1
  readonly pages: readonly Searched[]
}

/** A part of an excerpt; `hit` was searched for. */
export interface Piece {
  readonly text: string
  readonly hit: boolean
}
export interface Found {
  /** Its address below the base path. */
  readonly address: string
  readonly heading: string
  readonly page: string
  readonly excerpt: readonly Piece[]
}

/** A section as it is compared: in small letters, without accents, as long as it was. */
interface Prepared {
  readonly page: Searched
  readonly section: Section
  readonly heading: string
  readonly text: string
  readonly behind: string
  readonly title: string
}

/** As long as it was, so that a place in it is the same place in the text. */
export const folded = (text: string): string =>
  text
    .replace(/./gsu, (c) => {
      const plain = c.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
      return plain.length === c.length ? plain : c
    })
    .replaceAll('’', "'")

/** Looks through what the file has. Made once. */
export function searcher({ pages }: IndexFile): (query: string) => readonly Found[] {
  const all = pages.flatMap((page) =>
    page.sections.map((section): Prepared => ({
      page,
      section,
      heading: folded(section[1]),
      text: folded(section[2]),
      behind: folded(section[3] ?? ''),
      title: folded(page.title),
    })),
  )
  return (query) => found(all, wordsOf(query))
}

/** The words that are looked for; of a plural what both have. */
export const wordsOf = (query: string): readonly string[] =>
  folded(query)
    .split(/[^\p{L}\p{N}._/:'-]+/u)
    .map((w) => w.replace(/^[.:'-]+|[.:'-]+$/g, ''))
    .filter((w) => w !== '')
    .map((w) => (/[a-z]{3}s$/.test(w) && !w.endsWith('ss') ? w.slice(0, -1) : w))

/** More results are no help. */
const MOST = 20
const SCORE = { whole: 24, start: 12, inside: 4, title: 3, text: 3, textInside: 1 } as const

const isLetter = (c: string | undefined): boolean => c !== undefined && /[\p{L}\p{N}]/u.test(c)

/** How well a word fits a text: at the start of a word better than inside; a whole one, its plural included, best. */
function fits(text: string, word: string): 'whole' | 'start' | 'inside' | null {
  let best: 'start' | 'inside' | null = null
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const end = at + word.length + (text[at + word.length] === 's' ? 1 : 0)
    const starts = !isLetter(text[at - 1])
    if (starts && !isLetter(text[end])) return 'whole'
    best = starts ? 'start' : (best ?? 'inside')
  }
  return best
}

/** What some call otherwise than the chapters do. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  conntrack: ['connection tracking'],
  snat: ['source nat', 'masquerade'],
  dnat: ['destination nat'],
  fdb: ['forwarding database'],
  igw: ['internet gateway'],
}

const score = (p: Prepared, word: string): number =>
  Math.max(...[word, ...(ALSO[word] ?? [])].map((w) => scoreOf(p, w)))

function scoreOf({ heading, text, behind, title }: Prepared, word: string): number {
  const inHeading = fits(heading, word)
  const inText = fits(text, word) ?? fits(behind, word)
  return (
    (inHeading === null ? 0 : SCORE[inHeading] * (heading.length < word.length * 2 ? 2 : 1)) +
    (inText === null ? 0 : inText === 'inside' ? SCORE.textInside : SCORE.text) +
    (fits(title, word) === null ? 0 : SCORE.title)
  )
}

/** Sections that have all words, the best first; where none has all, those that have most. */
function found(all: readonly Prepared[], words: readonly string[]): readonly Found[] {
  if (words.length === 0) return []
  const rated = all
    .map((p) => {
      const each = words.map((w) => score(p, w))
      return { p, met: each.filter((s) => s > 0).length, sum: each.reduce((a, b) => a + b, 0) }
    })
    .filter((r) => r.met > 0)
  const most = rated.reduce((max, r) => Math.max(max, r.met), 0)
  return rated
    .filter((r) => r.met === most)
    .toSorted((a, b) => b.sum - a.sum)
    .slice(0, MOST)
    .map(({ p }) => ({
      address: `${p.page.path}${p.section[0] === '' ? '' : `#${p.section[0]}`}`,
      heading: p.section[1],
      page: p.page.title,
      excerpt: excerptOf(p, words),
    }))
}

/** Characters of an excerpt, before what was found and in all. */
const BEFORE = 40
const LENGTH = 160

/** Where the text says it, with the words marked. */
function excerptOf({ section, text }: Prepared, words: readonly string[]): readonly Piece[] {
  const places = words.map((w) => text.indexOf(w)).filter((at) => at >= 0)
  const first = places.length === 0 ? 0 : Math.min(...places)
  const from = first <= BEFORE ? 0 : text.indexOf(' ', first - BEFORE) + 1
  const cut = section[2].slice(from, from + LENGTH)
  const same = folded(cut)
  const marks = words.flatMap((w) => {
    const at = same.indexOf(w)
    return at < 0 ? [] : [{ at, end: at + w.length }]
  })
  const pieces: Piece[] = []
  let done = 0
  for (const { at, end } of marks.toSorted((a, b) => a.at - b.at)) {
    if (at < done) continue
    pieces.push({ text: cut.slice(done, at), hit: false }, { text: cut.slice(at, end), hit: true })
    done = end
  }
  pieces.push({ text: cut.slice(done), hit: false })
  return [
    ...(from > 0 ? [{ text: '… ', hit: false }] : []),
    ...pieces.filter((x) => x.text !== ''),
    ...(from + LENGTH < section[2].length ? [{ text: ' …', hit: false }] : []),
  ]
}
