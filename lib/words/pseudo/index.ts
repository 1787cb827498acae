import { WORLDS } from '#lib/worlds/index.ts'
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
  WORLDS.map(({ id, title, short, whatIfs, leavesOut }) => [
    id,
    { title, short, whatIfs, leavesOut },
  ]),
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
