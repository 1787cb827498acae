import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createProcessor } from '@mdx-js/mdx'
import { describe, expect, it } from 'vitest'
import { exercisesOf, questionsOf } from '#components/chapter/told.ts'
import type { Outline } from '#components/chapter/outline.ts'
import { BROKEN } from '#components/home/broken.ts'
import { answerTo, type Answer } from '#components/predict/answer.ts'
import {
  actOf,
  predictionOf,
  recallOf,
  type Acted,
  type Asked,
} from '#components/predict/author.ts'
import { predict as words } from '#components/words/en/predict.ts'
import { answerOf } from '#lib/predict/predict.ts'

const { outlineOf } = (await import(
  fileURLToPath(new URL('../../../scripts/outline.mjs', import.meta.url))
)) as { readonly outlineOf: (tree: unknown, file: string) => Outline }
const folder = fileURLToPath(new URL('../../../content/', import.meta.url))
const asked = readdirSync(folder)
  .filter((f) => f.endsWith('.mdx'))
  .flatMap((file) => {
    const tree = createProcessor().parse(readFileSync(`${folder}${file}`, 'utf8'))
    const outline = outlineOf(tree, `content/${file}`)
    return [
      ...questionsOf(outline).map((q) => ({ line: q.line, of: predictionOf(q.of) })),
      ...exercisesOf(outline, 'Recall').flatMap((q) =>
        [0, 1, 2, 3].map((seed) => ({ line: q.line, of: recallOf(q.of as Asked, seed) })),
      ),
      ...exercisesOf(outline, 'Be').map((q) => ({ line: q.line, of: actOf(q.of as Acted) })),
    ].map(({ line, of }) => ({ where: `${file}:${line}`, of }))
  })

describe('the questions of the chapters', () => {
  it('are there, each with a name of its own', () => {
    expect(asked.length).toBeGreaterThan(3)
    const names = asked.map((q) => `${q.of.id} ${q.of.seed ?? ''}`)
    expect(new Set(names).size).toBe(asked.length)
  })
  it.each(asked)(
    '$where: the right answer is the walk’s, each other one is another walk’s',
    async ({ of }) => {
      const { right, why, said, predicted, elsewhere } = await answerTo(of)
      const { options, walk } = predicted
      const truth = answerOf(of, null, walk)?.outcome
      expect(options.map((o) => JSON.stringify(o.outcome) === JSON.stringify(truth))).toEqual(
        options.map((_, i) => i === right),
      )
      for (const o of options) expect(answerOf(of, o.why, o.walk)?.outcome).toEqual(o.outcome)
      // A reader can tell them apart, and each wrong one says which belief leads to it.
      expect(new Set(options.map((o) => words.outcome(o.outcome))).size).toBe(options.length)
      expect(why.map((text) => text === '')).toEqual(options.map((_, i) => i === right))
      expect(said === '').toBe(of.ask === 'log')
      // Whoever is the device sees what becomes of each answer.
      const unseen = elsewhere.flatMap((e, i) => (e === null && i !== right ? [i] : []))
      expect(of.acts === true ? unseen : []).toEqual([])
    },
  )
  it('have those of the first page among them: their answers stand on the same pages', async () => {
    for (const of of BROKEN) {
      const twin = asked.find((q) => q.of.id === of.id)
      expect(twin, of.id).toBeDefined()
      const [here, there] = await Promise.all([answerTo(of), answerTo(twin!.of)])
      const right = (a: Answer) => a.predicted.options[a.right]!.outcome
      expect([here.said, right(here)]).toEqual([there.said, right(there)])
    }
  })
  it('have their right answers in more than one place', async () => {
    const places = await Promise.all(asked.map(async (q) => (await answerTo(q.of)).right))
    expect(new Set(places).size).toBeGreaterThan(1)
  })
})
