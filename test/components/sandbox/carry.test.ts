import { describe, expect, it } from 'vitest'
import { WORLDS_HERE } from '#components/figure/effects/worlds.ts'
import { createFigure, homeOf } from '#components/figure/store/figure.ts'
import { read, stepOf } from '#components/figure/store/link.ts'
import { walked } from '#components/figure/store/walked.ts'
import { build, type Built } from '#components/sandbox/build.ts'
import { sandboxHash, WALK } from '#components/sandbox/carry.ts'
import { fromLink, toLink } from '#components/sandbox/link.ts'
import { createSandbox } from '#components/sandbox/store.ts'
import { clusterText } from '#components/sandbox/text.ts'
import { fromFile } from '#lib/topology/file.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

for (const world of Object.values(SCENARIOS)) WORLDS_HERE.keep(world)

const WORLDS = Object.values(SCENARIOS).map((s) => s.id)

/** A figure of a world under a what-if, in the middle of the walk of a flow. */
function figure(scenario: string, flow: string, whatIfs: readonly string[]) {
  const world = SCENARIOS[scenario]!
  const f = createFigure(homeOf({ id: 'f1', scenario, flow, whatIfs }, world), WORLDS_HERE)
  const { walk } = f.read.now(f.state())
  f.dispatch({ type: 'go', step: walk.steps.length >> 1 })
  return f
}

/** What a walk came to, by way of which steps. */
const told = (walk: Walk, keys: readonly string[]): string =>
  JSON.stringify([keys, walk.delivered, walk.loss, walk.frames.length])

/** What a sandbox makes of a fragment: its network, and the walk and the step of its figure. */
function opened(hash: string): {
  readonly built: Built
  readonly told: string
  readonly key: string
} {
  const l = fromLink(hash)!
  expect(l.notices).toEqual([])
  const built = build(l.box)
  const w = read(hash, WALK, { scenario: built.scenario.id, flow: '', custom: built.scenario })!
  expect(w.notice).toBeNull()
  const { walk, keys } = walked(built.scenario, w)
  const at = stepOf(keys, w.key)
  expect(at.exact).toBe(true)
  return { built, told: told(walk, keys), key: keys[at.step]! }
}

describe('what a figure shows, opened in the sandbox', () => {
  it.each(WORLDS)('is the same walk at the same step, under every what-if of %s', (id) => {
    const world = SCENARIOS[id]!
    for (const whatIf of [null, ...Object.keys(world.whatIfs)]) {
      const flow = world.whatIfs[whatIf ?? '']?.flow ?? Object.keys(world.flows)[0]!
      const f = figure(id, flow, whatIf === null ? [] : [whatIf])
      const s = f.state()
      const there = opened(sandboxHash(s, f.read.key(s)))
      expect(there.built.left).toEqual([])
      expect(there.key).toBe(f.read.key(s))
      expect(there.told).toBe(told(f.read.now(s).walk, f.read.now(s).keys))
      expect(there.built.edits.length).toBe(world.whatIfs[whatIf ?? '']?.edits.length ?? 0)
    }
  })
  it('keeps its link, and is a file of the same tables', () => {
    const f = figure('flannel-vxlan', 'ping', ['delete-fdb'])
    const hash = sandboxHash(f.state(), f.read.key(f.state()))
    const { box } = fromLink(hash)!
    expect(toLink(hash, box)).toBe(hash)
    const { scenario } = build(box)
    const file = fromFile(JSON.parse(clusterText(box)))
    expect(
      'topology' in file && JSON.parse(JSON.stringify([...file.topology.source.names])),
    ).toEqual(scenario.topology.source.names)
  })
  it('leaves an edit out that fits no row or makes no table, and names it', () => {
    const good = { op: 'del', in: 'node-1', table: 'routes', where: { dst: '10.1.0.0/16' } }
    const bad = [
      { op: 'del', in: 'node-1', table: 'routes', where: { dst: '10.9.0.0/16' } },
      { op: 'add', in: 'node-1', table: 'routes', row: { table: 'main', dst: 'x', dev: 'eth0' } },
      7,
      null,
    ]
    const hash = `#sandbox=${encodeURIComponent(JSON.stringify([2, 'flannel-udp', [bad[0], good, ...bad.slice(1)]]))}`
    const { box, notices } = fromLink(hash)!
    expect(notices).toEqual([])
    const built = build(box)
    expect(built.edits.map((e) => e.edit)).toEqual([good])
    expect(built.left.map((l) => l.n)).toEqual([0, 2, 3, 4])
    expect(built.left.every((l) => l.why.length > 10)).toBe(true)
  })
  it('is begun again without its changes, undone, and left for a network of one’s own', () => {
    const f = figure('flannel-vxlan', 'ping', ['delete-fdb'])
    const sandbox = createSandbox(sandboxHash(f.state(), f.read.key(f.state())))
    sandbox.dispatch({ type: 'start' })
    expect(sandbox.state().box).toMatchObject({ whole: true, edits: [] })
    sandbox.dispatch({ type: 'undo' })
    expect(sandbox.state().box.edits.length).toBe(1)
    sandbox.dispatch({ type: 'set', to: { network: 'flannel-udp' } })
    expect(sandbox.state().box).toMatchObject({ whole: false, network: 'flannel-udp', nodes: 2 })
    sandbox.dispatch({ type: 'undo' })
    expect(sandbox.state().box).toMatchObject({ whole: true, network: 'flannel-vxlan' })
  })
})
