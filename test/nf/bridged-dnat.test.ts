import { expect, it } from 'vitest'
import { find } from '#lib/wire/packet.ts'
import { applyAll } from '#lib/topology/apply.ts'
import { netns, rowAt } from '#lib/topology/topology.ts'
import { walk } from '#lib/walk/walk.ts'
import { refsOf } from '#lib/analysis/read/refs.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { tcp } from '#lib/worlds/cluster/seed.ts'
import { labelOf } from '#lib/words/index.ts'

/* DNAT to a pod of the same bridge (br_nf_pre_routing_finish_bridge): switched, not routed, also while its MAC is not known yet. */

const { topology } = SCENARIOS['flannel-vxlan']!
const dnat = applyAll(topology, [
  {
    op: 'add',
    in: 'node-1',
    table: 'netfilter',
    row: {
      table: 'nat',
      chain: 'PREROUTING',
      dst: '10.200.0.1/32',
      proto: 'tcp',
      dport: 80,
      target: { type: 'DNAT', to: '10.1.15.3', port: 8080 },
    },
  },
])
const flow = tcp('web-app-frontend-1', '10.200.0.1', 80)

it.each([
  ['cold', false],
  ['warm', true],
] as const)('%s: TTL 64, the client’s MAC, delivered', (_, warm) => {
  const w = walk(dnat, flow, { warm })
  expect(w.delivered).toBe(true)
  const syn = w.messages.find((m) => labelOf(m) === 'SYN')!.n
  const last = w.frames.findLast((f) => f.message === syn)!
  expect([last.in, find(last.packet, 'ipv4')!.ttl, find(last.packet, 'ethernet')!.src]).toEqual([
    'backend-service-1',
    64,
    '02:42:0a:01:0f:02',
  ])
  expect(w.messages.filter((m) => labelOf(m) === 'who-has 10.1.15.3')).toHaveLength(warm ? 0 : 1)
  expect(w.steps.filter((s) => s.in === 'node-1' && s.stage === 'ttl')).toEqual([])
})

it('only the first frame passes the bridge device: from then on the neighbour’s header is kept', () => {
  const w = walk(dnat, flow)
  const out = w.frames.filter(
    (f) =>
      f.in === 'node-1' &&
      f.dev === 'docker0' &&
      f.dir === 'out' &&
      find(f.packet, 'tcp')?.dport === 8080,
  )
  expect(out.map((f) => labelOf(w.messages[f.message]!))).toEqual(['SYN'])
})

it('a neighbour known only from its own question is STALE, and DELAY once it is sent to: no header is kept for it, and every packet passes the bridge device', () => {
  const world = SCENARIOS['flannel-vxlan']!
  const w = walk(
    applyAll(topology, world.whatIfs['hairpin-on']!.edits),
    world.flows['service-hairpin']!,
  )
  expect(w.delivered).toBe(true)
  expect(netns(w.after, 'node-1')!.neigh.find((n) => n.ip === '10.1.15.3')!.state).toBe('DELAY')
  const seen = (where: string, dev: string, dir: 'in' | 'out', dport: number): readonly number[] =>
    w.frames
      .filter(
        (f) =>
          f.in === where &&
          f.dev === dev &&
          f.dir === dir &&
          find(f.packet, 'tcp')?.dport === dport,
      )
      .map((f) => f.message)
  const sent = seen('backend-service-1', 'eth0', 'out', 80)
  expect(sent.length).toBeGreaterThan(3)
  expect(seen('node-1', 'docker0', 'out', 8080)).toEqual(sent)
})

it('a frame that is the first of its MAC is learned from, and the row written down', () => {
  // A pod that need not ask for its gateway.
  const silent = applyAll(dnat, [
    {
      op: 'add',
      in: 'web-app-frontend-1',
      table: 'neigh',
      row: { ip: '10.1.15.1', dev: 'eth0', lladdr: '02:42:aa:00:00:01', state: 'PERMANENT' },
    },
  ])
  const w = walk(silent, flow)
  expect(w.delivered).toBe(true)
  const lost = w.steps.filter((s) => {
    const { matched } = refsOf(s.decision)
    return matched !== null && rowAt(w.after, matched) === undefined
  })
  expect(lost).toEqual([])
  expect(netns(w.after, 'node-1')!.fdb.map((f) => f.mac)).toContain('02:42:0a:01:0f:02')
})
