import { describe, expect, it } from 'vitest'
import { WORLDS_HERE } from '#components/figure/effects/worlds.ts'
import { build } from '#components/sandbox/build.ts'
import { START } from '#components/sandbox/recipe.ts'
import { whatIfsOf } from '#components/sandbox/what-ifs.ts'
import { walk } from '#lib/index.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

for (const world of Object.values(SCENARIOS)) WORLDS_HERE.keep(world)

/** How many can be asked where most are about teams by their names, about pods with groups of their own, or about the cluster's group and its Service. */
const FEW: Readonly<Record<string, number>> = { 'docker-ports': 2, 'sg-per-pod': 7, fargate: 3 }

describe('the questions of a world, asked of a sandbox', () => {
  it.each(Object.keys(SCENARIOS))('%s: most can be asked, and are made as they are', (network) => {
    const world = WORLDS_HERE.here(network)!
    const plain = build({ ...START, network })
    const asked = whatIfsOf(world, plain.scenario.topology)
    expect(asked.length, asked.map((a) => a.id).join()).toBeGreaterThanOrEqual(
      FEW[network] ?? Math.ceil(Object.keys(world.whatIfs).length * 0.6),
    )
    for (const { id, edits } of asked) {
      const built = build({ ...START, network, edits })
      expect(built.left, id).toEqual([])
      expect(built.edits.length, id).toBe(edits.length)
    }
  })
  it('a route that goes is the route to the other node’s pods, and the packet dies as it does there', () => {
    const world = WORLDS_HERE.here('flannel-vxlan')!
    const { scenario } = build(START)
    const { edits } = whatIfsOf(world, scenario.topology).find((a) => a.id === 'drop-route')!
    expect(edits[0]).toMatchObject({ in: 'node-1', where: { dst: '10.1.2.0/24' } })
    const { flows, topology } = build({ ...START, edits }).scenario
    expect(walk(topology, flows['ping']!).delivered).toBe(false)
  })
  it('what has a device’s name in its own, and a node’s range, are found too', () => {
    const world = WORLDS_HERE.here('calico-bgp')!
    const { scenario } = build({ ...START, network: 'calico-bgp' })
    const asked = whatIfsOf(world, scenario.topology)
    for (const id of ['no-proxy-arp', 'drop-route', 'drop-route-back', 'no-blackhole'])
      expect(asked.map((a) => a.id)).toContain(id)
  })
})
