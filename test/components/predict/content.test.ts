import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createProcessor } from '@mdx-js/mdx'
import { describe, expect, it } from 'vitest'
import { questionsOf } from '#components/chapter/told.ts'
import type { Outline } from '#components/chapter/outline.ts'
import { answerTo } from '#components/predict/answer.ts'
import { predictionOf } from '#components/predict/author.ts'
import { predict as words } from '#components/words/en/predict.ts'
import { outcomeOf } from '#lib/predict/outcome.ts'

const { outlineOf } = (await import(
  fileURLToPath(new URL('../../../scripts/outline.mjs', import.meta.url))
)) as { readonly outlineOf: (tree: unknown, file: string) => Outline }
const folder = fileURLToPath(new URL('../../../content/', import.meta.url))
const asked = readdirSync(folder)
  .filter((f) => f.endsWith('.mdx'))
  .flatMap((file) => {
    const tree = createProcessor().parse(readFileSync(`${folder}${file}`, 'utf8'))
    return questionsOf(outlineOf(tree, `content/${file}`)).map((q) => ({
      where: `${file}:${q.line}`,
      of: predictionOf(q.of),
    }))
  })

describe('the questions of the chapters', () => {
  it('are there, each with a name of its own', () => {
    expect(asked.length).toBeGreaterThan(3)
    expect(new Set(asked.map((q) => q.of.id)).size).toBe(asked.length)
  })
  it.each(asked)(
    '$where: the right answer is the walk’s, each other one is another walk’s',
    async ({ of }) => {
      const { right, why, said, predicted } = await answerTo(of)
      const { options, walk } = predicted
      const truth = outcomeOf(walk, of.ask, of.step)?.outcome
      expect(options.map((o) => JSON.stringify(o.outcome) === JSON.stringify(truth))).toEqual(
        options.map((_, i) => i === right),
      )
      for (const o of options)
        expect(outcomeOf(o.walk, of.ask, of.step)?.outcome).toEqual(o.outcome)
      // A reader can tell them apart, and each wrong one says which belief leads to it.
      expect(new Set(options.map((o) => words.outcome(o.outcome))).size).toBe(options.length)
      expect(why.map((text) => text === '')).toEqual(options.map((_, i) => i === right))
      expect(said).not.toBe('')
    },
  )
  it('have their right answers in more than one place', async () => {
    const places = await Promise.all(asked.map(async (q) => (await answerTo(q.of)).right))
    expect(new Set(places).size).toBeGreaterThan(1)
  })
})
