import { describe, expect, it } from 'vitest'
import { encode, dissect } from '#lib/wire/codec.ts'
import type { Packet } from '#lib/wire/packet.ts'
import { applyAll } from '#lib/topology/apply.ts'
import { spaces, type Topology } from '#lib/topology/topology.ts'
import { walk } from '#lib/walk/walk.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { dropTitle, explain } from '#lib/words/index.ts'
import { keys, type Walk } from '#lib/trace/walk.ts'
import { ends } from './ends.ts'
import { refs } from './refs.ts'
import { wrongSizes } from './size-law.ts'

function freeze<T>(x: T): T {
  if (typeof x === 'object' && x !== null && !Object.isFrozen(x) && !ArrayBuffer.isView(x)) {
    Object.freeze(x)
    Object.values(x).forEach(freeze)
  }
  return x
}
const plain = (w: Walk): string => JSON.stringify([w.steps, w.messages, w.delivered, w.loss])

describe.each(Object.values(SCENARIOS).map((s) => [s.id, s] as const))('%s', (_, s) => {
  const worlds: (readonly [string, Topology])[] = [
    ['as it is', s.topology],
    ...Object.entries(s.whatIfs).map(([id, w]) => [id, applyAll(s.topology, w.edits)] as const),
  ]
  const cases = worlds.flatMap(([world, t]) =>
    Object.entries(s.flows).map(([flow, f]) => [`${world}, ${flow}`, t, f] as const),
  )
  it.each(cases)('%s: the laws hold', (_name, t, flow) => {
    for (const x of spaces(t)) freeze(x)
    const w = walk(t, flow)
    expect(plain(walk(t, flow))).toBe(plain(w))
    expect(w.steps.length).toBeGreaterThan(0)
    expect(new Set(keys(w)).size).toBe(w.steps.length)
    expect([...ends(w), ...refs(w)]).toEqual([])
    for (const [i, step] of w.steps.entries()) {
      expect(step.n).toBe(i)
      expect(step.from).toBeLessThan(i)
      const said = explain(step, w.after)
      expect(said.length).toBeGreaterThan(5)
      // A device's name stands as it is, at the beginning of a sentence too.
      const capital = step.dev?.replace(/^./, (c) => c.toUpperCase())
      expect(capital !== undefined && said.startsWith(capital)).toBe(false)
      const title = step.drop === null ? null : dropTitle(step.drop.reason)
      expect(title?.length ?? Infinity).toBeGreaterThan(3)
    }
    const ttls = w.steps.flatMap((step) => {
      const before = w.steps[step.from]
      if (before?.message !== step.message || ['ttl', 'daemon'].includes(step.stage)) return []
      const [was, is] = [before, step].map((x) => x.packet.headers.filter((h) => h.kind === 'ipv4'))
      if (was!.length !== is!.length || was![0]?.ttl === is![0]?.ttl) return []
      return [{ step: step.n, was: was![0]?.ttl, is: is![0]?.ttl }]
    })
    expect(ttls).toEqual([])
    expect(wrongSizes(w)).toEqual([])
    const seen = new Set<unknown>()
    for (const f of w.frames) {
      // Bytes that no header can be read from stay bytes.
      if (seen.has(f.packet) || f.packet.headers.length === 0) continue
      seen.add(f.packet)
      const bytes = encode(f.packet)
      expect(
        encode(
          dissect(bytes, f.packet.headers[0]?.kind === 'ethernet' ? 'ethernet' : 'ipv4').packet,
        ),
      ).toEqual(bytes)
    }
  })
})

describe('the law of sizes', () => {
  const s = SCENARIOS['flannel-vxlan']!
  const w = walk(s.topology, s.flows['large-no-df']!)
  const longer = (p: Packet): Packet => ({ ...p, payload: Uint8Array.from([...p.payload, 0]) })
  it.each([
    'fragment',
    'reassemble',
    'neigh',
    'xmit',
    'rx',
    'bridge',
    'route',
    'forward',
    'tunnel',
    'conntrack',
    'sg-egress',
    'vpc-encap',
  ] as const)('holds a byte too many after %s against it', (stage) => {
    const at = w.steps.find(
      (x) => x.stage === stage && x.from >= 0 && w.steps[x.from]!.message === x.message,
    )!
    expect(
      wrongSizes({ ...w, steps: w.steps.with(at.n, { ...at, packet: longer(at.packet) }) }),
    ).not.toEqual([])
  })
  it('holds a fragment too few against a cut', () => {
    const cut = w.steps.find((x) => x.stage === 'fragment')!
    const last = w.steps.findLast((x) => x.from === cut.n)!
    expect(wrongSizes({ ...w, steps: w.steps.with(last.n, { ...last, from: 0 }) })).not.toEqual([])
  })
})
