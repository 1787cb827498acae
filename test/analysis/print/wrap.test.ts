import fc from 'fast-check'
import { expect, it } from 'vitest'
import { WIDTH, wrap } from '#lib/analysis/print/wrap.ts'
import { RUNS } from '../../arbitraries.ts'

const word = fc.stringMatching(/^[a-z]{1,120}$/)

it('no line is longer than a terminal is wide, and no letter is lost', () => {
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 40 }), fc.nat(20), (words, n) => {
      const lines = wrap(words.join(' '), ' '.repeat(n))
      expect(lines.filter((l) => l.length > WIDTH)).toEqual([])
      expect(lines.join('').replaceAll(' ', '')).toBe(words.join(''))
    }),
    RUNS,
  )
})
it('stands behind its indent, and breaks between words', () => {
  expect(wrap(`${'a'.repeat(60)} ${'b'.repeat(60)}`, '  ')).toEqual([
    `  ${'a'.repeat(60)}`,
    `  ${'b'.repeat(60)}`,
  ])
})
