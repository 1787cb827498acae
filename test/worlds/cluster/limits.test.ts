import { describe, expect, it } from 'vitest'
import { problem, type Problem } from '#lib/topology/problem.ts'
import { counted } from '#lib/worlds/cluster/counted.ts'
import { fill } from '#lib/worlds/cluster/fill.ts'
import type { ClusterFile } from '#lib/worlds/cluster/schema.ts'
import { HOSTS } from '#lib/worlds/cluster/seed.ts'
import { NODE_GROUP } from '#lib/worlds/cluster/spec.ts'
import type { Limits } from '#lib/worlds/entry.ts'
import { listedWorld, WORLDS } from '#lib/worlds/index.ts'

/** What is said of a file whose network's world bears no more than this. */
function said(file: Omit<ClusterFile, 'packet-walk'>, limits: Partial<Limits>): readonly string[] {
  const listed = listedWorld(file.network)
  const problems: Problem[] = []
  fill(
    { 'packet-walk': 1, ...file },
    (path, code, ...args) => problems.push(problem(path, code, ...args)),
    { ...listed, limits: { ...listed.limits, ...limits } },
  )
  return problems.map((p) => `${p.path}: ${p.message}`)
}
const NODES = [{ name: 'a' }, { name: 'b' }]
const PODS = ['p', 'q', 'r'].map((name) => ({ name, node: 'a' }))

describe('a world bounds its files', () => {
  it('says how much it bears', () => {
    for (const { limits, traits } of WORLDS) {
      expect(limits.nodes).toBeGreaterThan(1)
      expect(limits.pods).toBeGreaterThanOrEqual(limits.podsPerNode)
      expect(limits.bridgePorts === null).toBe(traits.bridges.length === 0)
    }
  })
  it.each([
    [{ nodes: 1 }, 'nodes: 2 nodes; at most 1 can be here'],
    [{ pods: 2 }, 'pods: 3 pods; at most 2 can be here'],
    [{ bridgePorts: 2 }, 'pods[2].node: docker0 of a'],
  ])('listed, %j', (limits, begins) => {
    const file = { network: 'flannel-vxlan', nodes: NODES, pods: PODS } as const
    expect(said(file, {})).toEqual([])
    expect(said(file, limits).map((x) => x.slice(0, begins.length))).toEqual([begins])
  })
  it.each([
    [{ nodes: 2 }, 'count: '],
    [{ podsPerNode: 1 }, 'podsPerNode: '],
    [{ pods: 5 }, 'podsPerNode: '],
  ])('counted, %j', (limits, begins) => {
    const file = { network: 'vpc-cni', count: 3, podsPerNode: 2 } as const
    expect(said(file, {})).toEqual([])
    expect(said(file, limits).map((x) => x.slice(0, begins.length))).toEqual([begins])
  })
  it('makes nothing of what is too much', () => {
    const listed = listedWorld('vpc-cni')
    const world = { ...listed, limits: { ...listed.limits, nodes: 2 } }
    const file = { 'packet-walk': 1, network: 'vpc-cni', count: 3 } as const
    const { spec } = counted(
      { file, world, say: () => undefined },
      { mtu: 1500, groups: NODE_GROUP, groupIds: [], hosts: HOSTS },
    )
    expect(spec.nodes).toEqual([])
  })
})
