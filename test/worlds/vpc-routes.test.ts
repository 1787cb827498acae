import { describe, expect, it } from 'vitest'
import { apply, applyAll } from '#lib/topology/apply.ts'
import { provenance } from '#lib/topology/by.ts'
import { routeText } from '#lib/topology/tables/routes/row.ts'
import { tableAsTool } from '#lib/analysis/print/tools.ts'
import { netns, vpc } from '#lib/topology/topology.ts'
import type { Edit } from '#lib/topology/edit.ts'
import { walk } from '#lib/walk/walk.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const { topology, flows, whatIfs } = SCENARIOS['vpc-routes']!
const far = vpc(topology, 'vpc')!

describe('vpc-routes', () => {
  it('has a route of the VPC to each node’s ENI, and none on the nodes', () => {
    expect(tableAsTool(far, 'vpcRoutes').lines.map((l) => l.text)).toEqual([
      'rtb-main  192.168.0.0/16  local',
      'rtb-main  0.0.0.0/0  igw-main',
      'rtb-main  10.1.15.0/24  eni-node-1-eth0',
      'rtb-main  10.1.20.0/24  eni-node-2-eth0',
    ])
    expect(netns(topology, 'node-1')!.routes.map(routeText)).toEqual([
      'default via 192.168.0.1 dev eth0',
      '10.1.15.0/24 dev docker0 proto kernel scope link src 10.1.15.1',
      '192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.100',
    ])
    expect(provenance(topology, { in: 'vpc', table: 'vpcRoutes', row: 2 })).toEqual({
      who: 'person',
      after: 'node-joined',
    })
  })
  it('carries the packet bare, with one less of its TTL for each node', () => {
    const w = walk(topology, flows['ping']!)
    const at = w.frames.filter((f) => f.in === 'backend-service-2' && f.dir === 'in').at(-1)!
    expect(at.packet.headers.flatMap((h) => (h.kind === 'ipv4' ? [h.src, h.ttl] : []))).toEqual([
      '10.1.15.2',
      62,
    ])
    const mapped = w.steps.find((s) => s.decision.kind === 'vpc-route')!.decision
    expect(mapped).toMatchObject({ target: 'eni-node-2-eth0' })
  })
  it('has nodes of which none can be another’s gateway: host-gw’s route is refused', () => {
    const route: Edit = {
      op: 'add',
      in: 'node-1',
      table: 'routes',
      row: { table: 'main', dst: '10.1.20.0/24', via: '192.168.1.200', dev: 'eth0' },
    }
    expect(() => apply(topology, route)).toThrow('Nexthop has invalid gateway')
  })
  it('is untaught by four edits, and taught by their opposites', () => {
    const { edits } = whatIfs['untaught']!
    expect(edits).toHaveLength(4)
    const taught: readonly Edit[] = [
      ...['node-1', 'node-2'].map((n): Edit => ({
        op: 'set',
        in: 'vpc',
        table: 'enis',
        where: { id: `eni-${n}-eth0` },
        to: { sourceDestCheck: false },
      })),
      ...far.vpcRoutes
        .slice(2)
        .map((row): Edit => ({ op: 'add', in: 'vpc', table: 'vpcRoutes', row })),
    ]
    const first = flows['frontend-1-to-backend-2']!
    expect(walk(applyAll(topology, edits), first).delivered).toBe(false)
    const again = applyAll(topology, [...edits, ...taught])
    for (const name of ['frontend-1-to-backend-2', 'backend-2-to-frontend-1'])
      expect(walk(again, flows[name]!).delivered, name).toBe(true)
  })
})
