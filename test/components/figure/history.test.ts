import { describe, expect, it } from 'vitest'
import { remembering, stepped, type History } from '#components/figure/store/history.ts'

/** The names of what stood before: what is done is to go to another. */
type Names = History<number>

describe('a history', () => {
  it('keeps the last 1,000, and goes back and forth through those', () => {
    let h: Names = { past: [], future: [] }
    for (let i = 0; i < 1005; i += 1) h = remembering(h, i)
    let here = 1005
    const way: number[] = []
    for (let s = stepped(h, 'undo'); s !== null; s = stepped(h, 'undo')) {
      h = s.after(here)
      here = s.change
      way.push(here)
    }
    expect(way).toEqual(Array.from({ length: 1000 }, (_, i) => 1004 - i))
    for (let s = stepped(h, 'redo'); s !== null; s = stepped(h, 'redo')) {
      h = s.after(here)
      here = s.change
    }
    expect([here, h.past.length, h.future]).toEqual([1005, 1000, []])
  })
  it('what was taken back is gone when something else is done', () => {
    const two = remembering(remembering<number>({ past: [], future: [] }, 1), 2)
    const one = stepped(two, 'undo')!.after(3)
    expect(one).toEqual({ past: [1], future: [3] })
    expect(remembering(one, 4)).toEqual({ past: [4, 1], future: [] })
  })
})
