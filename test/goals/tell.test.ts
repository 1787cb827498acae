import { afterEach, describe, expect, it } from 'vitest'
import { check } from '#lib/goals/check.ts'
import { shipped, type Shipped } from '#lib/goals/goal.ts'
import { missInWords, told } from '#lib/goals/tell.ts'
import { speak } from '#lib/words/language/index.ts'
import { words } from '#lib/words/pseudo/index.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const t = SCENARIOS['docker-bridge']!.topology
const ofGoal = (id: Shipped) => check([shipped(id)], t, t)[0]!

describe('a goal that does not hold', () => {
  afterEach(() => speak(null))
  it('says who has answered instead', () => {
    expect(told(ofGoal('kubernetes-2').counterexample!)).toBe(
      'web-app-frontend-1 → web-app-frontend-2: it is answered by web-app-frontend-1',
    )
  })
  it('says so in the language that is spoken, the goal and what is there instead too', () => {
    speak({ tag: 'pseudo', parts: { ...words } })
    const { goal, counterexample: c } = ofGoal('kubernetes-2')
    const miss = c?.kind === 'flow' ? missInWords(c.miss) : null
    for (const said of ['say' in goal ? goal.say : '', miss?.wanted, miss?.is, told(c!)])
      expect(said).toMatch(/éé/)
  })
})
