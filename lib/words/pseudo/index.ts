import { SCENARIOS } from '#lib/worlds/all.ts'
import { agree } from '../en/agree.ts'
import { drops } from '../en/drops.ts'
import { explained } from '../en/explain.ts'
import { goals } from '../en/goals.ts'
import { labels } from '../en/labels.ts'
import { edits } from '../en/problems/made.ts'
import { problems } from '../en/problems/index.ts'
import { seen } from '../en/seen.ts'
import type { Words } from '../words.ts'
import { pseudo } from './pseudo.ts'

const worlds = Object.fromEntries(
  Object.values(SCENARIOS).map(({ entry: { id, title, short }, leavesOut, whatIfs }) => {
    const asked = Object.entries(whatIfs).map(([w, { title: question }]) => [w, question] as const)
    return [id, { title, short, whatIfs: Object.fromEntries(asked), leavesOut }]
  }),
) as unknown as Words['worlds']

export const words: Words = pseudo({
  explain: explained,
  drops,
  goals,
  labels,
  edits,
  problems,
  agree,
  seen,
  worlds,
})
