import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createProcessor } from '@mdx-js/mdx'
import { describe, expect, it } from 'vitest'
import { questionsOf } from '#components/chapter/told.ts'
import type { Outline } from '#components/chapter/outline.ts'
import { predictionOf } from '#components/predict/author.ts'
import { predict } from '#lib/predict/predict.ts'
import { fact } from '#lib/analysis/read/facts.ts'
import { FIGURES } from '#components/words/en/figures.ts'
import { walkFor } from '#components/prose/walked.ts'

/* What a chapter says after its last question says no value that a question asks for: who reads the end first has guessed nothing yet. */

const { outlineOf } = (await import(
  fileURLToPath(new URL('../../scripts/outline.mjs', import.meta.url))
)) as { readonly outlineOf: (tree: unknown, file: string) => Outline }
const folder = fileURLToPath(new URL('../../content/', import.meta.url))
const chapters = readdirSync(folder).filter((f) => f.endsWith('.mdx'))

/** Text with the numbers of its walks put in. */
async function told(text: string): Promise<string> {
  const parts = text.split(/(<Fact [^>]*\/>)/)
  const said = await Promise.all(
    parts.map(async (part) => {
      if (!part.startsWith('<Fact ')) return part
      const named = Object.fromEntries(
        [...part.matchAll(/(\w+)="([^"]*)"/g)].map((m) => [m[1]!, m[2]!]),
      )
      if (named['of'] !== undefined) return FIGURES[named['of']]!.says
      const { walk } = await walkFor('Fact', named)
      return fact(walk, named['name'] ?? '')
    }),
  )
  return said.join('').replaceAll(/\]\([^)]*\)/g, ']')
}

/** The value that a question asks for, if it is one that can be read by itself. */
async function valueOf(of: Parameters<typeof predict>[0]): Promise<string | null> {
  const { options, right } = await predict(of)
  const o = options[right]!.outcome
  if (o.ask === 'source') return o.source
  if (o.ask === 'ttl') return String(o.ttl)
  if (o.ask === 'bytes') return String(o.bytes)
  if (o.ask === 'log') return o.records[0] ?? null
  return null
}

const inside = (text: string, value: string): boolean =>
  new RegExp(`(?<![\\d.])${value.replaceAll('.', '\\.')}(?![\\d]|\\.\\d)`).test(text)

describe('the end of a chapter', () => {
  it('knows a number from a part of another', () => {
    expect(inside('it is 10.1.15.0.', '10.1.15.0')).toBe(true)
    expect(inside('10.1.15.0/24 and 110.1.15.0', '10.1.15.0')).toBe(true)
    expect(inside('of 160 bytes, 60.5', '60')).toBe(false)
  })
  it.each(chapters)('%s says nothing that is asked', async (file) => {
    const text = readFileSync(`${folder}${file}`, 'utf8')
    const end = await told([...text.matchAll(/<(Recap|Sources)>[\s\S]*?<\/\1>/g)].join('\n'))
    expect(end.length).toBeGreaterThan(500)
    const outline = outlineOf(createProcessor().parse(text), `content/${file}`)
    const given: string[] = []
    for (const { of } of questionsOf(outline)) {
      const asked = predictionOf(of)
      const value = await valueOf(asked)
      if (value !== null && inside(end, value)) given.push(`${asked.id}: ${value}`)
    }
    expect(given).toEqual([])
  })
})
