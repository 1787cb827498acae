import { describe, expect, it } from 'vitest'
import { layout, type Area, type Box, type Scene } from '#components/diagram/layout/index.ts'
import { halfOf, restOf } from '#components/diagram/chip.ts'
import { placeOf } from '#components/diagram/place.ts'
import { shotOf, trayAt, type Room } from '#components/diagram/shot.ts'
import { stops } from '#components/figure/store/stops.ts'
import { walked } from '#components/figure/store/walked.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const holds = (shot: Area, a: Area): boolean =>
  a.x >= shot.x - 0.01 &&
  a.y >= shot.y - 0.01 &&
  a.x + a.w <= shot.x + shot.w + 0.01 &&
  a.y + a.h <= shot.y + shot.h + 0.01
const areaOf = (b: Box): Area => ({ x: b.x - b.w / 2, y: b.y - b.h / 2, w: b.w, h: b.h })

const sceneOf = (id: string, flow: string): Scene => {
  const { walk, topology } = walked(SCENARIOS[id]!, { flow })
  return layout(topology, walk)
}

describe('the camera', () => {
  const whole = sceneOf('flannel-udp', 'frontend-1-to-backend-2')
  const pod = whole.boxes.find((b) => b.kind === 'pod')!
  it('shows all of a picture that has room, at most 1.6 times as large, in the middle', () => {
    expect(shotOf(whole, pod, [1440, 1000, 0])).toMatchObject({ scale: 1.6, x: -90, y: -62.5 })
    expect(shotOf(whole, pod, [720, 500, 0])).toMatchObject({
      scale: 1,
      x: 0,
      y: 0,
      w: 720,
      h: 500,
    })
  })
  it('makes nothing smaller than it is read: what just fits is 4 % smaller, the rest is left out', () => {
    expect(shotOf(whole, pod, [696, 600, 0]).scale).toBeCloseTo(696 / 720)
    expect(shotOf(whole, pod, [640, 500, 0]).scale).toBe(1)
    expect(shotOf(whole, pod, [350, 380, 0]).scale).toBeCloseTo(350 / 360)
  })
  it('holds a column on a phone while the packet is in it', () => {
    const room: Room = [390, 380, 0]
    const boxes = whole.boxes.filter((b) => b.id.startsWith('node-1') && b.kind !== 'gate')
    const shots = boxes.map((b) => shotOf(whole, b, room))
    expect(boxes.length).toBeGreaterThan(5)
    for (const s of shots) expect(s).toEqual(shots[0])
    expect(holds(shots[0]!, whole.columns[0]!)).toBe(true)
  })
  it('is as large whatever stands on its lower edge, and holds the packet above that', () => {
    const box = whole.boxes.find((b) => b.id === 'node-1/eth0')!
    const [free, covered] = [0, 60].map((px) => shotOf(whole, box, [360, 198, px]))
    expect(covered!.scale).toBe(free!.scale)
    expect(covered!.h).toBe(free!.h - 60)
    expect(holds(covered!, areaOf(box))).toBe(true)
  })
  it('holds the chip that stands beside a gate, and a word of what it asks', () => {
    const vpc = sceneOf('vpc-cni', 'frontend-1-to-backend-2')
    for (const scene of [whole, vpc])
      for (const gate of scene.boxes.filter((b) => b.kind === 'gate')) {
        const wrap = { outer: scene === vpc ? 0 : 1, hidden: true }
        const [x, y] = restOf(scene, gate, wrap)
        const half = halfOf(wrap)
        const chip = { x: x - half, y: y - half, w: 2 * half, h: 2 * half }
        const asks = { ...areaOf(gate), w: 60, x: gate.side > 0 ? gate.x : gate.x - 60 }
        for (const width of [320, 360, 390])
          for (const what of [chip, asks])
            expect(holds(shotOf(scene, gate, [width, 198, 0]), what), gate.id).toBe(true)
      }
  })
  it.each(Object.keys(SCENARIOS))(
    '%s: where the packet is, is seen whole in every place, and its card wherever both have room',
    (id) => {
      for (const flow of Object.keys(SCENARIOS[id]!.flows)) {
        const { walk, topology } = walked(SCENARIOS[id]!, { flow })
        const scene = layout(topology, walk)
        const boxes = new Set(
          stops(walk, 'network').map((s) => placeOf(scene, walk.steps[s.step]!)),
        )
        for (const room of [
          [390, 380, 0],
          [360, 288, 0],
          [640, 260, 0],
          [900, 300, 0],
        ] as const)
          for (const b of boxes) {
            if (b === null) continue
            const shot = shotOf(scene, b, room)
            const name = `${flow} ${b.id} ${room.join('x')}`
            expect(shot.scale, name).toBeGreaterThanOrEqual(0.96)
            expect(holds(shot, areaOf(b)), name).toBe(true)
            const tray = trayAt(scene, b)
            if (tray === null) continue
            const [w, h] = [
              Math.max(tray.x + tray.w, b.x + b.w / 2) - Math.min(tray.x, b.x - b.w / 2),
              Math.max(tray.y + tray.h, b.y + b.h / 2) - Math.min(tray.y, b.y - b.h / 2),
            ]
            // The chip stands beside a gate, and what it asks.
            const beside = b.kind === 'gate' ? 40 + 52 : 0
            const roomy = w + beside + 20 <= shot.w && h + 16 <= shot.h
            expect(!roomy || holds(shot, tray), `${name}: card`).toBe(true)
          }
      }
    },
  )
})
