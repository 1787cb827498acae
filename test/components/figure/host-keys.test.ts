import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { hostOf } from '#components/figure/effects/host.ts'
import { keepHostKeys } from '#components/figure/effects/host-keys.ts'
import type { FigureStore } from '#components/figure/store/figure.ts'
import { made } from './made.ts'

describe('?host=', () => {
  it.each<[string, string | null]>([
    ['', '*'],
    ['?theme=dark', '*'],
    ['?host=https://example.org', 'https://example.org'],
    ['?host=https://example.org/a/page', 'https://example.org'],
    ['?host=http://127.0.0.1:4000', 'http://127.0.0.1:4000'],
    ['?host=', null],
    ['?host=null', null],
    ['?host=example.org', null],
    ['?host=*', null],
    ['?host=data:text/html,x', null],
  ])('%j lets in %j', (search, origin) => {
    expect(hostOf(search)).toBe(origin)
  })
})

describe('slides of reveal.js, and keys that a figure has no use for', () => {
  let figure: FigureStore
  let focus = 0
  const posted: unknown[] = []
  let keys: ReturnType<typeof keepHostKeys>
  const listeners = new Map<string, (e: object) => void>()
  const press = (key: string, more: object = {}): void => {
    const e = { key, target: null, defaultPrevented: false, ...more }
    listeners.get('keydown true')!(e)
    if (key === 'ArrowRight') figure.dispatch({ type: 'move', by: 1 })
    listeners.get('keydown false')!(e)
  }
  beforeEach(() => {
    posted.length = 0
    focus = 0
    vi.stubGlobal('addEventListener', (type: string, f: (e: object) => void, capture = false) =>
      listeners.set(`${type} ${capture}`, f),
    )
    vi.stubGlobal('removeEventListener', () => {})
    vi.stubGlobal('Element', class {})
    vi.stubGlobal('HTMLElement', class {})
    vi.stubGlobal('innerHeight', 480)
    vi.stubGlobal('document', { documentElement: { scrollHeight: 480 }, hasFocus: () => true })
    vi.stubGlobal('parent', { focus: () => (focus += 1) })
    figure = made({ scenario: 'flannel-vxlan', bare: true })
    const hear = (m: unknown): number => posted.push(m)
    keys = keepHostKeys(figure, { post: hear, say: hear })
  })
  afterEach(() => {
    keys.end()
    vi.unstubAllGlobals()
  })

  it('a slide that leaves stops what plays and lets the keys go; when it is back it goes on', () => {
    figure.dispatch({ type: 'play' })
    keys.slide('slide:stop')
    expect(figure.state().playing).toBe(false)
    expect(focus).toBe(1)
    keys.slide('slide:start')
    expect(figure.state().playing).toBe(true)
  })
  it('what stood still stands still', () => {
    keys.slide('slide:stop')
    keys.slide('slide:start')
    expect(figure.state().playing).toBe(false)
  })
  it('the page is told of the key, and in the string that a deck obeys', () => {
    press('F5')
    press('PageDown')
    press('o')
    expect(posted).toEqual([
      { type: 'key', key: 'F5' },
      { type: 'key', key: 'PageDown' },
      '{"method":"triggerKey","args":[34]}',
      { type: 'key', key: 'o' },
      '{"method":"triggerKey","args":[79]}',
    ])
  })
  it('an arrow is the figure’s until there is nowhere to step', () => {
    press('ArrowRight', { defaultPrevented: true })
    expect(posted).toEqual([])
    figure.dispatch({ type: 'last' })
    press('ArrowRight', { defaultPrevented: true })
    expect(posted[0]).toEqual({ type: 'key', key: 'ArrowRight' })
  })
  it('Escape gives the focus back, unless there is something to close', () => {
    figure.dispatch({ type: 'help' })
    press('Escape', { defaultPrevented: true })
    expect(focus).toBe(0)
    figure.dispatch({ type: 'leave' })
    press('Escape', { defaultPrevented: true })
    expect(focus).toBe(1)
  })
  it('used keys, those of the browser, and with Ctrl, ⌘ or Alt, are told nobody', () => {
    press('c', { defaultPrevented: true })
    for (const key of ['Tab', 'Enter', ' ', 'Shift']) press(key)
    for (const held of ['ctrlKey', 'metaKey', 'altKey']) press('x', { [held]: true })
    expect(posted).toEqual([])
  })
  it('where the frame is to be scrolled, what scrolls stays in it', () => {
    vi.stubGlobal('innerHeight', 300)
    press('PageDown')
    expect(posted).toEqual([])
  })
})
