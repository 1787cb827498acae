import { describe, expect, it } from 'vitest'
import { applyAll, deviceWith, hops, walk } from '#lib/index.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const links = (world: string, flow: string, whatIf?: string): readonly string[] => {
  const s = SCENARIOS[world]!
  const edits = whatIf === undefined ? [] : s.whatIfs[whatIf]!.edits
  const w = walk(applyAll(s.topology, edits), s.flows[flow]!)
  return hops(w).map((h) => `${deviceWith(w.before, h.from)} → ${deviceWith(w.before, h.to)}`)
}

describe('hops', () => {
  it('through a bridge a packet stays in one frame', () =>
    expect(links('lan', 'same-node')).toEqual(['web-app-frontend-1/eth0 → backend-service-1/eth0']))
  it('at each router it gets another', () =>
    expect(links('lan', 'frontend-1-to-backend-2')).toEqual([
      'web-app-frontend-1/eth0 → node-1/docker0',
      'node-1/eth0 → node-2/eth0',
      'node-2/docker0 → backend-service-2/eth0',
    ]))
  it('a router more is a link more', () =>
    expect(links('lan', 'frontend-1-to-backend-2', 'detour')).toHaveLength(4))
  it('a frame that ends on the way was sent all the same', () =>
    expect(links('lan', 'frontend-1-to-backend-2', 'drop-route').at(-1)).toBe(
      'node-1/eth0 → gateway/eth0',
    ))
})
