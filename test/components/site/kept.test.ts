import { afterEach, expect, it, vi } from 'vitest'
import { progressFile, readProgress, takeProgress } from '#components/site/kept.ts'

afterEach(() => vi.unstubAllGlobals())

function storage(held: Record<string, string>): Record<string, string> {
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => held[name] ?? null,
    setItem: (name: string, text: string) => {
      held[name] = text
    },
  })
  return held
}
const here = () =>
  storage({
    predictions: '{"a":"right"}',
    tasks: '{"t":"done"}',
    scenes: '{"f1":["one","two"]}',
    theme: 'dark',
  })

it('what was done goes to another device and comes beside what was done there', () => {
  here()
  const file = progressFile()
  const there = storage({ predictions: '{"b":"wrong"}', scenes: '{"f1":["two","three"]}' })
  expect(takeProgress(file)).toBeNull()
  expect(JSON.parse(there['predictions']!)).toEqual({ a: 'right', b: 'wrong' })
  expect(JSON.parse(there['scenes']!)).toEqual({ f1: ['two', 'three', 'one'] })
  expect(JSON.parse(there['tasks']!)).toEqual({ t: 'done' })
  expect(there['theme']).toBeUndefined()
})
it.each([
  ['', 'no-json'],
  ['{"packet-walk-progress": 1, "tasks"', 'no-json'],
  ['[]', 'no-progress'],
  ['{}', 'no-progress'],
  ['{"packet-walk-progress": 0}', 'version'],
  ['{"packet-walk-progress": 2}', 'version'],
  ['{"packet-walk-progress": 1, "tasks": 7}', 'damaged'],
  ['{"packet-walk-progress": 1, "scenes": {"f1": [1]}}', 'damaged'],
  ['{"packet-walk-progress": 1, "predictions": {"a": {"b": 1}}}', 'damaged'],
  [' '.repeat(1_000_001), 'too-long'],
])('a file that is %j is refused, and nothing is lost', (text, why) => {
  const held = here()
  const before = { ...held }
  expect(readProgress(text)).toBe(why)
  expect(takeProgress(text)).toBe(why)
  expect(held).toEqual(before)
})
it('a file may lack what was not there when it was written', () => {
  here()
  expect(takeProgress('{"packet-walk-progress": 1}')).toBeNull()
})
it('where nothing may be kept it says so', () => {
  const refuses = (): never => {
    throw new DOMException('Access is denied for this document.', 'SecurityError')
  }
  vi.stubGlobal('localStorage', { getItem: refuses, setItem: refuses })
  expect(readProgress(progressFile())).toEqual({
    predictions: {},
    tasks: {},
    scenes: {},
    steps: {},
  })
  expect(takeProgress('{"packet-walk-progress": 1, "tasks": {"t": "done"}}')).toBe('not-kept')
})
