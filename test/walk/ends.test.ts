import { describe, expect, it } from 'vitest'
import { applyAll } from '#lib/topology/apply.ts'
import { EditError, type Edit } from '#lib/topology/edit.ts'
import { netns, spaces, type Topology } from '#lib/topology/topology.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { walk } from '#lib/walk/walk.ts'
import { clusterOf, parseCluster, SCENARIOS } from '#lib/worlds/all.ts'
import { resolveFlow } from '#lib/worlds/cluster/resolve.ts'
import { fileOf, generated } from '../verify/generate.ts'
import { ends } from './ends.ts'
import { refs } from './refs.ts'

const laws = (w: Walk): readonly string[] => [...ends(w), ...refs(w)]

describe('every row of every world, taken away', () => {
  it.each(Object.values(SCENARIOS).map((s) => [s.id, s] as const))(
    '%s: each copy of each packet ends once, each reference points at its row',
    (_, s) => {
      const flow = Object.values(s.flows)[0]!
      const more: readonly Flow[] = [
        flow,
        { ...flow, to: '192.168.0.255', proto: 'udp', dport: 53, size: 32 },
        { ...flow, proto: 'udp', dport: 54, size: 3000, df: false },
        {
          ...flow,
          from: s.entry.traits.alone === true ? flow.from : 'node-1',
          proto: 'icmp',
          dport: 0,
          size: 3000,
        },
      ]
      const broken: string[] = []
      let walks = 0
      for (const x of spaces(s.topology))
        for (const [table, rows] of Object.entries(x))
          for (const where of Array.isArray(rows)
            ? (rows as Readonly<Record<string, unknown>>[])
            : []) {
            let t: Topology
            try {
              t = applyAll(s.topology, [{ op: 'del', in: x.name, table, where } as Edit])
            } catch (error) {
              if (error instanceof EditError) continue
              throw error
            }
            // One of the flows for each row, in turn: thousands of walks are for a campaign.
            const f = more[walks % more.length]!
            walks += 1
            broken.push(
              ...laws(walk(t, f)).map(
                (said) =>
                  `without ${x.name} ${table} ${JSON.stringify(where)}, ${f.proto} to ${f.to}: ${said}`,
              ),
            )
          }
      expect(walks).toBeGreaterThan(70)
      expect(broken.slice(0, 5)).toEqual([])
    },
    60_000,
  )
})

describe('generated clusters', () => {
  it('each copy of each packet ends once, each reference points at its row', () => {
    const broken: string[] = []
    for (let seed = 7_100_000; seed < 7_100_050; seed += 1) {
      const g = generated(seed)
      broken.push(
        ...laws(walk(clusterOf(fileOf(g)).topology, g.flow)).map((said) => `seed ${seed}: ${said}`),
      )
    }
    expect(broken.slice(0, 5)).toEqual([])
  }, 60_000)
})

describe('what is learned', () => {
  it('three fragments for a neighbour who does not answer leave one row', () => {
    const { topology, flows } = SCENARIOS['docker-bridge']!
    const w = walk(topology, { ...flows['ping']!, to: '172.17.0.77', size: 4000 })
    expect(w.steps.filter((s) => s.drop?.reason === 'neigh-failed').length).toBe(3)
    expect(netns(w.after, w.flow.from)!.neigh.filter((r) => r.ip === '172.17.0.77')).toEqual([
      { ip: '172.17.0.77', dev: 'eth0', lladdr: null, state: 'FAILED' },
    ])
    expect(laws(w)).toEqual([])
  })
  it('at the internet gateway a datagram that is cut says so, and what is left goes on', () => {
    const { topology } = parseCluster(
      '{ packet-walk: 1, network: vpc-cni, mtu: 9001, nodes: [{ name: n1 }], pods: [{ name: a, node: n1, eni: eth0 }] }',
    )
    const w = walk(topology, resolveFlow(topology, { from: 'a', to: '203.0.113.10', size: 4000 }))
    expect(w.steps.filter((s) => s.stage === 'igw').map((s) => s.decision.kind)).toEqual([
      'fragments',
      'igw',
      'igw',
      'igw',
      'igw',
      'igw',
      'igw',
    ])
    expect(
      w.steps.some(
        (s) =>
          s.in === 'internet' && s.decision.kind === 'fragments' && s.decision.did === 'reassemble',
      ),
    ).toBe(true)
    expect(laws(w)).toEqual([])
  })
})
