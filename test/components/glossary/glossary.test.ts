import { describe, expect, it } from 'vitest'
import type { Outline, OutlineTerm } from '#components/chapter/outline.ts'
import { glossaryOf, termId, type Written } from '#components/glossary/glossary.ts'
import { CHAPTERS } from '#content/chapters.ts'
import { GLOSSARY } from '#content/glossary.ts'
import { chapters } from '../chapter/chapters.ts'

const term = (text: string, more: Partial<OutlineTerm> = {}): OutlineTerm => ({
  line: 7,
  scene: 0,
  text,
  of: null,
  says: `A ${text} is a thing.`,
  ...more,
})
const chapter = (slug: string, terms: readonly OutlineTerm[]): Written => ({
  slug,
  title: slug.toUpperCase(),
  outline: {
    file: `content/${slug}.mdx`,
    words: 0,
    afterwards: '',
    stage: null,
    scenes: [{ line: 5, heading: 'Scene', attributes: { id: 'scene' } }],
    terms,
    sources: [],
    elements: [],
  } satisfies Outline,
})

describe('the glossary', () => {
  it('has a word once, with the scene that introduces it first', () => {
    const all = glossaryOf([chapter('a', [term('MTU')]), chapter('b', [term('MTU')])], {})
    expect(all).toEqual([
      {
        id: 'mtu',
        name: 'MTU',
        says: 'A MTU is a thing.',
        page: '/a/#scene',
        heading: 'Scene',
        chapter: 'A',
      },
    ])
  })
  it('takes a text, and another name, before the sentence', () => {
    const texts = { routes: { name: 'route', says: 'A row.' }, mtu: 'Bytes.' }
    const all = glossaryOf([chapter('a', [term('routes'), term('MTU', { scene: -1 })])], texts)
    expect(all.map((e) => [e.id, e.name, e.says, e.page])).toEqual([
      ['routes', 'route', 'A row.', '/a/#scene'],
      ['mtu', 'MTU', 'Bytes.', '/a/'],
    ])
  })
  it('says with file and line what is wrong', () => {
    const of = (terms: readonly OutlineTerm[]) => () =>
      glossaryOf([chapter('a', terms)], { gone: 'No more.' })
    expect(of([term('MTU', { says: '' })])).toThrow(
      'content/a.mdx:7: <Term>MTU: write what it means into content/glossary.ts',
    )
    expect(of([term('that', { of: 'ttl' }), term('TTL')])).toThrow(
      'content/a.mdx:7: <Term of="ttl">: no earlier <Term> introduces it',
    )
    expect(of([])).toThrow('content/glossary.ts: gone is introduced in no chapter')
  })
  it('of our chapters has a meaning for each word, and for no other', () => {
    const written = chapters().map((c, i) => ({ ...c, title: CHAPTERS[i]!.title }))
    const all = glossaryOf(written, GLOSSARY)
    expect(all.length).toBeGreaterThan(60)
    expect(new Set(all.map((e) => e.id)).size).toBe(all.length)
    for (const e of all) expect(e.says, e.name).toMatch(/^[A-Z].{10,}[.]$/)
  })
  it('names words in addresses plainly', () => {
    expect([
      termId("don't fragment"),
      termId('don’t fragment'),
      termId('source/destination check'),
    ]).toEqual(['dont-fragment', 'dont-fragment', 'source-destination-check'])
  })
})
