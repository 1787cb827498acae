import { describe, expect, it } from 'vitest'
import { applyAll } from '#lib/topology/apply.ts'
import { spaces } from '#lib/topology/topology.ts'
import { keys } from '#lib/trace/walk.ts'
import { elsewhere } from '#lib/predict/elsewhere.ts'
import { SEEDS } from '#lib/wire/renumber.ts'
import { predict } from '#lib/predict/predict.ts'
import { walk } from '#lib/walk/walk.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import type { Scenario } from '#lib/worlds/scenario.ts'

const seeds = Array.from({ length: SEEDS }, (_, n) => n)
const addresses = (world: Scenario): ReadonlySet<string> =>
  new Set(
    spaces(world.topology).flatMap((s) =>
      s.kind === 'netns' && s.role !== 'host'
        ? s.devs.flatMap((d) => d.addrs.filter((a) => !a.startsWith('127.')))
        : [],
    ),
  )

describe.each(Object.values(SCENARIOS).map((s) => [s.id, s] as const))('%s', (_, world) => {
  it.each(seeds)(
    'on other addresses (%i) is the same network: each walk takes the same way',
    (seed) => {
      const other = elsewhere(world, seed)
      const same = [...addresses(other)].filter((a) => addresses(world).has(a))
      expect(same).toEqual([])
      for (const flow of Object.keys(world.flows)) {
        const was = walk(world.topology, world.flows[flow]!)
        const is = walk(other.topology, other.flows[flow]!)
        // Random rules draw by addresses.
        if (was.steps.some((s) => s.decision.kind === 'hook' && s.decision.draws !== undefined))
          continue
        expect(keys(is), flow).toEqual(keys(was))
        expect(is.delivered, flow).toBe(was.delivered)
      }
    },
  )
  it('has its what-ifs', () => {
    const other = elsewhere(world, 1)
    for (const [id, { edits }] of Object.entries(other.whatIfs))
      expect(() => applyAll(other.topology, edits), id).not.toThrow()
  })
})

it('a question on other addresses has the same answer, said of them', async () => {
  const of = {
    id: 'q',
    scenario: 'flannel-vxlan',
    whatIfs: [],
    ask: 'row',
    step: 'node-1/docker0 route',
  } as const
  const rows = await Promise.all(
    seeds.map(async (seed) => {
      const p = await predict({ ...of, seed })
      const { outcome } = p.options[p.right]!
      return 'row' in outcome ? outcome.row : null
    }),
  )
  expect(new Set(rows).size).toBe(SEEDS)
  for (const row of rows)
    expect(row).toMatch(/^10\.\d+\.\d+\.0\/24 via 10\.\d+\.\d+\.0 dev flannel\.1 onlink$/)
})
