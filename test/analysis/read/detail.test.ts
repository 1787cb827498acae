import { describe, expect, it } from 'vitest'
import { walk, type Walk } from '#lib/index.ts'
import { stops } from '#components/figure/store/stops.ts'
import { walked } from '#components/figure/store/walked.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const of = (world: string, flow = Object.keys(SCENARIOS[world]!.flows)[0]!): Walk =>
  walk(SCENARIOS[world]!.topology, SCENARIOS[world]!.flows[flow]!)

describe('the three levels of detail', () => {
  it.each(Object.keys(SCENARIOS))(
    '%s: each tells all the one before tells, and drops and asides are in the right ones',
    (world) => {
      for (const flow of Object.keys(SCENARIOS[world]!.flows)) {
        const w = of(world, flow)
        const [s, n, k] = (['story', 'network', 'kernel'] as const).map(
          (d) => new Set(stops(w, d).map((x) => x.step)),
        )
        expect([...s!].filter((x) => !n!.has(x))).toEqual([])
        expect(k!.size).toBe(w.steps.length)
        expect(s!.size).toBeLessThan(n!.size)
        expect(w.loss === null || s!.has(w.loss.step)).toBe(true)
        expect([...s!].some((x) => w.messages[w.steps[x]!.message]!.kind === 'arp')).toBe(false)
      }
    },
  )
  it('every what-if that ends in a drop shows it in the story', () => {
    let drops = 0
    for (const s of Object.values(SCENARIOS))
      for (const id of Object.keys(s.whatIfs)) {
        const { walk: w } = walked(s, {
          flow: s.whatIfs[id]!.flow ?? Object.keys(s.flows)[0]!,
          whatIfs: [id],
        })
        if (w.loss === null) continue
        drops += 1
        expect(stops(w, 'story').find((x) => x.step === w.loss!.step)?.mark, `${s.id} ${id}`).toBe(
          'drop',
        )
      }
    expect(drops).toBeGreaterThan(10)
  })
})
