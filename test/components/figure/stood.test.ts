import { describe, expect, it } from 'vitest'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { walk } from '#lib/walk/walk.ts'
import { made } from './made.ts'

const other = walk(SCENARIOS['vpc-cni']!.topology, SCENARIOS['vpc-cni']!.flows['ping']!)
const stage = () => {
  const f = made({ flow: 'frontend-1-to-backend-2' })
  for (let i = 0; i < 3; i += 1) f.dispatch({ type: 'move', by: 1 })
  return f
}
const key = (f: ReturnType<typeof made>): string => f.read.key(f.state())

describe('a walk that stands in place of the figure’s own', () => {
  it('is drawn, stepped and told; the way back is where the reader was', () => {
    const f = stage()
    const was = key(f)
    f.dispatch({ type: 'stand', walk: other, says: 'so' })
    expect(f.read.now(f.state()).walk).toBe(other)
    expect(f.read.scene(f.state()).boxes.some((b) => b.id.includes('eni2a1b4577390'))).toBe(true)
    f.dispatch({ type: 'move', by: 1 })
    expect(f.read.step(f.state())).toBe(other.steps[f.state().step])
    f.dispatch({ type: 'unstand' })
    expect(key(f)).toBe(was)
  })
  it('begins where it is asked to', () => {
    const f = stage()
    f.dispatch({ type: 'stand', walk: other, says: 'so', step: 4 })
    expect(f.state().step).toBe(4)
  })
  it.each([
    { type: 'whatIf', whatIf: 'stop-flanneld' },
    { type: 'flow', flow: 'ping' },
    { type: 'scenario', scenario: 'vpc-cni' },
    { type: 'compare' },
    { type: 'reveal', whatIfs: [] },
  ] as const)('gives way to what is asked of the figure: $type', (ask) => {
    const f = stage()
    f.dispatch({ type: 'stand', walk: other, says: 'so' })
    f.dispatch(ask)
    expect(f.state().stood).toBeNull()
    expect(f.read.now(f.state()).walk).not.toBe(other)
  })
  it('belongs to no scene, and no scene’s question hides of it what comes', () => {
    const f = made({ flow: 'frontend-1-to-backend-2' })
    const scene = {
      id: 'a',
      scenario: 'flannel-udp',
      flow: 'frontend-1-to-backend-2',
      whatIfs: [],
      against: null,
      detail: 'story',
      from: '',
      to: '',
      asks: true,
    } as const
    f.dispatch({ type: 'scene', scene })
    expect(f.read.attached(f.state())).toBe(true)
    f.dispatch({ type: 'stand', walk: other, says: 'so' })
    expect(f.read.attached(f.state())).toBe(false)
    expect(f.read.now(f.state()).walk.steps.length).toBe(other.steps.length)
  })
})
