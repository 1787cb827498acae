import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { layout, type Box, type Scene } from '#components/diagram/layout/index.ts'
import { walked } from '#components/figure/store/walked.ts'
import { listedWorld, resolveFlow, walk } from '#lib/index.ts'
import { SCENARIOS, parseCluster } from '#lib/worlds/all.ts'
import { wrongIn } from './geometry.ts'
import { TOPOLOGIES } from './topologies.ts'

const WORLDS = Object.keys(SCENARIOS)

describe('places', () => {
  it.each(WORLDS)('%s: every flow, with and without each what-if', { timeout: 120_000 }, (id) => {
    const s = SCENARIOS[id]!
    for (const flow of Object.keys(s.flows)) {
      const whole = walked(s, { flow })
      const plain = layout(whole.topology, whole.walk)
      expect(wrongIn(plain, whole.walk), flow).toEqual([])
      expect(layout(whole.topology, whole.walk), flow).toEqual(plain)
      for (const w of Object.keys(s.whatIfs)) {
        const now = walked(s, { flow, whatIfs: [w] })
        const scene = layout(now.topology, now.walk, whole.walk)
        expect(wrongIn(scene, now.walk), `${flow}, ${w}`).toEqual([])
        // Where the packet ends before, no machine goes away.
        expect(
          scene.columns.map((c) => c.name),
          `${flow}, ${w}`,
        ).toEqual(expect.arrayContaining(plain.columns.map((c) => c.name)))
      }
    }
  })
  it.each(Object.entries(TOPOLOGIES))('%s', (_, make) => {
    const { topology, flows } = make()
    for (const flow of flows) {
      const w = walk(topology, flow)
      const scene = layout(topology, w)
      expect(w.delivered, `${flow.from} to ${flow.to}: ${JSON.stringify(w.loss)}`).toBe(true)
      expect(wrongIn(scene, w), `${flow.from} to ${flow.to}`).toEqual([])
    }
  })
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('clusters of %i nodes', { timeout: 60_000 }, (nodes) => {
    for (const network of ['flannel-vxlan', 'vpc-cni', 'docker-bridge'])
      for (const pods of [1, 2, 7, 12]) {
        const file = `packet-walk: 1\nnetwork: ${network}\ncount: ${nodes}\npodsPerNode: ${pods}\n`
        const { topology } = parseCluster(file)
        const ends = [`node-1-pod-${pods}`, `node-${nodes}-pod-1:8080`, 'internet:443', 'node-1']
        for (const to of ends) {
          if (network === 'docker-bridge' && to.startsWith(`node-${nodes}-`)) continue
          const w = walk(topology, resolveFlow(topology, { from: 'node-1-pod-1', to }))
          const scene = layout(topology, w)
          const name = `${network}, ${pods} pods, to ${to}`
          expect(wrongIn(scene, w), name).toEqual([])
          const counted = scene.boxes.filter((b) => b.kind === 'more').length
          expect(counted > 0 || pods <= 2, name).toBe(true)
        }
      }
  })
  it('are the same in every world in a VPC', () => {
    const scene = (id: string): Scene => {
      const { walk: w, topology } = walked(SCENARIOS[id]!, { flow: 'frontend-1-to-backend-2' })
      return layout(topology, w)
    }
    const scenes = WORLDS.filter(
      (id) =>
        id !== 'docker-bridge' &&
        listedWorld(id)?.traits.between === 'vpc' &&
        // There pods stand where nodes do.
        listedWorld(id)?.traits.alone !== true,
    ).map(scene)
    const place = ({ x, y, w, h }: Box): readonly number[] => [x, y, w, h]
    const known = new Map<string, readonly number[]>()
    let shared = 0
    for (const b of scenes.flatMap((s) => s.boxes).filter((x) => x.kind !== 'more')) {
      // The VPC CNI names the end of a pod's veth by a digest.
      const id = b.kind === 'veth' ? `${b.space} veth` : b.id
      shared += known.has(id) ? 1 : 0
      expect(known.get(id) ?? place(b), id).toEqual(place(b))
      known.set(id, place(b))
    }
    expect(shared).toBeGreaterThan(20)
    for (const s of scenes) expect([s.width, s.height]).toEqual([720, 500])
  })
  it('see node 2 in a mirror', () => {
    const { walk: w, topology } = walked(SCENARIOS['flannel-udp']!, {
      flow: 'frontend-1-to-backend-2',
    })
    const { boxes, width } = layout(topology, w)
    const at = (id: string): Box => boxes.find((b) => b.id === id)!
    for (const part of ['', '/docker0', '/flannel0', '/flannel0 program', ' outer', '/eth0'])
      expect(at(`node-1${part}`).x + at(`node-2${part}`).x, part).toBe(width)
  })
})

it('the widths of signs are those of the font that the site has', () => {
  const digest = createHash('sha256')
    .update(readFileSync(new URL('../../../app/fonts/inter.woff2', import.meta.url)))
    .digest('hex')
  // With another font the widths in layout/advances.ts are to be read anew: node test/components/diagram/advances.mjs
  expect(digest).toBe('ce712e7c94062468e8e1d5b24185a192f97c1ea0fd6d7b00e1b854e58c0d5eb1')
})
