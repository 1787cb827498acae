import { describe, expect, it } from 'vitest'
import { ledger, nested, walk, type Walk } from '#lib/index.ts'
import { stops } from '#components/figure/store/stops.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const of = (world: string, flow = Object.keys(SCENARIOS[world]!.flows)[0]!): Walk =>
  walk(SCENARIOS[world]!.topology, SCENARIOS[world]!.flows[flow]!)
const last = (w: Walk, message = 0): number => w.steps.findLast((s) => s.message === message)!.n

describe('the ledger', () => {
  it('counts what flannel udp costs and the VPC CNI does not', () => {
    const overlay = of('flannel-udp')
    const native = of('vpc-cni')
    expect(ledger(overlay, last(overlay))).toMatchObject({
      headers: 2,
      bytes: 60,
      wrapping: 0,
      mostHeaders: 5,
      mostWrapping: 28,
      crossings: 6,
      room: 1412,
      vpcSaw: { src: '192.168.0.100', dst: '192.168.0.200', pods: false },
    })
    expect(ledger(native, last(native))).toMatchObject({
      headers: 2,
      mostHeaders: 3,
      mostWrapping: 0,
      crossings: 2,
      room: 1440,
      vpcSaw: { src: '192.168.0.111', dst: '192.168.0.211', pods: true },
    })
    expect(ledger(overlay, last(overlay)).lookups).toBeGreaterThan(
      ledger(native, last(native)).lookups,
    )
  })
  it('wraps a frame with vxlan: 50 bytes, in the kernel', () => {
    const w = of('flannel-vxlan')
    expect(ledger(w, last(w))).toMatchObject({ mostWrapping: 50, crossings: 2 })
  })
  it('begins empty and only grows', () => {
    const w = of('flannel-udp')
    expect(ledger(w, 0)).toMatchObject({
      lookups: 0,
      crossings: 1,
      room: null,
      vpcSaw: null,
      needs: [],
    })
    const told = stops(w, 'kernel').map((s) => ledger(w, s.step))
    told.slice(1).forEach((l, i) => expect(l.lookups).toBeGreaterThanOrEqual(told[i]!.lookups))
    expect(
      ledger(w, last(w)).needs.some((n) => n.kind === 'lease' && n.daemon === 'flanneld'),
    ).toBe(true)
    expect(() => ledger(w, 100_000)).toThrow(/no step/)
  })
})

describe('networks one inside another', () => {
  it.each([
    ['flannel-udp', 3],
    ['flannel-vxlan', 3],
    ['flannel-host-gw', 1],
    ['docker-bridge', 2],
    ['vpc-cni', 2],
  ] as const)('%s: %i on the way between nodes', (id, n) => {
    const s = SCENARIOS[id]!
    expect(nested(walk(s.topology, Object.values(s.flows)[0]!))).toBe(n)
  })
  it('one where nothing leaves the node', () => {
    const s = SCENARIOS['flannel-udp']!
    expect(nested(walk(s.topology, s.flows['same-node']!))).toBe(1)
  })
})
