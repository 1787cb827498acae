import { describe, expect, it } from 'vitest'
import { interleaved, median } from './timing.ts'

describe('jobs that take turns', () => {
  it('has the middle of an odd number, and of none says so', () => {
    expect(median([5, 1, 3])).toBe(3)
    expect(() => median([])).toThrow(RangeError)
  })

  it('runs each as often as the other, and neither is always the first', () => {
    const order: string[] = []
    interleaved([() => order.push('a'), () => order.push('b')], { rounds: 4, calls: 4 }, 0)
    const pairs = Array.from({ length: 16 }, (_, i) => order.slice(2 * i, 2 * i + 2).join(''))
    expect(pairs.slice(0, 8)).toEqual(['ab', 'ba', 'ba', 'ab', 'ba', 'ab', 'ab', 'ba'])
    expect(pairs.filter((p) => p === 'ab')).toHaveLength(8)
    expect(pairs.filter((p) => p === 'ba')).toHaveLength(8)
  })

  it('tells a job that takes longer by its ratio to the first', () => {
    const spin = (n: number) => () => {
      let h = 0
      for (let i = 0; i < n; i += 1) h = Math.imul(h ^ i, 0x01000193)
      return h
    }
    const { ratios } = interleaved([spin(20_000), spin(200_000)], { rounds: 5, calls: 20 })
    expect(ratios[0]).toBe(1)
    expect(ratios[1]).toBeGreaterThan(3)
  })
})
