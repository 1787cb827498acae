import { describe, expect, it } from 'vitest'
import { held, resolveFlow, toJson, walk } from '#lib/index.ts'
import { parseCluster } from '#lib/worlds/all.ts'

/** Two pods of a node without br_netfilter; the receiver's device takes 1,061 bytes. */
const FILE = (
  mtu: number,
): string => `{ packet-walk: 1, network: flannel-udp, nodes: [{ name: n1 }], pods: [{ name: a, node: n1 }, { name: b, node: n1 }], edits: [
  { op: set, in: n1, table: sysctls, where: { key: net.bridge.bridge-nf-call-iptables }, to: { value: 0 } }, { op: set, in: b, table: devs, where: { name: eth0 }, to: { mtu: ${mtu} } }] }`

describe('held', () => {
  const asked = (mtu: number) => {
    const { topology } = parseCluster(FILE(mtu))
    return walk(topology, resolveFlow(topology, { from: 'a', to: 'b', size: 1596 }))
  }
  it('is a fragment whose others were lost, with what it waits for, in --json too', () => {
    const w = asked(1061)
    expect(w.loss?.drop.reason).toBe('over-mtu-link')
    expect(held(w).size).toBe(1)
    const [n, what] = [...held(w)][0]!
    expect(what).toEqual({
      for: 'fragments',
      src: '10.1.1.2',
      dst: '10.1.1.3',
      id: expect.any(Number) as number,
    })
    expect(w.steps[n]).toMatchObject({ in: 'b', stage: 'reassemble', drop: null })
    const { steps } = toJson(w) as { steps: readonly { n: number; held?: unknown }[] }
    expect(steps.filter((s) => s.held !== undefined)).toEqual([
      expect.objectContaining({ n, held: what }),
    ])
  })
  it('is not one that the others joined', () => {
    const w = asked(1472)
    expect(w.steps.some((s) => s.decision.kind === 'fragments' && s.decision.did === 'hold')).toBe(
      true,
    )
    expect(w.delivered).toBe(true)
    expect(held(w).size).toBe(0)
  })
  it('is a packet whose neighbour was still asked for when a budget was spent', () => {
    // Two bridges joined twice: a broadcast goes round until the walk stops.
    const { topology } =
      parseCluster(`{ packet-walk: 1, network: docker-bridge, nodes: [{ name: n1 }], pods: [{ name: a, node: n1 }], edits: [
      { op: add, in: n1, table: devs, row: { kind: bridge, name: br9, mac: 02:00:00:00:09:00, mtu: 1500, up: true, addrs: [] } },
      { op: add, in: n1, table: devs, row: { kind: veth, name: p1, mac: 02:00:00:00:09:01, mtu: 1500, up: true, addrs: [], master: docker0, peer: { netns: n1, dev: p2 } } },
      { op: add, in: n1, table: devs, row: { kind: veth, name: p2, mac: 02:00:00:00:09:02, mtu: 1500, up: true, addrs: [], master: br9, peer: { netns: n1, dev: p1 } } },
      { op: add, in: n1, table: devs, row: { kind: veth, name: p3, mac: 02:00:00:00:09:03, mtu: 1500, up: true, addrs: [], master: docker0, peer: { netns: n1, dev: p4 } } },
      { op: add, in: n1, table: devs, row: { kind: veth, name: p4, mac: 02:00:00:00:09:04, mtu: 1500, up: true, addrs: [], master: br9, peer: { netns: n1, dev: p3 } } }] }`)
    const w = walk(topology, resolveFlow(topology, { from: 'a', to: '172.17.0.9' }))
    expect(w.loss?.drop.reason).toBe('step-budget')
    expect([...held(w).values()]).toContainEqual({
      for: 'neighbour',
      ip: '172.17.0.9',
      dev: 'eth0',
    })
  })
})
