import { describe, expect, it } from 'vitest'
import { inCidr } from '#lib/wire/addr.ts'
import { ipOf } from '#lib/wire/packet.ts'
import { lookupRoute } from '#lib/lookup/route.ts'
import { walk, type Variant } from '#lib/walk/walk.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const { topology, flows } = SCENARIOS['flannel-vxlan']!
const ping = flows['ping']!

/** "The first row wins": of all routes that contain the address, the one that stands first, however short its prefix. */
const firstRow: Variant = {
  route(n, dst, by) {
    const answer = lookupRoute(n, dst, by)
    const row = n.routes.findIndex((r) => r.table === 'main' && inCidr(dst, r.dst))
    const { dev, via } = n.routes[row] ?? {}
    return answer.type === 'unicast' && dev !== undefined
      ? { ...answer, matched: row, dev, via: via ?? null }
      : answer
  },
}
/** "A tunnel hands the TTL on". */
const copiedTtl: Variant = {
  outer: (chosen, inner) => ({ ...chosen, ttl: ipOf(inner)!.ttl }),
}

describe('a misconception', () => {
  it('stands in for a look-up, and the packet goes where it believes', () => {
    const defaultFirst = walk(topology, ping, { variant: firstRow })
    expect(walk(topology, ping).delivered).toBe(true)
    expect(defaultFirst.delivered).toBe(false)
    const way = defaultFirst.steps.find((s) => s.in === 'node-1' && s.stage === 'route')!
    expect(way.decision).toMatchObject({ matched: { table: 'routes', row: 0 }, dev: 'eth0' })
  })
  it('stands in for what a tunnel writes around', () => {
    const outerTtls = (variant?: Variant): number[] =>
      walk(topology, ping, variant === undefined ? {} : { variant })
        .steps.filter((s) => s.stage === 'tunnel' && s.packet.headers[1]?.kind === 'udp')
        .map((s) => ipOf(s.packet)!.ttl)
    expect(outerTtls()).toEqual([64, 64])
    expect(outerTtls(copiedTtl)).toEqual([63, 63])
  })
  it('holds in the flow that warms caches too, and is forgotten behind the walk', () => {
    const cold = walk(topology, ping)
    const warm = walk(topology, ping, { warm: true, variant: firstRow })
    expect(warm.delivered).toBe(false)
    expect(warm.steps.some((s) => s.stage === 'arp')).toBe(false)
    expect(walk(topology, ping).steps).toEqual(cold.steps)
  })
})
