import { describe, expect, it } from 'vitest'
import { createFigure, homeOf, type FigureStore } from '#components/figure/store/figure.ts'
import type { Scene } from '#components/figure/store/state.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import type { Worlds } from '#components/figure/store/worlds.ts'

const all: Worlds = { here: (id) => SCENARIOS[id], bring: () => Promise.resolve(null) }
const FLOW = 'frontend-1-to-backend-2'
const stage = (worlds = all): FigureStore =>
  createFigure(
    homeOf(
      { id: 'f1', scenario: 'flannel-udp', flow: FLOW, fit: 'stage' },
      SCENARIOS['flannel-udp']!,
    ),
    worlds,
  )
const scene = (id: string, more: Partial<Scene> = {}): Scene => ({
  id,
  scenario: 'flannel-udp',
  flow: FLOW,
  whatIfs: [],
  against: null,
  detail: 'story',
  from: '',
  to: '',
  ...more,
})
const ROUTES = scene('routes', { from: 'node-1/docker0 route', to: 'node-1/flannel0 daemon' })
const VPC = scene('vpc', { from: 'vpc/eni-node-1-eth0 src-check' })
const VXLAN = scene('vxlan', { scenario: 'flannel-vxlan', from: 'node-1/docker0 route' })
const go = (f: FigureStore, s: Scene): void => f.dispatch({ type: 'scene', scene: s })
const key = (f: FigureStore): string => f.read.key(f.state())
const attached = (f: FigureStore): boolean => f.read.attached(f.state())
const next = (f: FigureStore, by: 1 | -1 = 1): void => f.dispatch({ type: 'move', by })

describe('a scene', () => {
  it('begins at its first stop; down and up again is the same', () => {
    const f = stage()
    const seen = [ROUTES, VPC, VXLAN, VPC, ROUTES].map((s) => {
      go(f, s)
      return `${f.state().scenario} ${key(f)}`
    })
    expect(seen).toEqual([
      'flannel-udp node-1/docker0 route',
      'flannel-udp vpc/eni-node-1-eth0 src-check',
      'flannel-vxlan node-1/docker0 route',
      'flannel-udp vpc/eni-node-1-eth0 src-check',
      'flannel-udp node-1/docker0 route',
    ])
  })
  it('is found again where the reader was in it', () => {
    const f = stage()
    go(f, ROUTES)
    next(f)
    const there = key(f)
    go(f, VXLAN)
    go(f, ROUTES)
    expect([key(f), attached(f)]).toEqual([there, true])
    expect(there).not.toBe(ROUTES.from)
  })
  it('has stops of its own; behind the last, and before the first, the text turns', () => {
    const f = stage()
    go(f, ROUTES)
    next(f, -1)
    expect([f.state().turn, key(f)]).toEqual([-1, ROUTES.from])
    f.dispatch({ type: 'turned' })
    for (let i = 0; i < 20 && f.state().turn === 0; i += 1) next(f)
    expect([f.state().turn, key(f), attached(f)]).toEqual([1, ROUTES.to, true])
  })
  it('without a last stop it ends with its packet', () => {
    const f = stage()
    go(f, VPC)
    for (let i = 0; i < 40 && f.state().turn === 0; i += 1) next(f)
    expect([f.state().turn, key(f)]).toEqual([1, 'backend-service-2/eth0 socket'])
  })
  it('is played to its end, and then rests: the text does not move by itself', () => {
    const f = stage()
    go(f, ROUTES)
    f.dispatch({ type: 'play' })
    for (let i = 0; i < 40; i += 1) if (f.state().playing) next(f)
    expect([f.state().playing, f.state().turn, key(f)]).toEqual([false, 0, ROUTES.to])
    f.dispatch({ type: 'play' })
    expect([f.state().playing, key(f)]).toEqual([true, ROUTES.from])
  })
  it('with one stop has nothing to play: the text turns', () => {
    const f = stage()
    go(f, scene('one', { from: ROUTES.from, to: ROUTES.from }))
    f.dispatch({ type: 'play' })
    expect([f.state().playing, f.state().turn, key(f)]).toEqual([false, 1, ROUTES.from])
  })
  it.each([
    ['another world', { type: 'scenario', scenario: 'vpc-cni' }],
    ['another flow', { type: 'flow', flow: 'ping' }],
    ['a what-if', { type: 'whatIf', whatIf: 'stop-flanneld' }],
    ['a stop outside', { type: 'key', key: 'backend-service-2/eth0 socket' }],
  ] as const)('%s detaches the stage, and the scene takes it back', (_, ask) => {
    const f = stage()
    go(f, ROUTES)
    expect(attached(f)).toBe(true)
    f.dispatch(ask)
    expect(attached(f)).toBe(false)
    go(f, ROUTES)
    expect([attached(f), key(f), f.state().whatIfs]).toEqual([true, ROUTES.from, []])
  })
  it.each([
    ['the level', { type: 'detail', detail: 'network' }],
    ['a comparison', { type: 'compare', against: 'vpc-cni' }],
    ['a stop inside', { type: 'key', key: 'node-1/flannel0 daemon' }],
  ] as const)('%s does not', (_, ask) => {
    const f = stage()
    go(f, ROUTES)
    f.dispatch(ask)
    expect(attached(f)).toBe(true)
  })
  it('whose question was answered stands with its changes, until its packet is dead', () => {
    const f = stage()
    go(f, ROUTES)
    f.dispatch({ type: 'reveal', whatIfs: ['stop-flanneld'] })
    expect([attached(f), f.state().playing, f.state().whatIfs]).toEqual([
      true,
      true,
      ['stop-flanneld'],
    ])
    for (let i = 0; i < 60; i += 1) if (f.state().playing) next(f)
    const end = key(f)
    expect(f.read.step(f.state())?.drop).not.toBeNull()
    go(f, VXLAN)
    go(f, ROUTES)
    expect([key(f), f.state().whatIfs, attached(f)]).toEqual([end, ['stop-flanneld'], true])
  })
  it('whose network is not here waits for it, and is followed by what was asked behind it', async () => {
    let come = (): void => {}
    const here = new Set(['flannel-udp'])
    const f = stage({
      here: (id) => (here.has(id) ? SCENARIOS[id] : undefined),
      bring: () =>
        new Promise((done) => {
          come = () => {
            here.add('flannel-vxlan')
            done(null)
          }
        }),
    })
    go(f, VXLAN)
    next(f)
    expect(f.state().scenario).toBe('flannel-udp')
    come()
    await f.settled()
    expect([f.state().scenario, key(f) === VXLAN.from]).toEqual(['flannel-vxlan', false])
  })
})

