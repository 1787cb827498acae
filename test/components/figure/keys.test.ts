import { describe, expect, it } from 'vitest'
import { askOf, KEYS, keysTold, type Pressed } from '#components/figure/keys.ts'

const press = (key: string, more: Partial<Pressed> = {}): unknown =>
  askOf({ key, shift: false, ctrl: false, alt: false, where: 'figure', ...more })

describe('keys', () => {
  it.each(KEYS)('$key asks what the table says', ({ key, shift, ctrl, ask }) => {
    expect(press(key, { shift: shift ?? false, ctrl: ctrl ?? false })).toEqual(ask)
  })
  it('no two of the table are the same key', () => {
    const names = KEYS.map(
      (k) => `${k.ctrl === true ? 'Ctrl ' : ''}${k.shift === true ? 'Shift ' : ''}${k.key}`,
    )
    expect(new Set(names).size).toBe(names.length)
  })
  it('with Alt they are the browser’s, and with Ctrl all but one; other signs are nothing', () => {
    expect(press('ArrowRight', { alt: true })).toBeNull()
    for (const key of ['ArrowRight', 'c', 'l', 'k', ','])
      expect(press(key, { ctrl: true })).toBeNull()
    expect(press('z')).toBeNull()
    expect(press('x')).toBeNull()
  })
  it('a field keeps the keys it has a use for', () => {
    for (const key of ['ArrowRight', 'Home', '1', 'c', 'b', 'Escape', ' '])
      expect(press(key, { where: 'field' }), key).toBeNull()
    for (const key of ['?', 'k', ',', '.'])
      expect(press(key, { where: 'field' }), key).not.toBeNull()
  })
  it('Space plays on the figure itself, and presses the button it is on', () => {
    expect(press(' ')).toEqual({ type: 'play' })
    expect(press(' ', { where: 'inside' })).toBeNull()
    expect(press('k', { where: 'inside' })).toEqual({ type: 'play' })
  })
  it('? needs Shift on most keyboards', () => {
    expect(press('?', { shift: true })).toEqual({ type: 'help' })
  })
  it('Ctrl Z takes back and Ctrl Shift Z makes again, whichever case the browser says', () => {
    expect(press('z', { ctrl: true })).toEqual({ type: 'undo' })
    expect(press('Z', { ctrl: true, shift: true })).toEqual({ type: 'redo' })
    expect(press('z', { ctrl: true, where: 'field' })).toBeNull()
  })
  it('the help has a line for every key but the one that leaves', () => {
    expect(KEYS.filter((k) => k.says === undefined).map((k) => k.key)).toEqual(['Escape'])
    expect(keysTold().slice(0, 5)).toEqual([
      ['step', ['→', '←']],
      ['decision', ['Shift →', 'Shift ←']],
      ['ends', ['Home', 'End']],
      ['packet', ['e']],
      ['play', ['Space', 'k']],
    ])
  })
})
