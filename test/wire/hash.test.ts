import { describe, expect, it } from 'vitest'
import { fnv1a, pickPort } from '#lib/wire/hash.ts'

describe('hash', () => {
  it('is an unsigned 32-bit number that repeats', () => {
    for (const text of ['', 'a', 'foobar', '10.1.15.2|10.1.20.3|1']) {
      expect(fnv1a(text)).toBe(fnv1a(text))
      expect(fnv1a(text)).toBe(fnv1a(text) >>> 0)
    }
    expect(new Set(Array.from({ length: 1000 }, (_, i) => fnv1a(`flow ${i}`))).size).toBe(1000)
  })
  it('picks ports over the whole range, both ends included', () => {
    const picked = new Set(Array.from({ length: 400 }, (_, i) => pickPort(`flow ${i}`, 100, 107)))
    expect([...picked].sort((a, b) => a - b)).toEqual([100, 101, 102, 103, 104, 105, 106, 107])
    expect(pickPort('x', 5, 5)).toBe(5)
  })
})
