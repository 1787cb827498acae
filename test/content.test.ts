import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createProcessor } from '@mdx-js/mdx'
import { describe, expect, it } from 'vitest'
import { complaints } from '#components/chapter/check.ts'
import type { Outline } from '#components/chapter/outline.ts'
import { CHAPTERS } from '#content/chapters.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

/** A node of the MDX tree, as far as we read it. */
interface Node {
  readonly type: string
  readonly name?: string | null
  readonly depth?: number
  readonly children?: readonly Node[]
}
const { outlineOf } = (await import('../scripts/outline.mjs' as string)) as {
  readonly outlineOf: (tree: unknown, file: string) => Outline
}
const folder = fileURLToPath(new URL('../content/', import.meta.url))
const chapters = readdirSync(folder).filter((f) => f.endsWith('.mdx'))
const worlds = new Map(Object.values(SCENARIOS).map((s) => [s.id, s]))

/** What a chapter says, as its page reads it. */
const outlined = (text: string, file: string): Outline =>
  outlineOf(createProcessor().parse(text), file)

describe.each(chapters)('%s', (file) => {
  const text = readFileSync(`${folder}${file}`, 'utf8')

  it('names only what exists', () => {
    expect(complaints(outlined(text, `content/${file}`), worlds)).toEqual([])
  })

  it('has one title, then a promise, then its stage', () => {
    const top = (createProcessor().parse(text) as unknown as Node).children ?? []
    expect(top.filter((n) => n.type === 'heading' && n.depth === 1)).toHaveLength(1)
    const stage = top.findIndex((n) => n.name === 'Stage')
    expect(stage).toBeGreaterThan(1)
    expect(top.slice(1, stage).map((n) => n.type)).toEqual(Array(stage - 1).fill('paragraph'))
  })

  it('ends with a recap and its sources', () => {
    const top = (createProcessor().parse(text) as unknown as Node).children ?? []
    expect(top.slice(-2).map((n) => n.name)).toEqual(['Recap', 'Sources'])
  })

  it('asks the reader to guess, and to change something', () => {
    const { elements } = outlined(text, file)
    expect(elements.some((e) => e.name === 'Check' || e.name === 'Predict')).toBe(true)
    expect(
      elements.some(
        ({ name, attributes: { alter } }) =>
          name === 'Predict' || (alter !== undefined && alter !== ''),
      ),
    ).toBe(true)
  })

  // A formatter once put each component that begins a paragraph on lines of its own: MDX then ends the paragraph there.
  it('begins no line with what belongs to the word before', () => {
    expect(text.split('\n').filter((line) => /^\s*[,.;:!?)]/.test(line))).toEqual([])
  })

  it('introduces a term once', () => {
    const terms = [...text.matchAll(/<Term>([^<]+)<\/Term>/g)].map((m) => m[1]?.toLowerCase())
    expect(terms).toEqual([...new Set(terms)])
  })
})

it('lists chapters under the titles they have', () => {
  const titles = chapters.map((f) => readFileSync(`${folder}${f}`, 'utf8').split('\n')[0])
  expect(titles).toEqual(CHAPTERS.map((c) => `# ${c.title}`))
})
