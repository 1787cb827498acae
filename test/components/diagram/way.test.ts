import { describe, expect, it } from 'vitest'
import { restOf } from '#components/diagram/chip.ts'
import { layout, type Scene } from '#components/diagram/layout/index.ts'
import { beside, into, measured } from '#components/diagram/side.ts'
import { answered, runsOf, strokesOf, trails } from '#components/diagram/sleeves.ts'
import { along, legsOf, passage, wayOf, type Leg, type Visit } from '#components/diagram/way.ts'
import type { Point } from '#components/diagram/wire.ts'
import { walked } from '#components/figure/store/walked.ts'
import { isIp, until, type Packet, type Walk } from '#lib/index.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const ips = (p: Packet): number => p.headers.filter((h) => isIp(h)).length

interface Drawn {
  readonly scene: Scene
  readonly walk: Walk
  readonly way: readonly Visit[]
  readonly legs: readonly Leg[]
}
function drawn(id: string, flow: string, whatIfs: readonly string[] = []): Drawn {
  const { walk, topology } = walked(SCENARIOS[id]!, { flow, whatIfs })
  const scene = layout(topology, walk)
  const way = wayOf(scene, walk, 0)
  return { scene, walk, way, legs: legsOf(scene, way) }
}
const circle = (): Drawn => drawn('vpc-cni', 'same-node', ['delete-rule-512'])
const sleeves = (l: Leg): number => strokesOf(l.wrap).filter((s) => s.kind === 'sleeve').length

describe('the path', () => {
  it.each(Object.keys(SCENARIOS))(
    '%s: a stretch has a sleeve for each IP header around the innermost in the frames that came along it',
    (id) => {
      let asked = 0
      for (const flow of Object.keys(SCENARIOS[id]!.flows)) {
        const { walk, topology } = walked(SCENARIOS[id]!, { flow })
        const scene = layout(topology, walk)
        for (const { n } of walk.messages.filter((m) => m.kind !== 'arp'))
          for (const l of legsOf(scene, wayOf(scene, walk, n)))
            for (const f of walk.steps[l.n]!.frames.map((i) => walk.frames[i]!)) {
              if (f.dir !== 'in' || f.message !== n || ips(f.packet) === 0) continue
              asked += 1
              expect(sleeves(l), `${flow}: ${l.from.id} to ${l.to.id}`).toBe(ips(f.packet) - 1)
            }
      }
      expect(asked).toBeGreaterThan(20)
    },
  )
  it('is hatched where AWS carries it, and nowhere else', () => {
    const { legs } = drawn('flannel-udp', 'frontend-1-to-backend-2')
    const told = legs.map((l) => [l.from.kind, l.to.kind, sleeves(l), l.wrap.hidden] as const)
    expect(told.filter(([, , , hidden]) => hidden)).toEqual([
      ['nic', 'gate', 1, true],
      ['gate', 'vpc', 1, true],
      ['vpc', 'gate', 1, true],
      ['gate', 'nic', 1, true],
    ])
    // Beyond its gateway a VPC carries nothing.
    const out = drawn('vpc-cni', 'to-internet').legs
    expect(out.filter((l) => l.wrap.hidden).at(-1)?.to.kind).toBe('gateway')
    expect(out.at(-1)?.to.kind).toBe('outside')
  })
  it('is drawn from the bottom up, each sleeve around the next', () => {
    const widths = strokesOf({ outer: 3, hidden: true }).map((s) => s.width)
    expect(strokesOf({ outer: 3, hidden: true }).map((s) => s.kind)).toEqual([
      'hatch',
      'sleeve',
      'inside',
      'sleeve',
      'inside',
      'sleeve',
      'inside',
      'core',
    ])
    expect(widths).toEqual(widths.toSorted((a, b) => b - a))
    expect(new Set(widths).size).toBe(widths.length)
  })
  it('ends at the packet while a question is open', () => {
    const { scene, walk, legs, way } = drawn('flannel-udp', 'frontend-1-to-backend-2')
    const at = way[5]!.n
    const all = runsOf(legs, { step: at })
    const open = runsOf(legsOf(scene, wayOf(scene, until(walk, at), 0)), { step: at })
    expect(all.filter((r) => !r.done)).not.toEqual([])
    expect(open).toEqual(all.filter((r) => r.done))
  })
  it('of a circle is the circle, once, however often the packet goes round', () => {
    const { way, legs } = circle()
    expect(way.length).toBeGreaterThan(100)
    expect(new Set(legs.map((l) => `${l.from.id}|${l.to.id}`)).size).toBe(legs.length)
    expect(legs.length).toBeLessThan(12)
    // There and back again keep apart.
    const back = legs.filter((l) =>
      legs.some((x) => x.from.id === l.to.id && x.to.id === l.from.id),
    )
    expect(back.length).toBeGreaterThan(1)
    const lines = back.map((l) => l.points.map(String))
    for (const [i, a] of lines.entries())
      for (const b of lines.slice(i + 1)) expect(a.filter((p) => b.includes(p))).toEqual([])
  })
  it('of an answer runs on its own side of the line, and what it answers on the other', () => {
    const { scene, walk } = drawn('flannel-udp', 'ping')
    const reply = walk.messages.find((m) => m.kind === 'flow' && m.leg === 'back')!
    expect(answered(walk, reply.n)).toBe(0)
    const { own, other } = trails(scene, walk, reply.n)
    for (const l of own) {
      const there = other.find((x) => x.from.id === l.to.id && x.to.id === l.from.id)
      if (there === undefined) continue
      const far = l.points.map(([x, y], i) => {
        const [tx, ty] = there.points.at(-1 - i)!
        return Math.hypot(x - tx, y - ty)
      })
      expect(Math.min(...far), `${l.from.id} to ${l.to.id}`).toBeGreaterThan(12)
    }
    // Who asks by ARP is not asked for more than has come.
    const arp = walk.messages.find((m) => m.kind === 'arp')!
    const began = walk.steps.find((s) => s.message === arp.n)!.n
    expect(trails(scene, walk, arp.n).other.every((l) => l.n < began)).toBe(true)
    expect(trails(scene, walk, reply.n).other.length).toBeGreaterThan(8)
    // Who asks stands alone.
    expect(trails(scene, walk, 0).other).toEqual([])
  })
  it('goes on below the boxes at its ends, and beside a corner', () => {
    const box = { h: 40, w: 40 } as never
    const bent: readonly Point[] = [
      [0, 0],
      [0, 100],
      [100, 100],
    ]
    expect(into(bent, box, box)).toEqual([
      [0, -10],
      [0, 100],
      [110, 100],
    ])
    // Down and then east: to the right is west, then south.
    expect(beside(bent, 5)).toEqual([
      [-5, 0],
      [-5, 105],
      [100, 105],
    ])
  })
})