describe('a step that is looked at', () => {
  it('is shown, and left again: the reader has not moved', () => {
    const f = stage()
    go(f, ROUTES)
    f.dispatch({ type: 'peek', key: 'backend-service-2/eth0 socket' })
    expect([key(f), attached(f)]).toEqual(['backend-service-2/eth0 socket', true])
    f.dispatch({ type: 'peek', key: null })
    expect([key(f), f.state().peek]).toEqual([ROUTES.from, null])
  })
  it('whoever asks on meanwhile asks from where he is', () => {
    const f = stage()
    go(f, ROUTES)
    next(f)
    const there = key(f)
    f.dispatch({ type: 'first' })
    f.dispatch({ type: 'key', key: ROUTES.from })
    f.dispatch({ type: 'peek', key: 'backend-service-2/eth0 socket' })
    next(f)
    expect(key(f)).toBe(there)
  })
  it('that there is not changes nothing', () => {
    const f = stage()
    go(f, ROUTES)
    f.dispatch({ type: 'peek', key: 'node-1/flannel.1 tunnel' })
    expect([key(f), f.state().peek]).toEqual([ROUTES.from, null])
  })
})

describe('a scene that asks what comes next', () => {
  const ASKS = scene('ttl', {
    from: 'node-1/docker0 route',
    to: 'node-1/flannel0 daemon',
    asks: true,
  })
  const open = (): FigureStore => {
    const f = stage()
    go(f, ASKS)
    return f
  }
  it('ends where the packet is, in the path, the stops, the tables and the end line', () => {
    const f = open()
    const [s, whole] = [f.state(), stage()]
    const { walk, keys } = f.read.now(s)
    expect([key(f), attached(f)]).toEqual([ASKS.from, true])
    expect(keys.at(-1)).toBe(ASKS.from)
    expect(walk.steps.at(-1)?.n).toBe(f.read.step(s)?.n)
    expect(f.read.slider(s).ticks.length).toBeLessThan(
      whole.read.slider(whole.state()).ticks.length,
    )
    expect(f.read.at(s)).toBe(f.read.total(s) - 1)
    expect(f.read.outcome(s)).toEqual({ text: 'that is yours to guess first', ok: 'open' })
    expect(walk.messages.length).toBeLessThan(whole.read.now(whole.state()).walk.messages.length)
    // What is there to be passed is drawn as always.
    expect(f.read.scene(s).boxes).toEqual(whole.read.scene(whole.state()).boxes)
  })
  it('shows nothing of later to a phrase, a key or a link', () => {
    const f = open()
    for (const a of [
      { type: 'peek', key: 'node-1/flannel0 daemon' },
      { type: 'last' },
      { type: 'go', step: 200 },
    ] as const) {
      f.dispatch(a)
      const { walk, keys } = f.read.now(f.state())
      expect(keys.at(-1)).toBe(ASKS.from)
      expect(keys).toContain(key(f))
      expect(f.read.topology(f.state())).toEqual(f.read.topology(open().state()))
      expect(walk.steps.length).toBe(keys.length)
    }
  })
  it('is never in the way: its Next goes on with the text', () => {
    const f = open()
    next(f)
    expect([key(f), f.state().turn]).toEqual([ASKS.from, 1])
  })
  it('runs on from where the packet stands once it is answered, and stays answered', () => {
    const f = open()
    f.dispatch({ type: 'reveal', whatIfs: [] })
    expect([key(f), f.state().playing, attached(f)]).toEqual([ASKS.from, true, true])
    next(f)
    expect(key(f)).not.toBe(ASKS.from)
    go(f, VXLAN)
    go(f, ASKS)
    expect(f.read.outcome(f.state()).ok).toBe(true)
  })
})
