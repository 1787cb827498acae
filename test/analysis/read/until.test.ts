import { describe, expect, it } from 'vitest'
import { topologyAt } from '#lib/analysis/read/at.ts'
import { until } from '#lib/analysis/read/until.ts'
import { keys } from '#lib/trace/walk.ts'
import { walk } from '#lib/walk/walk.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const { topology, flows } = SCENARIOS['flannel-udp']!
const whole = walk(topology, flows['frontend-1-to-backend-2']!)
const step = keys(whole).indexOf('node-1/docker0 route')
const open = until(whole, step)

describe('a walk as far as a step', () => {
  it('ends there, and its steps are those of the walk', () => {
    expect(open.steps).toEqual(whole.steps.slice(0, step + 1))
    expect(keys(open)).toEqual(keys(whole).slice(0, step + 1))
    expect(until(whole, whole.steps.length - 1).steps).toEqual(whole.steps)
  })
  it('knows nothing of later: no end, no packet, no frame, no row', () => {
    expect([open.delivered, open.loss]).toEqual([false, null])
    expect(open.messages.length).toBeLessThan(whole.messages.length)
    expect(open.steps.every((s) => open.messages[s.message] !== undefined)).toBe(true)
    expect(open.frames.every((f) => f.step <= step)).toBe(true)
    expect(open.frames.length).toBeGreaterThan(0)
    expect(open.after).toEqual(topologyAt(whole, step))
    expect(open.after).not.toEqual(whole.after)
  })
  it('is of a step that there is', () => {
    expect(() => until(whole, whole.steps.length)).toThrow(/no step/)
  })
})
