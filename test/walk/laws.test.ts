import { describe, expect, it } from 'vitest'
import { encode, dissect } from '#lib/wire/codec.ts'
import type { Packet } from '#lib/wire/packet.ts'
import { applyAll } from '#lib/topology/apply.ts'
import { spaces, type Topology } from '#lib/topology/topology.ts'
import { walk } from '#lib/walk/walk.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { dropTitle, explain } from '#lib/words/index.ts'
import { keys, type Step, type Walk } from '#lib/trace/walk.ts'
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

/** What is wrong with the step that stands at place `i`, and with what is said of it. One `expect` for all: there are half a million of them. */
function unlawful(w: Walk, step: Step, i: number): string[] {
  const said = explain(step, w.after)
  // A device's name stands as it is, at the beginning of a sentence too.
  const capital = step.dev?.replace(/^./, (c) => c.toUpperCase())
  const title = step.drop === null ? null : dropTitle(step.drop.reason)
  return [
    ...(step.n === i ? [] : [`step ${i} has number ${step.n}`]),
    ...(step.from < i ? [] : [`step ${i} follows ${step.from}`]),
    ...(said.length > 5 ? [] : [`step ${i}: ${said}`]),
    ...(capital !== undefined && said.startsWith(capital) ? [`step ${i}: ${said}`] : []),
    ...(title === null || title.length > 3 ? [] : [`step ${i}: ${title}`]),
  ]
}

/** Do its bytes, read, give the same bytes again? Those that no header can be read from stay bytes. */
function readsBack(p: Packet): boolean {
  const [first] = p.headers
  if (first === undefined) return true
  const bytes = encode(p)
  const again = encode(dissect(bytes, first.kind === 'ethernet' ? 'ethernet' : 'ipv4').packet)
  return Buffer.compare(again, bytes) === 0
}

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
    expect(w.steps.flatMap((step, i) => unlawful(w, step, i))).toEqual([])
    const ttls = w.steps.flatMap((step) => {
      const before = w.steps[step.from]
      if (before?.message !== step.message || ['ttl', 'daemon'].includes(step.stage)) return []
      const [was, is] = [before, step].map((x) => x.packet.headers.filter((h) => h.kind === 'ipv4'))
      if (was!.length !== is!.length || was![0]?.ttl === is![0]?.ttl) return []
      return [{ step: step.n, was: was![0]?.ttl, is: is![0]?.ttl }]
    })
    expect(ttls).toEqual([])
    expect(wrongSizes(w)).toEqual([])
    expect([...new Set(w.frames.map((f) => f.packet))].filter((p) => !readsBack(p))).toEqual([])
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
