import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

/* No term before it is introduced, in the order of the chapters; and cards that are read in one go. */

const folder = fileURLToPath(new URL('../../content/', import.meta.url))
const chapters = readdirSync(folder)
  .filter((f) => f.endsWith('.mdx'))
  .toSorted((a, b) => (a < b ? -1 : 1))
  .map((file) => ({ file, text: readFileSync(`${folder}${file}`, 'utf8') }))

/** A piece of a chapter in which a term is explained where it stands: what is before the stage, or a scene. */
interface Part {
  readonly where: string
  readonly text: string
  /** Its heading, and what a chapter promises, say what is to come. */
  readonly announces: boolean
}
const parts: readonly Part[] = chapters.flatMap(({ file, text }) => {
  const [lead = '', ...scenes] = text
    .replace(/<Sources>[\s\S]*<\/Sources>/, '')
    .split(/(?=<Scene )/)
  return [
    { where: file, text: lead, announces: true },
    ...scenes.flatMap((scene): Part[] => {
      const where = `${file} ${/ id="([^"]*)"/.exec(scene)?.[1]}`
      return scene
        .split(/^(## .*)$/m)
        .map((t) => ({ where, text: t, announces: t.startsWith('## ') }))
    }),
  ]
})

/** What is read of a piece: elements are gone, their words stay. */
const read = (text: string): string => text.replaceAll(/`[^`]*`/g, ' ').replaceAll(/<[^>]*>/g, ' ')

/** Where each term is introduced. */
const terms = parts.flatMap(({ text }, at) =>
  [...text.matchAll(/<Term>([^<]+)<\/Term>/g)].map((m) => ({
    term: m[1]!.toLowerCase(),
    at,
    index: m.index,
  })),
)

/** Terms that may stand before they are explained, and why. */
const BEFORE: Readonly<Record<string, string>> = {
  packet: 'a word of every day, and drawn as one; what it is made of comes later',
  table: 'a word of every day; its rows are shown where it is explained',
  'neighbour table': 'the card that asks it comes before the card that writes a row of it',
  kubernetes: 'in a margin note, as a name',
  add: 'a word of every day; the command is written in capitals',
  vxlan: 'the name of a backend, in the card before the one that takes its header apart',
  capture: 'what one looks for in it comes before how it is made',
  record: 'a word of every day',
  'vpc cni': 'the name of the plugin of the next chapter',
  mark: 'a word of every day',
  service: 'said in the same sentence: a shared address of several pods',
  'node port': 'said in the same sentence: we come to it',
}

describe('terms', () => {
  it('are introduced once in all chapters', () => {
    const again = terms.filter(({ term }, i) => terms.findIndex((t) => t.term === term) < i)
    expect(again.map((t) => `${t.term}, ${parts[t.at]!.where}`)).toEqual([])
  })
  it('are not used before they are introduced, but those that are listed with a reason', () => {
    const early = terms.flatMap(({ term, at, index }, i) => {
      if (terms.findIndex((t) => t.term === term) < i) return []
      const word = new RegExp(
        `(?<![\\w-])${term.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}s?(?![\\w-])`,
        'i',
      )
      const before = parts
        .slice(0, at + 1)
        .map((p, n) => (n === at ? { ...p, text: p.text.slice(0, index) } : p))
        .find((p) => !p.announces && word.test(read(p.text)))
      return before === undefined || term in BEFORE ? [] : [`${term}, ${before.where}`]
    })
    expect(early).toEqual([])
    const known = new Set(terms.map((t) => t.term))
    expect(Object.keys(BEFORE).filter((term) => !known.has(term))).toEqual([])
  })
})

describe('cards', () => {
  /** What the longest of today has, exercises and their answers included, about. */
  const MOST = 420
  const LONG = 45
  const cards = [...new Set(parts.map((p) => p.where))]
    .filter((w) => w.includes(' '))
    .map((where) => ({
      where,
      text: read(
        parts
          .filter((p) => p.where === where)
          .map((p) => p.text)
          .join('')
          // What stands behind the last scene is in no card.
          .replace(/<\/Scene>[\s\S]*$/, ''),
      ),
    }))
  it('have no more words than one reads in one go', () => {
    expect(cards.length).toBeGreaterThan(50)
    const long = cards.filter((c) => c.text.split(/\s+/).length > MOST).map((c) => c.where)
    expect(long).toEqual([])
  })
  it(`have sentences of at most ${LONG} words`, () => {
    const long = cards.flatMap((c) =>
      c.text
        .split(/(?<=[.!?])\s+|\n\s*\n|\n[-|]/)
        .filter((s) => s.trim().split(/\s+/).length > LONG)
        .map((s) => `${c.where}: ${s.trim().slice(0, 80)}`),
    )
    expect(long).toEqual([])
  })
})
