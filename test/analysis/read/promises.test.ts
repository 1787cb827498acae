import { describe, expect, it } from 'vitest'
import {
  applyAll,
  explain,
  promises,
  resolveFlow,
  toJson,
  walk,
  type Edit,
  type Walk,
} from '#lib/index.ts'
import { verdict } from '#lib/analysis/print/print.ts'
import { SCENARIOS, parseCluster } from '#lib/worlds/all.ts'

const FLANNEL = ['flannel-udp', 'flannel-vxlan'] as const
const asked = (world: string, name: string, edits: readonly Edit[]): Walk =>
  walk(applyAll(SCENARIOS[world]!.topology, edits), SCENARIOS[world]!.flows[name]!)
const whatIf = (world: string, name: string, flow?: string): Walk =>
  asked(
    world,
    flow ?? SCENARIOS[world]!.whatIfs[name]!.flow ?? Object.keys(SCENARIOS[world]!.flows)[0]!,
    SCENARIOS[world]!.whatIfs[name]!.edits,
  )
const told = (w: Walk): readonly string[] =>
  promises(w).map((b) => `${b.promise}: ${b.to} sees ${b.seen}, not ${b.expected}`)

describe('promises', () => {
  it.each(
    Object.values(SCENARIOS).flatMap((s) => Object.keys(s.flows).map((f) => [s.id, f] as const)),
  )('%s as it is, %s: none is broken', (world, flow) => {
    expect(told(asked(world, flow, []))).toEqual([])
  })
  it.each(FLANNEL)('%s: Docker’s own masquerading is delivered, and breaks two', (world) => {
    for (const flow of ['ping', 'frontend-1-to-backend-2', 'large']) {
      const w = whatIf(world, 'docker-masquerade', flow)
      expect(w.delivered).toBe(true)
      expect(told(w)).toEqual([
        'kubernetes-1: backend-service-2 sees 10.1.15.0, not 10.1.15.2',
        'kubernetes-2: backend-service-2 sees 10.1.15.0, not 10.1.15.2',
      ])
      for (const b of promises(w))
        expect(w.steps[b.by!]).toMatchObject({
          in: 'node-1',
          stage: 'postrouting',
          decision: { verdict: 'MASQUERADE' },
        })
      expect(verdict(w)).toMatch(
        /^delivered, but a promise is broken: backend-service-2 sees 10\.1\.15\.0 as the sender/,
      )
    }
  })
  it('through a Service a pod is sent to by design, and seen with another address all the same', () => {
    expect(told(whatIf('flannel-vxlan', 'docker-masquerade', 'service'))).toEqual([
      'kubernetes-1: backend-service-2 sees 10.1.15.0, not 10.1.15.2',
    ])
  })
  it.each([...FLANNEL, 'flannel-host-gw'])(
    '%s: without br_netfilter the answer comes from an address that nobody asked',
    (world) => {
      const w = whatIf(world, 'br-netfilter-off')
      expect(told(w)).toEqual(['answer: web-app-frontend-1 sees 10.1.15.3, not 10.96.0.50'])
      const [b] = promises(w)
      expect(b!.step).toBe(w.loss!.step)
      expect(w.steps[b!.by!]!.decision).toMatchObject({ verdict: 'DNAT' })
      expect(verdict(w)).toBe(
        'dropped at web-app-frontend-1/eth0: the answer comes from 10.1.15.3, an address that web-app-frontend-1 did not ask: it asked 10.96.0.50 (no-socket, NO_SOCKET)',
      )
      expect(explain(w.steps[b!.step]!, w.after)).toBe(
        'web-app-frontend-1 has no connection with 10.1.15.3:8080, so it answers with a reset.',
      )
    },
  )
  it('a datagram’s answer from another address is taken, and breaks one', () => {
    const { topology } = parseCluster(
      '{ packet-walk: 1, network: docker-bridge, nodes: [{ name: n1 }], pods: [{ name: a, node: n1 }], edits: [{ op: add, in: n1, table: sockets, row: { proto: udp, port: 53, program: dns } }] }',
    )
    const w = walk(
      topology,
      resolveFlow(topology, { from: 'a', to: '192.168.0.10:53', proto: 'udp' }),
    )
    expect(w.delivered).toBe(true)
    expect(told(w)).toEqual(['answer: a sees 172.17.0.1, not 192.168.0.10'])
    expect(promises(w)[0]!.by).toBeNull()
  })
  it('a node that translates on the way to its own pod breaks the third', () => {
    const { topology } = SCENARIOS['flannel-vxlan']!
    const snat: Edit = {
      op: 'add',
      in: 'node-1',
      table: 'netfilter',
      row: {
        table: 'nat',
        chain: 'POSTROUTING',
        oif: 'docker0',
        target: { type: 'SNAT', to: '192.168.0.100' },
      },
    }
    const own = applyAll(topology, [snat])
    expect(told(walk(own, resolveFlow(own, { from: 'node-1', to: 'web-app-frontend-1' })))).toEqual(
      ['kubernetes-3: web-app-frontend-1 sees 192.168.0.100, not 10.1.15.1'],
    )
    expect(
      told(walk(topology, resolveFlow(topology, { from: 'node-1', to: 'web-app-frontend-1' }))),
    ).toEqual([])
  })
  it('a port that nobody listens on is no broken promise, and has its own words', () => {
    const { topology } = SCENARIOS['flannel-vxlan']!
    const w = walk(
      topology,
      resolveFlow(topology, { from: 'web-app-frontend-1', to: 'backend-service-2:81' }),
    )
    expect(promises(w)).toEqual([])
    expect(explain(w.steps[w.loss!.step]!, w.after)).toBe(
      'Nobody listens on tcp port 81 in backend-service-2.',
    )
  })
  it('--json says the same, with a sentence', () => {
    const { promises: printed } = toJson(whatIf('flannel-vxlan', 'br-netfilter-off')) as {
      readonly promises: readonly object[]
    }
    expect(printed).toEqual([
      {
        ...promises(whatIf('flannel-vxlan', 'br-netfilter-off'))[0]!,
        why: 'the answer comes from 10.1.15.3, an address that web-app-frontend-1 did not ask: it asked 10.96.0.50',
      },
    ])
  })
})
