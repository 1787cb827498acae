import { describe, expect, it } from 'vitest'
import { lockstep, phases, walk, type Walk } from '#lib/index.ts'
import { stops } from '#components/figure/store/stops.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const of = (world: string, flow = Object.keys(SCENARIOS[world]!.flows)[0]!): Walk =>
  walk(SCENARIOS[world]!.topology, SCENARIOS[world]!.flows[flow]!)
const story = (w: Walk): number[] => stops(w, 'story').map((s) => s.step)
const told = (w: Walk) => ({ walk: w, stops: story(w) })

describe('the places of a walk', () => {
  it('never go back within a packet, and begin again with the next', () => {
    for (const world of Object.keys(SCENARIOS))
      for (const flow of Object.keys(SCENARIOS[world]!.flows)) {
        const all = phases(of(world, flow))
        const back = all.filter(
          (p, i) => i > 0 && p.message === all[i - 1]!.message && p.place < all[i - 1]!.place,
        )
        expect(back, `${world}, ${flow}`).toEqual([])
      }
  })
  it('are those of the nodes and the VPC', () => {
    const w = of('flannel-vxlan', 'ping')
    const at = (where: string, message: number): Set<number> =>
      new Set(
        phases(w)
          .filter((p, i) => w.steps[i]!.in === where && w.steps[i]!.message === message)
          .map((p) => p.place),
      )
    expect([
      at('web-app-frontend-1', 0),
      at('node-1', 0),
      at('vpc', 0),
      at('node-2', 0),
      at('backend-service-2', 0),
    ]).toEqual([new Set([0]), new Set([1]), new Set([2]), new Set([3]), new Set([4])])
    expect([
      at('backend-service-2', 7),
      at('node-2', 7),
      at('node-1', 7),
      at('web-app-frontend-1', 7),
    ]).toEqual([new Set([0]), new Set([1]), new Set([3]), new Set([4])])
  })
})

describe('lockstep', () => {
  const a = of('flannel-udp')
  const b = of('vpc-cni')
  const ticks = lockstep(told(a), told(b))
  it('shows every stop of both, in order, one step at a time', () => {
    for (const side of ['left', 'right'] as const) {
      expect([...new Set(ticks.map((t) => t[side]))]).toEqual(
        story(side === 'left' ? a : b).map((_, i) => i),
      )
      ticks.slice(1).forEach((t, i) => expect([0, 1]).toContain(t[side] - ticks[i]![side]))
    }
  })
  it('has both in the same place at the same time', () => {
    for (const t of ticks.filter((x) => x.together)) {
      expect(phases(a)[story(a)[t.left]!]).toEqual(t.phase)
      expect(phases(b)[story(b)[t.right]!]).toEqual(t.phase)
    }
    expect(ticks.filter((t) => t.together).length).toBeGreaterThan(ticks.length * 0.8)
  })
  it('lets one wait where it has nothing to do', () => {
    const same = of('vpc-cni', 'same-node')
    const c = lockstep(told(a), told(same))
    expect(c.filter((t) => t.phase.place === 2).map((t) => t.together)).not.toContain(true)
    expect(c[c.length - 1]).toMatchObject({
      left: story(a).length - 1,
      right: story(same).length - 1,
    })
  })
})
