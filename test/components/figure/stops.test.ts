import { describe, expect, it } from 'vitest'
import { beforeOf, stops } from '#components/figure/store/stops.ts'
import { counts, walk } from '#lib/index.ts'
import { applyAll } from '#lib/topology/apply.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

describe('what has changed in a packet', () => {
  it.each(Object.keys(SCENARIOS))(
    '%s: is told beside what the same packet was before, and a new packet begins anew',
    (id) => {
      const s = SCENARIOS[id]!
      for (const flow of Object.values(s.flows))
        for (const detail of ['story', 'network', 'kernel'] as const) {
          const w = walk(s.topology, flow)
          const list = stops(w, detail)
          const begun = new Set<number>()
          for (const [i, stop] of list.entries()) {
            const [step, before] = [w.steps[stop.step]!, beforeOf(w, list, i)]
            expect(before?.message ?? step.message).toBe(step.message)
            expect(before?.n ?? -1).toBeLessThan(step.n)
            expect(before === null, `${flow.from} to ${flow.to}, step ${step.n}`).toBe(
              !begun.has(step.message),
            )
            begun.add(step.message)
          }
        }
    },
  )
  it('a packet that goes round in a circle is shown two rounds, and its end', () => {
    const s = SCENARIOS['vpc-cni']!
    const edits = s.whatIfs['delete-rule-512']!.edits
    const w = walk(applyAll(s.topology, edits), s.flows['same-node']!)
    const rounds = (detail: 'story' | 'kernel'): number =>
      stops(w, detail).filter(({ step }) => {
        const { message, in: name, dev, stage } = w.steps[step]!
        return message === 0 && name === 'node-1' && dev === 'eth1' && stage === 'route'
      }).length
    expect(rounds('kernel')).toBe(63)
    expect(rounds('story')).toBe(2)
    expect(stops(w, 'story').some((x) => x.step === w.loss?.step)).toBe(true)
    // Pieces of one packet come by as often, and are no circle.
    const cut = walk(
      SCENARIOS['flannel-udp']!.topology,
      SCENARIOS['flannel-udp']!.flows['large-no-df']!,
    )
    const shown = new Set(stops(cut, 'story').map((x) => x.step))
    expect(cut.steps.filter((x) => counts(cut, x, 'story') && !shown.has(x.n))).toEqual([])
  })
  it('an ARP exchange in between is passed over', () => {
    const s = SCENARIOS['flannel-vxlan']!
    const w = walk(s.topology, s.flows['ping']!)
    const list = stops(w, 'network')
    const asides = list.flatMap((x, i) =>
      x.mark === 'aside' &&
      list[i + 1]?.mark !== 'aside' &&
      w.steps[list[i + 1]?.step ?? 0]!.message === 0
        ? [i]
        : [],
    )
    expect(asides.length).toBeGreaterThan(0)
    for (const i of asides) expect(beforeOf(w, list, i + 1)).toBe(w.steps[list[i - 1]!.step])
  })
})
