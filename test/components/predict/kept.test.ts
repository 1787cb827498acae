import { afterEach, expect, it, vi } from 'vitest'
import { answered, keep } from '#components/predict/kept.ts'

afterEach(() => vi.unstubAllGlobals())

const storage = (held: Record<string, string>) => ({
  getItem: (name: string) => held[name] ?? null,
  setItem: (name: string, text: string) => {
    held[name] = text
  },
})

it('keeps how each question was answered last', () => {
  vi.stubGlobal('localStorage', storage({}))
  expect(answered('a')).toBeNull()
  keep('a', 'wrong')
  keep('b', 'skipped')
  keep('a', 'right')
  expect([answered('a'), answered('b'), answered('c')]).toEqual(['right', 'skipped', null])
})
it.each(['not json', '[1]', '7', '{"a":"perhaps"}', 'null'])('makes nothing of %s', (text) => {
  vi.stubGlobal('localStorage', storage({ predictions: text }))
  expect(answered('a')).toBeNull()
  keep('a', 'right')
  expect(answered('a')).toBe('right')
})
it('works where nothing may be kept', () => {
  const refuses = (): never => {
    throw new DOMException('Access is denied for this document.', 'SecurityError')
  }
  vi.stubGlobal('localStorage', { getItem: refuses, setItem: refuses })
  keep('a', 'right')
  expect(answered('a')).toBeNull()
})
