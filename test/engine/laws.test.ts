import { describe, expect, it } from 'vitest'
import { encode, dissect } from '#lib/wire/codec.ts'
import { find, size } from '#lib/wire/packet.ts'
import { applyAll } from '#lib/topology/apply.ts'
import { rowAt, spaces, type Topology } from '#lib/topology/topology.ts'
import { walk } from '#lib/engine/walk.ts'
import { SCENARIOS } from '#lib/scenarios/index.ts'
import { explain } from '#lib/analysis/explain.ts'
import { refsOf } from '#lib/analysis/refs.ts'
import { DROPS } from '#lib/trace/drops.ts'
import { keys, type Walk } from '#lib/trace/walk.ts'

function freeze<T>(x: T): T {
  if (typeof x === 'object' && x !== null && !Object.isFrozen(x) && !ArrayBuffer.isView(x)) { Object.freeze(x); Object.values(x).forEach(freeze) }
  return x
}
const plain = (w: Walk): string => JSON.stringify([w.steps, w.messages, w.delivered, w.loss])

/** Stages at which bytes may come or go: links are put on and taken off, tunnels wrap, fragments are cut, NAT only rewrites. */
const RESIZES = new Set(['neigh', 'xmit', 'rx', 'bridge', 'arp', 'tunnel', 'daemon', 'fragment', 'reassemble', 'route', 'igw', 'dst-check', 'vpc-arp', 'sg-ingress', 'input', 'nat', 'raw', 'mangle', 'conntrack', 'source-check', 'ip-forward', 'ttl', 'app', 'icmp', 'route-out', 'socket', 'output', 'postrouting', 'forward', 'reroute', 'mtu'])

describe.each(Object.values(SCENARIOS).map((s) => [s.id, s] as const))('%s', (_, s) => {
  const worlds: (readonly [string, Topology])[] = [['as it is', s.topology], ...Object.entries(s.whatIfs).map(([id, w]) => [id, applyAll(s.topology, w.edits)] as const)]
  const cases = worlds.flatMap(([world, t]) => Object.entries(s.flows).map(([flow, f]) => [`${world}, ${flow}`, t, f] as const))
  it.each(cases)('%s: the laws hold', (_name, t, flow) => {
    for (const x of spaces(t)) freeze(x)
    const w = walk(t, flow)
    expect(plain(walk(t, flow))).toBe(plain(w))
    expect(w.steps.length).toBeGreaterThan(0)
    expect(new Set(keys(w)).size).toBe(w.steps.length)
    expect(w.delivered).toBe(w.loss === null)
    for (const [i, step] of w.steps.entries()) {
      expect(step.n).toBe(i)
      expect(step.from).toBeLessThan(i)
      const { matched, rejected } = refsOf(step.decision)
      for (const r of [matched, ...rejected]) if (r !== null) expect(rowAt(w.after, r), `${step.stage} ${JSON.stringify(r)}`).toBeDefined()
      expect(explain(step, w.after).length).toBeGreaterThan(5)
      if (step.drop !== null) expect(DROPS[step.drop.reason].title.length).toBeGreaterThan(3)
      const before = w.steps[step.from]
      if (before !== undefined && before.message === step.message) {
        if (!RESIZES.has(step.stage)) expect(size(step.packet)).toBe(size(before.packet))
        const a = before.packet.headers.filter((h) => h.kind === 'ipv4').length
        const b = step.packet.headers.filter((h) => h.kind === 'ipv4').length
        if (a === b && !['ttl', 'daemon'].includes(step.stage)) expect(find(step.packet, 'ipv4')?.ttl).toBe(find(before.packet, 'ipv4')?.ttl)
      }
    }
    const seen = new Set<unknown>()
    for (const f of w.frames) {
      if (seen.has(f.packet)) continue
      seen.add(f.packet)
      const bytes = encode(f.packet)
      expect(encode(dissect(bytes, f.packet.headers[0]?.kind === 'ethernet' ? 'ethernet' : 'ipv4').packet)).toEqual(bytes)
    }
  })
})
