import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { check } from '#lib/cli/check.ts'
import { ability } from '#lib/cli/kernel-lab.ts'
import { walk } from '#lib/walk/walk.ts'
import { resolveFlow } from '#lib/worlds/cluster/resolve.ts'
import { sha512 } from '#lib/worlds/hash/sha512.ts'
import { netns } from '#lib/topology/topology.ts'
import { parseCluster } from '#lib/worlds/all.ts'

/* Host ports of pods on cni0, as portmap's rules make them; test/cni/plugins.test.ts holds the rules to the plugin's. */

const { topology } = parseCluster(`packet-walk: 1
network: flannel-vxlan
bridge: cni0
securityGroups: [{ id: sg-open, ingress: [{ proto: all, peer: 0.0.0.0/0 }], egress: [{ proto: all, peer: 0.0.0.0/0 }] }]
nodes: [{ name: alpha, podCidr: 10.1.15.0/24 }, { name: beta, podCidr: 10.1.20.0/24 }]
pods: [{ name: web, node: alpha, publish: ["8090:8080", "8091:8080", "8092:9"] }, { name: api, node: alpha }, { name: far, node: beta }]
`)
const HOST = '192.168.0.10'
const flow = (from: string, to: string) => resolveFlow(topology, { from, to })

/** Who asks, where, and whom the pod sees: the sender, unless its answer would not come back through the node. */
const ASKED: readonly (readonly [from: string, to: string, seen: string])[] = [
  ['beta', `${HOST}:8090`, '192.168.0.11'],
  ['beta', `${HOST}:8091`, '192.168.0.11'],
  ['internet', '198.51.100.10:8090', '203.0.113.10'],
  ['far', `${HOST}:8090`, '192.168.0.11'],
  ['api', `${HOST}:8090`, '10.1.15.1'],
  ['web', `${HOST}:8090`, '10.1.15.1'],
  ['alpha', `${HOST}:8090`, HOST],
  ['alpha', '127.0.0.1:8090', '10.1.15.1'],
  ['alpha', '127.0.0.2:8091', '10.1.15.1'],
]

describe('a host port', () => {
  it.each(ASKED)('from %s to %s: the pod answers, and sees %s', (from, to, seen) => {
    const w = walk(topology, flow(from, to))
    expect(w.delivered).toBe(true)
    const first = w.frames.find(
      (f) => f.in === 'web' && f.dir === 'in' && f.packet.headers.some((h) => h.kind === 'tcp'),
    )!
    expect(first.packet.headers.find((h) => h.kind === 'ipv4')).toMatchObject({
      src: seen,
      dst: '10.1.15.2',
    })
  })
  it('of another number is nobody’s, of a pod that does not listen refused by it', () => {
    expect(
      [`${HOST}:8089`, `${HOST}:8092`].map((to) => {
        const { loss } = walk(topology, flow('beta', to))
        return [loss?.drop.reason, loss?.in]
      }),
    ).toEqual([
      ['no-socket', 'alpha'],
      ['no-socket', 'web'],
    ])
  })
  it('is not on nodes without such a pod, which have no rule of portmap’s', () => {
    const beta = netns(topology, 'beta')!
    expect([...beta.chains, ...beta.netfilter].filter((r) => r.chain.startsWith('CNI-'))).toEqual(
      [],
    )
    expect(walk(topology, flow('alpha', '192.168.0.11:8090')).loss).toMatchObject({
      in: 'beta',
      drop: { reason: 'no-socket' },
    })
  })
})

const a = ability()
if (a.cannot !== null) {
  if (process.env['CI'] !== undefined)
    throw new Error(`host ports must be shown to a kernel here, but: ${a.cannot}`)
  process.stderr.write(`\nSKIPPED: host ports are not compared with the kernel: ${a.cannot}\n\n`)
}
describe.skipIf(a.cannot !== null)('in a real kernel', () => {
  it('every frame to a host port is the walk’s', async () => {
    const asked = [...ASKED, ['beta', `${HOST}:8089`], ['beta', `${HOST}:8092`]] as const
    const results = await check(
      { world: 'cluster', whatIf: [], topology },
      asked.map(([from, to]) => ({ name: `${from} to ${to}`, flow: flow(from!, to!) })),
      { ability: a },
    )
    expect(results.map((r) => [r.flow, r.verdict, r.differences])).toEqual(
      asked.map(([from, to]) => [`${from} to ${to}`, 'agrees', []]),
    )
    for (const r of results) expect(r.frames, r.flow).toBeGreaterThan(5)
  }, 120_000)
})

describe('SHA-512', () => {
  // Lengths about the end of a block, where the padding changes.
  it.each([0, 1, 3, 110, 111, 112, 127, 128, 129, 300])('of %i characters', (length) => {
    const text = Array.from({ length }, (_, i) => String.fromCharCode(33 + ((i * 7) % 90))).join('')
    expect(sha512(text)).toBe(createHash('sha512').update(text).digest('hex'))
  })
})
