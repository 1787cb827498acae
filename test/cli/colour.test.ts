import { describe, expect, it } from 'vitest'
import { coloured } from '#lib/cli/colour.ts'

describe('colours', () => {
  it.each<[boolean, Record<string, string>, boolean]>([
    [true, {}, true],
    [false, {}, false],
    [true, { TERM: 'dumb' }, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [false, { FORCE_COLOR: '1' }, true],
    [false, { FORCE_COLOR: '' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [true, { FORCE_COLOR: '3', TERM: 'dumb' }, true],
    [true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ])('a terminal: %s, %j: %s', (isTTY, env, yes) => {
    expect(coloured({ isTTY }, env)).toBe(yes)
  })
})
