import { describe, expect, it } from 'vitest'
import { activeOf, landing, shift } from '#components/chapter/reading.ts'

describe('the card that is read', () => {
  it.each([
    ['the first until one has passed the line', [400, 900, 1400], 0],
    ['the last that has', [-600, 100, 377, 900], 2],
    ['one on the line', [-600, 378], 1],
    ['the last of all', [-900, -500, -10], 2],
  ])('%s', (_, tops, active) => {
    expect(activeOf(tops, 378)).toBe(active)
  })
})

describe('a card that is gone to', () => {
  const window = { line: 378, from: 52, to: 900 }
  it('is past the line, and whole if it can be', () => {
    expect(landing({ top: 0, height: 200 }, window)).toBe(354)
    expect(landing({ top: 0, height: 600 }, window)).toBe(276)
    expect(landing({ top: 0, height: 2000 }, window)).toBe(76)
  })
  it('is the one that is read then, whatever its height', () => {
    for (let height = 0; height < 3000; height += 7) {
      const top = landing({ top: 0, height }, window)
      // The next one is at least as far down as the style sheet keeps cards apart: 42 % of the window.
      const next = top + Math.max(height, 378)
      expect(activeOf([top, next], window.line)).toBe(0)
    }
  })
})

describe('what is to be in sight', () => {
  it.each([
    ['stays where it is seen', { top: 500, height: 100 }, 0],
    ['comes up as far as it must, not to what a thumb reaches', { top: 700, height: 200 }, 144],
    ['comes down', { top: 300, height: 100 }, -156],
    ['begins below the stage where not all of it has room', { top: 600, height: 900 }, 144],
  ])('%s', (_, edges, by) => {
    expect(shift(edges, { from: 432, to: 780 })).toBe(by)
  })
})
