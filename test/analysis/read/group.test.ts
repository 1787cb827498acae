import { describe, expect, it } from 'vitest'
import { asFiltered, groupMiss } from '#lib/analysis/read/group.ts'
import { sgAllows } from '#lib/lookup/security-group.ts'
import { vpc } from '#lib/topology/topology.ts'
import { walk } from '#lib/walk/walk.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

/** What each rule of the groups says to the first packet that they let in. */
function said(world: string, flow: string): readonly (readonly [string, string | null])[] {
  const { topology, flows } = SCENARIOS[world]!
  const w = walk(topology, flows[flow]!)
  const step = w.steps.find((s) => s.stage === 'sg-ingress')!
  const v = vpc(w.before, step.in)!
  const rows = v.sgRules.flatMap((r, row) => (r.direction === 'ingress' ? [row] : []))
  return rows.map((row) => {
    const { proto, ports = [], peer } = v.sgRules[row]!
    return [[proto, ...new Set(ports), peer].join(' '), groupMiss(v, row, step.packet)]
  })
}

describe('why a rule of a group is not the one', () => {
  it('is its protocol: the outermost packet is UDP', () => {
    expect(said('flannel-vxlan', 'frontend-1-to-backend-2')).toEqual([
      ['all sg-node', null],
      ['tcp 30080 0.0.0.0/0', 'proto'],
    ])
  })
  it('is its port number, or its peer', () => {
    expect(said('vpc-cni', 'frontend-1-to-backend-2')).toEqual([
      ['all sg-node', null],
      ['tcp 30080 0.0.0.0/0', 'ports'],
      ['tcp 8080 172.16.0.0/16', 'peer'],
    ])
  })
  it('is nothing of the rule that the group goes by, and something of all others where it refuses', () => {
    for (const s of Object.values(SCENARIOS))
      for (const f of Object.values(s.flows)) {
        const w = walk(s.topology, f)
        for (const { decision: d, packet, in: name } of w.steps) {
          if (d.kind !== 'security-group' || d.tracked) continue
          const v = vpc(w.before, name)!
          const eni = v.enis.find((e) => e.id === d.eni)!
          const { matched } = sgAllows(v, { eni, direction: d.direction }, asFiltered(packet))
          expect(matched).toBe(d.matched?.row ?? null)
          const fits = v.sgRules.findIndex(
            (r, row) =>
              r.direction === d.direction &&
              eni.groups.includes(r.group) &&
              groupMiss(v, row, packet) === null,
          )
          expect(fits).toBe(matched ?? -1)
        }
      }
  })
})
