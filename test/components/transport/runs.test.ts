import { expect, test } from 'vitest'
import { runsOf } from '#components/transport/runs.ts'
import type { Tick } from '#components/figure/store/ticks.ts'

const row = (wraps: readonly Tick['wrap'][]): Tick[] =>
  wraps.map((wrap) => ({ mark: 'place', wrap, label: '', name: '' }))
const BARE = { outer: 0, hidden: false }
const WRAPPED = { outer: 1, hidden: false }
const HIDDEN = { outer: 0, hidden: true }
const times = <T>(n: number, of: (i: number) => T): T[] =>
  Array.from({ length: n }, (_, i) => of(i))

test('few stops stand for themselves', () => {
  expect(runsOf(row(times(40, () => BARE)))).toHaveLength(40)
})

test('of many stops those that are wrapped alike are one part', () => {
  expect(runsOf(row(times(90, (i) => (i < 50 ? BARE : WRAPPED))))).toEqual([
    { ...BARE, length: 50 },
    { ...WRAPPED, length: 40 },
  ])
})

test('a packet that goes in circles is few parts, as deep as it was in each', () => {
  const runs = runsOf(row(times(255, (i) => (i % 6 < 3 ? BARE : HIDDEN))))
  expect(runs.length).toBeLessThan(30)
  expect(runs.reduce((n, r) => n + r.length, 0)).toBe(255)
  expect(runs.every((r) => r.hidden)).toBe(true)
})
