import { describe, expect, it } from 'vitest'
import { rests } from '#components/sources/rests.ts'
import { chapters } from '../chapter/chapters.ts'

const run = (text: string, href: string | null = null) => ({ text, href })
const chapter = (slug: string, ...sources: readonly (readonly ReturnType<typeof run>[])[]) => ({
  slug,
  title: slug.toUpperCase(),
  outline: { sources },
})

describe('what the chapters rest on', () => {
  it('is told once, with the chapters that say it; what more of them say comes first', () => {
    const rfc = [run('RFC 826', 'https://a/'), run(': ARP')]
    const all = rests([
      chapter('a', [run('seen on Linux')], rfc),
      chapter('b', [run('ARP: '), run('RFC 826', 'https://a/')]),
    ])
    expect(all.map((r) => [r.runs, r.chapters.map((c) => c.slug)])).toEqual([
      [rfc, ['a', 'b']],
      [[run('seen on Linux')], ['a']],
    ])
  })
  it('of ours: every chapter has some, the article in all, and no line without words', () => {
    const ours = chapters().map((c) => ({ ...c, title: c.slug }))
    for (const c of ours) expect(c.outline.sources.length, c.slug).toBeGreaterThan(2)
    const all = rests(ours)
    expect(all[0]?.chapters.map((c) => c.slug)).toEqual(ours.map((c) => c.slug))
    for (const r of all) expect(r.runs.map((x) => x.text).join('').length).toBeGreaterThan(10)
  })
})
