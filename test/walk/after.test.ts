import { describe, expect, it } from 'vitest'
import { walk } from '#lib/walk/walk.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

/* What a walk leaves behind is computed when somebody asks, and once. */

const { topology, flows } = SCENARIOS['flannel-vxlan']!
const made = (): Walk => walk(topology, flows['ping']!)
const getter = (w: Walk) => Object.getOwnPropertyDescriptor(w, 'after')

describe('what a walk leaves behind', () => {
  it('is the same whenever it is asked for, and is no other walk’s', () => {
    const [one, two] = [made(), made()]
    expect(one.after).toBe(one.after)
    expect(one.after).not.toBe(two.after)
    expect([...one.after.edited.keys()].length).toBeGreaterThan(0)
    expect(one.after).toEqual(two.after)
  })

  it('is of the steps of the walk that is asked: also of a copy with others', () => {
    const copy = { ...made(), steps: [] }
    expect(copy.after.edited.size).toBeGreaterThan(0)
    expect(Object.keys(copy)).toContain('after')
  })

  it('is told by one function for all walks, since V8 would keep each walk alive for the next one’s', () => {
    expect(getter(made())?.get).toBeDefined()
    expect(getter(made())?.get).toBe(getter(made())?.get)
  })
})
