import { describe, expect, it } from 'vitest'
import { BROKEN } from '#components/home/broken.ts'
import { costs } from '#components/home/cost.ts'
import { moved } from '#components/home/moved.ts'
import { pair } from '#components/home/pair.ts'
import { FLOW_SENT, WORLDS_SENT } from '#components/home/sent.ts'
import { answerTo } from '#components/predict/answer.ts'
import { pages } from '#components/words/en/pages.ts'
import { predict as words } from '#components/words/en/predict.ts'
import { predict } from '#lib/predict/predict.ts'
import { walk } from '#lib/walk/walk.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

describe('the numbers below the pictures', () => {
  it('are those of the walks', async () => {
    expect(await costs()).toEqual([
      {
        world: 'flannel-udp',
        bytes: '88',
        own: '60',
        lookups: '6',
        crossings: '4',
        sees: 'nodes',
      },
      { world: 'vpc-cni', bytes: '60', own: '60', lookups: '4', crossings: '0', sees: 'pods' },
    ])
  })
})

describe('the two trips', () => {
  it('go by one clock, from the sender to the receiver of each', async () => {
    const trips = await pair()
    expect(new Set(trips.map((t) => t.ticks.length)).size).toBe(1)
    for (const { world, walk: w, ticks, keys } of trips) {
      const { topology, flows } = SCENARIOS[world]!
      expect(w.steps.length).toBe(walk(topology, flows[FLOW_SENT]!).steps.length)
      expect(ticks[0]).toMatchObject({ step: { in: 'web-app-frontend-1' }, before: null })
      expect(keys[ticks.at(-1)!.step.n]).toBe('backend-service-2/eth0 socket')
      for (const { step, before } of ticks.slice(1))
        expect(before === null || before.n < step.n).toBe(true)
    }
    expect(trips.map((t) => t.world)).toEqual(WORLDS_SENT)
  })
})

describe('each card', () => {
  it.each(BROKEN)('$id has its right answer and wrong ones with reasons', async (of) => {
    const p = await predict(of)
    const { right, why, said } = await answerTo(of)
    expect(right).toBe(p.right)
    expect(said.length).toBeGreaterThan(20)
    expect(why.map((text) => text === '')).toEqual(p.options.map((_, i) => i === right))
    expect(new Set(p.options.map((o) => words.outcome(o.outcome))).size).toBe(p.options.length)
    expect(p.options.length).toBe((of.options?.length ?? 0) + 1)
    // What asks must not answer.
    const { title, text } = pages.breaks[of.id]
    for (const o of p.options) expect(`${title} ${text}`).not.toContain(words.outcome(o.outcome))
  })
  it('says what the engine does, and not the obvious', async () => {
    const answers = await Promise.all(
      BROKEN.map(async (of) => {
        const { options, right } = await predict(of)
        return words.outcome(options[right]!.outcome)
      }),
    )
    expect(answers).toEqual([
      'AWS drops it: the ENI may only use its own addresses.',
      'Nothing at all.',
      'It goes round and round until its TTL is gone, at node-1.',
    ])
  })
  it('has its right answer not always in one place', async () => {
    const places = await Promise.all(BROKEN.map(async (of) => (await predict(of)).right))
    expect(new Set(places).size).toBeGreaterThan(1)
  })
})

describe('a link to the figure that stood here', () => {
  it.each([
    ['#seed=1;flannel-vxlan;ping;;a%20b', '/flannel/#f1=1;flannel-vxlan;ping;;a%20b'],
    ['#seed=1;a;b&seed.view=1;kernel', '/flannel/#f1=1;a;b&f1.view=1;kernel'],
    ['#chapters', null],
    ['', null],
  ])('%s leads to %s', (hash, to) => {
    expect(moved(hash)).toBe(to)
  })
})
