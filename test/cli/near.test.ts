import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distance, instead, near, shown, some } from '#lib/cli/near.ts'
import { RUNS } from '../arbitraries.ts'
import { leastRatio } from '../ratio.ts'

/** By the definition, without a bound. */
function slow(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length
  const swapped =
    a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1)
      ? 1 + slow(a.slice(0, -2), b.slice(0, -2))
      : Infinity
  return Math.min(
    slow(a.slice(0, -1), b) + 1,
    slow(a, b.slice(0, -1)) + 1,
    slow(a.slice(0, -1), b.slice(0, -1)) + (a.at(-1) === b.at(-1) ? 0 : 1),
    swapped,
  )
}

describe('distance', () => {
  it.each([
    ['ping', 'pign', 1],
    ['trace', 'trcae', 1],
    ['', 'abc', 3],
    ['node-1', 'node-1', 0],
    ['kernal', 'kernel', 1],
    ['ca', 'abc', 3],
  ])('%s, %s: %i', (a, b, far) => {
    expect(distance(a, b, 3)).toBe(far)
    expect(distance(a, b, far - 1)).toBe(null)
  })
  it('is that of the definition, or null beyond the bound', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 5 })
    fc.assert(
      fc.property(word, word, fc.integer({ min: 0, max: 4 }), (a, b, most) => {
        const far = slow(a, b)
        expect(distance(a, b, most)).toBe(far <= most ? far : null)
      }),
      RUNS,
    )
  })
})

describe('near', () => {
  it('the nearest first, three at most; what was begun, or is a part', () => {
    expect(near('web', ['web-1', 'my-web', 'wbe', 'api'])).toEqual(['wbe', 'web-1', 'my-web'])
    expect(near('node-9', ['node-1', 'node-2', 'node-3', 'node-4'])).toEqual([
      'node-1',
      'node-2',
      'node-3',
    ])
    expect(near('NODE-1', ['node-1'])).toEqual(['node-1'])
    expect(near('x', ['a', 'b'])).toEqual([])
  })
  it('60,000 names in time that grows as their number does', () => {
    const among = (count: number): (() => void) => {
      const names = Array.from({ length: count }, (_, i) => `pod-${i}-of-the-cluster`)
      return () =>
        expect(near(`pdo-${count - 1}-of-the-cluster`, names)[0]).toBe(
          `pod-${count - 1}-of-the-cluster`,
        )
    }
    among(6_000)()
    // 100 times, were each name compared with all.
    expect(leastRatio(among(6_000), among(60_000), 3)).toBeLessThan(25)
  })
  it('a list is cut, and says how many more there are', () => {
    const names = Array.from({ length: 500 }, (_, i) => `name-${i}`)
    const { names: fit, more } = some(names)
    expect(fit.join(', ').length).toBeLessThan(151)
    expect(fit.length + more).toBe(500)
    expect(instead('quux', names)).toMatch(/^there are name-0, name-1, .* and \d+ more$/)
    expect(instead('quux', names).length).toBeLessThan(180)
    expect(instead('x', [])).toBe('there are none')
    expect(shown('a b')).toBe('"a b"')
    expect(shown('x'.repeat(500))).toHaveLength(60)
  })
})
