import { afterEach, expect, it, vi } from 'vitest'
import { keepProgress, readOf } from '#components/chapter/progress.ts'
import { read, turned } from '#components/chapter/reading.ts'
import type { Scene } from '#components/figure/store/state.ts'

afterEach(() => vi.unstubAllGlobals())

const held: Record<string, string> = {}
const storage = {
  getItem: (name: string) => held[name] ?? null,
  setItem: (name: string, text: string) => {
    held[name] = text
  },
}
const scenes = ['pod', 'bridge', 'tunnel'].map((id): Scene => ({
  id,
  scenario: 'flannel-udp',
  flow: '',
  whatIfs: [],
  against: null,
  detail: 'story',
  from: '',
  to: '',
}))
const ids = scenes.map((s) => s.id)

it('keeps each scene that was read, once, of the chapter it is of', () => {
  vi.stubGlobal('localStorage', storage)
  let active = 0
  const away = read({
    stage: 'f1',
    scenes,
    active: () => active,
    go: () => {},
    take: () => {},
    see: () => {},
  })
  const end = keepProgress('f1', scenes)
  expect(readOf('f1', ids)).toBe(1)
  for (const n of [2, 0, 2, 5]) {
    active = n
    turned()
  }
  end()
  active = 1
  turned()
  away()
  expect([readOf('f1', ids), readOf('v1', ids)]).toEqual([2, 0])
  // A scene that is no longer there counts for nothing.
  expect(readOf('f1', ['pod', 'other'])).toBe(1)
})
it.each(['no json', '7', '{"f1":"pod"}'])('makes nothing of %s', (text) => {
  vi.stubGlobal('localStorage', { getItem: () => text, setItem: () => {} })
  expect(readOf('f1', ids)).toBe(0)
})
it('works where nothing may be kept', () => {
  const refuses = (): never => {
    throw new DOMException('Access is denied for this document.', 'SecurityError')
  }
  vi.stubGlobal('localStorage', { getItem: refuses, setItem: refuses })
  const away = read({
    stage: 'f1',
    scenes,
    active: () => 0,
    go: () => {},
    take: () => {},
    see: () => {},
  })
  keepProgress('f1', scenes)()
  away()
  expect(readOf('f1', ids)).toBe(0)
})
