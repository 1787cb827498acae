import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { MOST_SCENES, listed } from '#components/chapter/check.ts'
import { minutesOf, type Outline } from '#components/chapter/outline.ts'
import { FIGURES } from '#components/words/en/figures.ts'
import { chapters } from '../components/chapter/chapters.ts'

/* What every lesson has, as far as a build can tell (content/README.md says why). */

const all = chapters()
const count = ({ elements }: Outline, ...names: readonly string[]): number =>
  elements.filter((e) => names.includes(e.name)).length
const titles = ({ elements }: Outline): readonly string[] =>
  elements.filter((e) => e.name === 'Callout').map((e) => e.attributes['title'] ?? '')
/** The worlds that a chapter shows or asks about, recalls aside. */
const shows = ({ elements }: Outline): readonly string[] =>
  elements
    .filter((e) => e.name !== 'Recall')
    .flatMap(({ attributes: a }) => [a['scenario'] ?? '', ...listed(a['switch'])])

it('print each number that has a source', () => {
  const printed = all
    .flatMap((c) => c.outline.elements)
    .flatMap(({ name, attributes: a }) =>
      name === 'Fact' && a['of'] !== undefined ? [a['of']] : [],
    )
  expect(Object.keys(FIGURES).filter((name) => !printed.includes(name))).toEqual([])
  for (const { says, source } of Object.values(FIGURES)) expect([says, source]).not.toContain('')
})

describe.each(all)('$slug', ({ slug, outline }) => {
  const n = all.findIndex((c) => c.slug === slug)
  it('begins with a question, and says what one can do afterwards', () => {
    const text = readFileSync(new URL(`../../${outline.file}`, import.meta.url), 'utf8')
    const [, beginning = ''] = text.split('\n\n')
    expect(beginning).toContain('?')
    expect(outline.afterwards).toMatch(/^By the end you can /)
  })
  it('recalls twice what was taught before', () => {
    const recalls = outline.elements.filter((e) => e.name === 'Recall')
    expect(recalls).toHaveLength(n === 0 ? 0 : 2)
    const before = all.slice(0, n).flatMap((c) => shows(c.outline))
    for (const r of recalls) expect(before).toContain(r.attributes['scenario'])
  })
  it('asks three times at least, lets one change something, and build something', () => {
    expect(count(outline, 'Predict', 'Be')).toBeGreaterThanOrEqual(3)
    const { stage, elements } = outline
    const changes = elements.some((e) => listed(e.attributes['whatIf']).length > 0)
    expect(changes || listed(stage?.attributes['alter']).length > 0).toBe(true)
    expect(count(outline, 'Build', 'Twins')).toBeGreaterThanOrEqual(1)
  })
  it('ends with what to take along, what the model leaves out, and what it rests on', () => {
    expect(count(outline, 'Recap')).toBe(1)
    expect(titles(outline)).toContain('Then and now')
    expect(titles(outline)).toContain('What the model leaves out')
    expect(outline.sources.length).toBeGreaterThan(0)
  })
  it('takes a quarter of an hour at most, in as many scenes as a chapter may have', () => {
    expect(minutesOf(outline.words)).toBeGreaterThanOrEqual(7)
    expect(minutesOf(outline.words)).toBeLessThanOrEqual(15)
    expect(outline.scenes.length).toBeLessThanOrEqual(MOST_SCENES)
  })
})
