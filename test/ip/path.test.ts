import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { applyAll } from '#lib/topology/apply.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { QUESTIONS, type Questions } from '#lib/ip/path.ts'
import { walk } from '#lib/walk/walk.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { FAULTS } from '../verify/fault-rows.ts'

/* lib/ip/path.ts is what runs: without one of its questions some walk of ours is another. */

/** Each question as if nobody asked it: the packet goes on, or what it would have done is not done. */
const NOT_ASKED: Questions = {
  rx: () => true,
  vlan: () => true,
  ipvlan: () => true,
  bridge: () => {},
  isFor: (_, s) => (s.packet.headers.some((h) => h.kind === 'arp') ? 'arp' : 'ip'),
  arp: () => {},
  prerouting: () => true,
  l3mdev: () => null,
  knownWay: () => false,
  addresses: () => true,
  route: () => null,
  source: () => true,
  reassemble: () => true,
  input: () => true,
  protocol: () => {},
  mayForward: () => true,
  fits: () => true,
  countDown: () => {},
  redirect: () => {},
  forward: () => true,
  routeOut: () => null,
  output: () => true,
  routeAgain: () => null,
  outputFilter: () => true,
  postrouting: () => true,
  split: (_, s) => [s],
  neighbour: () => {},
  xmit: () => {},
}

const text = (w: Walk): string => JSON.stringify([w.steps, w.frames, w.messages])

/** Every flow of every world, of each what-if the flow that its ending is about, and what is sent where something is wrong. */
const flows = [
  ...Object.values(SCENARIOS).flatMap(({ topology, flows: of, whatIfs }) => [
    ...Object.values(of).map((flow) => [topology, flow] as const),
    ...Object.values(whatIfs).map(
      ({ edits, flow = Object.keys(of)[0]! }) => [applyAll(topology, edits), of[flow]!] as const,
    ),
  ]),
  ...FAULTS.flatMap(({ world, edits, sent }) => {
    const topology = applyAll(SCENARIOS[world]!.topology, edits)
    return sent.map(({ flow }) => [topology, flow] as const)
  }),
]
/** A pod whose way to its neighbour leads by the host: that is told so. */
const roundabout = applyAll(SCENARIOS['docker-bridge']!.topology, [
  {
    op: 'add',
    in: 'web-app-frontend-1',
    table: 'routes',
    row: { table: 'main', dst: '172.17.0.3/32', via: '172.17.0.1', dev: 'eth0' },
  },
  {
    op: 'add',
    in: 'node-1',
    table: 'sysctls',
    row: { key: 'net.ipv4.conf.all.send_redirects', value: 1 },
  },
])
flows.push([roundabout, { ...SCENARIOS['docker-bridge']!.flows['ping']!, to: '172.17.0.3' }])
const known = new Map<number, string>()
/** The walk of a flow as it is. Most questions change one of the first few. */
function asItIs(i: number): string {
  const [t, f] = flows[i]!
  const said = known.get(i) ?? text(walk(t, f))
  known.set(i, said)
  return said
}

describe('without a question', () => {
  it.each(Object.keys(QUESTIONS) as (keyof Questions)[])('%s some walk is another', (name) => {
    const questions = { [name]: NOT_ASKED[name] }
    const changed = flows.findIndex(([t, f], i) => text(walk(t, f, { questions })) !== asItIs(i))
    expect(changed).toBeGreaterThanOrEqual(0)
  })
})

describe('where nobody answers ARP', () => {
  it('a warm walk knows nobody either: no flow before it was answered', () => {
    const { topology, flows: of } = SCENARIOS['flannel-vxlan']!
    const options = { warm: true, questions: { arp: NOT_ASKED.arp } }
    expect(walk(topology, of['ping']!, { warm: true }).delivered).toBe(true)
    expect(walk(topology, of['ping']!, options).loss?.drop.reason).toBe('neigh-failed')
  })
})

describe('the files of the questions', () => {
  const ownImports = (file: string): string[] =>
    [
      ...readFileSync(new URL(`../../lib/ip/${file}`, import.meta.url), 'utf8').matchAll(
        /from '\.\/([^']+)'/g,
      ),
    ].map((m) => m[1]!)
  const asked = ownImports('path.ts')
  it.each(asked)('%s imports none that is asked before or after it', (file) => {
    expect(ownImports(file).filter((f) => asked.includes(f))).toEqual([])
  })
})
