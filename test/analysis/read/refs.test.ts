import { expect, it } from 'vitest'
import { refsOf, rowAt, walk } from '#lib/index.ts'
import { marksOf } from '#lib/analysis/read/refs.ts'
import type { Decision } from '#lib/trace/decision.ts'
import type { Ref } from '#lib/topology/topology.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const s = SCENARIOS['flannel-vxlan']!
const w = walk(s.topology, s.flows['frontend-1-to-backend-2']!)
const ref = (row: number): Ref => ({ in: 'node-1', table: 'netfilter', row })

it('a route rests on its row', () => {
  const route = w.steps.find((x) => x.in === 'node-1' && x.stage === 'route')!
  const { matched } = refsOf(route.decision)
  expect(rowAt(w.after, matched!)).toMatchObject({ dst: '10.1.20.0/24', dev: 'flannel.1' })
})
it('a random rule that was asked and did not match came near; one that matched did not', () => {
  const hook = w.steps.map((x) => x.decision).find((d) => d.kind === 'hook')!
  const d: Decision = {
    ...hook,
    matched: ref(3),
    draws: [
      { rule: ref(1), value: 0.7, probability: 0.5 },
      { rule: ref(3), value: 0.2, probability: 0.5 },
    ],
  }
  expect(refsOf(d)).toEqual({ matched: ref(3), rejected: [ref(1)] })
})
it('a mark leads back to the rules that set it, and other decisions to none', () => {
  const hook = w.steps.map((x) => x.decision).find((d) => d.kind === 'hook')!
  expect(marksOf({ ...hook, marks: [ref(2)] })).toEqual([ref(2)])
  expect(marksOf(w.steps.find((x) => x.decision.kind === 'ttl')!.decision)).toEqual([])
})