describe('the chip', () => {
  it('stays on the path while it moves', () => {
    const { scene, way, legs } = drawn('flannel-vxlan', 'frontend-1-to-backend-2')
    const [first, last] = [way[0]!, way.at(-1)!]
    const ends = [restOf(scene, first.box, first.came), restOf(scene, last.box, last.came)] as const
    const line = passage({ legs, way }, { from: first.n, to: last.n }, ends)
    expect(line.points.slice(1, -1)).toEqual(legs.flatMap((l) => l.points))
    expect(along(line, 0)).toEqual(ends[0])
    expect(along(line, 1)).toEqual(ends[1])
    // A hundredth of the time is a hundredth of the length: no jump at a corner.
    for (let i = 0; i < 100; i += 1) {
      const [[ax, ay], [bx, by]] = [along(line, i / 100), along(line, (i + 1) / 100)]
      expect(Math.hypot(ax - bx, ay - by)).toBeLessThanOrEqual(line.length * 0.0101)
    }
    const bent = measured([
      [0, 0],
      [10, 0],
      [10, 30],
    ])
    expect(along(bent, 0.625)).toEqual([10, 15])
  })
  it('goes round again where the packet does', () => {
    const { way, legs } = circle()
    const to = way.findIndex((v, i) => i > 60 && v.box.id !== way[i - 1]!.box.id)
    const from = way[to - 1]!
    const line = passage({ legs, way }, { from: from.n, to: way[to]!.n }, [
      [0, 0],
      [0, 0],
    ])
    expect(line.points.length).toBeGreaterThan(3)
  })
  it('rests on no other box than its own, and on no name', () => {
    for (const [id, s] of Object.entries(SCENARIOS)) {
      const flow = Object.keys(s.flows)[0]!
      const { scene, walk } = drawn(id, flow)
      for (const v of walk.messages.flatMap((m) => wayOf(scene, walk, m.n))) {
        const [x, y] = restOf(scene, v.box, v.came)
        const half = 8
        for (const b of scene.boxes) {
          const on =
            Math.abs(b.x - x) < b.w / 2 + half - 2 && Math.abs(b.y - y) < b.h / 2 + half - 2
          expect(on && b.id !== v.box.id, `${id}: at ${v.box.id} on ${b.id}`).toBe(false)
        }
      }
    }
  })
})
