import { describe, expect, it, vi } from 'vitest'
import type { Action, Ask } from '#components/figure/store/actions.ts'
import { createFigure, homeOf, type FigureStore } from '#components/figure/store/figure.ts'
import { worldsFound } from '#components/figure/effects/worlds.ts'
import type { Worlds } from '#components/figure/store/worlds.ts'
import { DETAILS } from '#lib/index.ts'
import { made } from './made.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const key = (f: FigureStore): string => f.read.key(f.state())

describe('a figure without a page', () => {
  it('begins where its author lets it', () => {
    const f = made({ scenario: 'flannel-vxlan', step: 'node-1/flannel.1 tunnel', whatIfs: [] })
    expect(f.state()).toMatchObject({ scenario: 'flannel-vxlan', flow: 'ping', detail: 'story' })
    expect(key(f)).toBe('node-1/flannel.1 tunnel')
    expect(made({ scenario: 'gone' }).state().world).toBe(Object.values(SCENARIOS)[0])
  })
  it.each(DETAILS)('goes through every stop and back, told as %s', (detail) => {
    const f = made()
    f.dispatch({ type: 'detail', detail })
    const way = [key(f)]
    const total = f.read.total(f.state())
    for (let i = 1; i < total; i += 1) {
      f.dispatch({ type: 'move', by: 1 })
      way.push(key(f))
    }
    expect(new Set(way).size).toBe(total)
    f.dispatch({ type: 'move', by: 1 })
    expect(key(f)).toBe(way.at(-1))
    for (const k of way.toReversed()) {
      expect(key(f)).toBe(k)
      f.dispatch({ type: 'move', by: -1 })
    }
    f.dispatch({ type: 'last' })
    expect(key(f)).toBe(way.at(-1))
    f.dispatch({ type: 'first' })
    expect(key(f)).toBe(way[0])
    f.dispatch({ type: 'to', at: 3 })
    expect(key(f)).toBe(way[3])
    f.dispatch({ type: 'to', at: 9999 })
    expect(key(f)).toBe(way.at(-1))
  })
  it('goes to decisions, and to the end where none is left', () => {
    const f = made()
    const marks: string[] = []
    for (let before = -1; f.read.at(f.state()) !== before;) {
      before = f.read.at(f.state())
      f.dispatch({ type: 'decision', by: 1 })
      marks.push(f.read.list(f.state())[f.read.stop(f.state())]!.mark)
    }
    expect(marks.length).toBeGreaterThan(5)
    expect(marks.slice(0, -2)).not.toContain('place')
    expect(f.read.at(f.state())).toBe(f.read.total(f.state()) - 1)
  })
  it('goes to a step by its key, to one that is not told too, and to the nearest of one that is gone', () => {
    const f = made()
    f.dispatch({ type: 'detail', detail: 'kernel' })
    const all = f.read.now(f.state()).keys
    f.dispatch({ type: 'detail', detail: 'story' })
    const story = f.read.list(f.state()).map((s) => all[s.step])
    const folded = all.find((k) => !story.includes(k))!
    f.dispatch({ type: 'key', key: folded })
    expect(key(f)).toBe(folded)
    f.dispatch({ type: 'key', key: 'nowhere x' })
    expect(key(f)).toBe(all[0])
  })
  it('goes to the answer and back, and to a packet by its number', () => {
    const f = made()
    const leg = (): string =>
      f.read.now(f.state()).walk.messages[f.read.step(f.state())!.message]!.leg
    f.dispatch({ type: 'answer' })
    expect(leg()).toBe('back')
    const answer = f.read.step(f.state())!.message
    f.dispatch({ type: 'answer' })
    expect(leg()).toBe('forward')
    f.dispatch({ type: 'message', message: answer })
    expect(f.read.step(f.state())!.message).toBe(answer)
    f.dispatch({ type: 'message', message: 999 })
    expect(f.read.step(f.state())!.message).toBe(answer)
  })
  it('a box is where the packet passes it; one it does not pass is looked into until the packet moves on', () => {
    const f = made()
    f.dispatch({ type: 'box', id: 'node-1' })
    expect(f.read.step(f.state())!.in).toBe('node-1')
    expect(f.state().tab).toBe('Why')
    f.dispatch({ type: 'box', id: 'node-1/veth0' })
    expect(f.state()).toMatchObject({ tab: 'Tables', drawer: true, look: { name: 'node-1' } })
    const before = f.state()
    f.dispatch({ type: 'box', id: 'no box' })
    expect(f.state()).toEqual(before)
  })
  it('another network keeps the flow if it has it, and begins again', () => {
    const f = made({ flow: 'frontend-1-to-backend-2', against: 'vpc-cni' })
    f.dispatch({ type: 'whatIf', whatIf: 'stop-flanneld' })
    f.dispatch({ type: 'last' })
    f.dispatch({ type: 'scenario', scenario: 'vpc-cni' })
    expect(f.state()).toMatchObject({
      scenario: 'vpc-cni',
      flow: 'frontend-1-to-backend-2',
      whatIfs: [],
      step: 0,
      against: null,
    })
    const before = f.state()
    f.dispatch({ type: 'scenario', scenario: '__proto__' })
    expect(f.state()).toEqual(before)
  })
  it('a what-if that asks for another packet gives the first one back', () => {
    const f = made()
    const [id, asks] = Object.entries(SCENARIOS['flannel-udp']!.whatIfs).find(
      ([, w]) => w.flow !== undefined && w.flow !== 'ping',
    )!
    f.dispatch({ type: 'whatIf', whatIf: id })
    expect(f.state()).toMatchObject({ flow: asks.flow, whatIfs: [id], step: 0 })
    f.dispatch({ type: 'whatIf', whatIf: id })
    expect(f.state()).toMatchObject({ flow: 'ping', whatIfs: [] })
  })
  it('who chose the packet keeps it, whatever a what-if had asked for before', () => {
    const f = made()
    const [id, { flow }] = Object.entries(SCENARIOS['flannel-udp']!.whatIfs).find(
      ([, w]) => w.flow !== undefined && w.flow !== 'ping',
    )!
    for (const meanwhile of [{ type: 'whatIf', whatIf: id }, { type: 'undo' }] as const) {
      f.dispatch({ type: 'flow', flow: 'ping' })
      f.dispatch({ type: 'whatIf', whatIf: id })
      f.dispatch(meanwhile)
      expect(f.state()).toMatchObject({ flow: 'ping', whatIfs: [] })
      f.dispatch({ type: 'flow', flow: flow! })
      f.dispatch({ type: 'whatIf', whatIf: id })
      f.dispatch({ type: 'whatIf', whatIf: id })
      expect(f.state()).toMatchObject({ flow, whatIfs: [] })
    }
  })
  it('a what-if that is made again gives the first packet back all the same', () => {
    const f = made()
    const [whatIf] = Object.entries(SCENARIOS['flannel-udp']!.whatIfs).find(
      ([, w]) => w.flow !== undefined && w.flow !== 'ping',
    )!
    f.dispatch({ type: 'whatIf', whatIf })
    f.dispatch({ type: 'whatIf', whatIf })
    f.dispatch({ type: 'undo' })
    f.dispatch({ type: 'whatIf', whatIf })
    expect(f.state()).toMatchObject({ flow: 'ping', whatIfs: [] })
  })
  it.each([
    ['docker-bridge', 'vpc-cni'],
    ['flannel-udp', 'vpc-cni'],
    ['flannel-host-gw', 'vpc-cni'],
    ['vpc-cni', 'flannel-udp'],
  ])('a comparison of %s begins with %s', (scenario, against) => {
    const f = made({ scenario })
    f.dispatch({ type: 'compare' })
    expect(f.state().against).toBe(against)
  })
  it('two worlds go by one clock, each asked for its own stop', () => {
    const f = made({ flow: 'frontend-1-to-backend-2' })
    f.dispatch({ type: 'compare' })
    expect(f.state()).toMatchObject({ against: 'vpc-cni', side: 0 })
    const clock = f.read.comparison(f.state())!.ticks
    expect(f.read.total(f.state())).toBe(clock.length)
    for (let i = 1; i < clock.length; i += 1) {
      f.dispatch({ type: 'move', by: 1 })
      expect(f.read.at(f.state())).toBe(i)
      expect(f.read.stop(f.state())).toBe(clock[i]!.left)
    }
    f.dispatch({ type: 'shown', side: 1 })
    expect(f.state().side).toBe(1)
    f.dispatch({ type: 'compare' })
    expect(f.read.comparison(f.state())).toBeNull()
  })
  it('the end is that of this packet, and from there that of the next', () => {
    const f = made()
    const packet = (): number => f.read.slider(f.state()).packet
    const first = packet()
    f.dispatch({ type: 'end' })
    expect(packet()).toBe(first)
    f.dispatch({ type: 'move', by: 1 })
    const second = packet()
    expect(second).not.toBe(first)
    f.dispatch({ type: 'move', by: -1 })
    f.dispatch({ type: 'end' })
    expect(packet()).toBe(second)
    expect(f.read.at(f.state())).toBe(f.read.end(f.state()))
    f.dispatch({ type: 'last' })
    f.dispatch({ type: 'end' })
    expect(f.read.at(f.state())).toBe(f.read.total(f.state()) - 1)
  })
  it('where a packet has ended it plays on with the next, where all have from the start', () => {
    const f = made()
    f.dispatch({ type: 'end' })
    const at = f.read.at(f.state())
    f.dispatch({ type: 'play' })
    expect(f.read.at(f.state())).toBe(at + 1)
    f.dispatch({ type: 'play' })
    f.dispatch({ type: 'last' })
    f.dispatch({ type: 'play' })
    expect(f.state()).toMatchObject({ playing: true, step: 0 })
  })
  it('a menu or the drawer opens when it is asked for and goes when it is again; what leaves closes one after the other', () => {
    const f = made()
    f.dispatch({ type: 'tab', tab: 'Bytes' })
    f.dispatch({ type: 'menu', menu: 'more' })
    f.dispatch({ type: 'help' })
    expect(f.state()).toMatchObject({ drawer: true, tab: 'Bytes', menu: 'help' })
    f.dispatch({ type: 'move', by: 1 })
    expect(f.state()).toMatchObject({ drawer: true, tab: 'Bytes' })
    f.dispatch({ type: 'leave' })
    expect(f.state()).toMatchObject({ drawer: true, menu: null })
    f.dispatch({ type: 'leave' })
    expect(f.state().drawer).toBe(false)
    f.dispatch({ type: 'tab', tab: 'Bytes' })
    f.dispatch({ type: 'tab', tab: 'Why' })
    expect(f.state()).toMatchObject({ drawer: true, tab: 'Why' })
    f.dispatch({ type: 'tab', tab: 'Why' })
    f.dispatch({ type: 'menu', menu: 'change' })
    f.dispatch({ type: 'menu', menu: 'change' })
    expect(f.state()).toMatchObject({ drawer: false, menu: null })
  })
  it('what a comparison costs is told only while there is one', () => {
    const f = made({ flow: 'frontend-1-to-backend-2' })
    const told = (): string => f.read.tab(f.state())
    expect(told()).toBe('Why')
    f.dispatch({ type: 'compare' })
    expect(told()).toBe('Cost')
    f.dispatch({ type: 'compare' })
    expect(told()).toBe('Why')
  })
  it('a draw that goes another way keeps the place; another flow forgets it', () => {
    const f = made({ flow: 'service' })
    f.dispatch({ type: 'move', by: 1 })
    const { step } = f.state()
    f.dispatch({ type: 'draw' })
    expect(f.state().draw).not.toBeNull()
    expect(f.state().step).toBe(step)
    f.dispatch({ type: 'flow', flow: 'ping' })
    expect(f.state().draw).toBeNull()
  })
  it('the speed stays between the slowest and the fastest, or goes round', () => {
    const f = made()
    for (let i = 0; i < 9; i += 1) f.dispatch({ type: 'speed', by: 1 })
    expect(f.state().speed).toBe(2)
    f.dispatch({ type: 'speed', by: 1, around: true })
    expect(f.state().speed).toBe(0.5)
    f.dispatch({ type: 'speed', by: -1 })
    expect(f.state().speed).toBe(0.5)
  })
})

describe('a world that is not here', () => {
  const only = (id: string): Worlds => {
    const worlds = worldsFound()
    worlds.keep(SCENARIOS[id]!)
    return worlds
  }
  it('is fetched when it is gone to, and what is asked meanwhile waits behind it', async () => {
    const f = made({}, only('flannel-udp'))
    f.dispatch({ type: 'scenario', scenario: 'vpc-cni' })
    expect(f.state().scenario).toBe('flannel-udp')
    f.dispatch({ type: 'flow', flow: 'to-internet' })
    f.dispatch({ type: 'whatIf', whatIf: 'no-snat' })
    expect(f.state()).toMatchObject({ flow: 'ping', whatIfs: [] })
    await vi.waitFor(() => expect(f.state().scenario).toBe('vpc-cni'))
    expect(f.state()).toMatchObject({ flow: 'to-internet', whatIfs: ['no-snat'] })
    expect(f.state().world.topology).toBe(SCENARIOS['vpc-cni']!.topology)
    f.dispatch({ type: 'compare', against: 'flannel-vxlan' })
    expect(f.read.comparison(f.state())).toBeNull()
    await vi.waitFor(() => expect(f.read.comparison(f.state())).not.toBeNull())
  })
  it('of two that are asked for, the last counts', async () => {
    const f = made({}, only('flannel-udp'))
    f.dispatch({ type: 'scenario', scenario: 'vpc-cni' })
    f.dispatch({ type: 'scenario', scenario: 'flannel-vxlan' })
    await vi.waitFor(() => expect(f.state().scenario).toBe('flannel-vxlan'))
    await new Promise((done) => setTimeout(done, 50))
    expect(f.state().scenario).toBe('flannel-vxlan')
  })
  it('and does not come is told, and all is as it was', async () => {
    const gone = { ...only('flannel-udp'), bring: () => Promise.resolve('offline' as const) }
    const f = made({}, gone)
    f.dispatch({ type: 'scenario', scenario: 'vpc-cni' })
    await vi.waitFor(() => expect(f.state().notice ?? '').toMatch(/^This network is missing/))
    expect(f.state().scenario).toBe('flannel-udp')
  })
  it('a comparison ends at once, whether its counterpart is here or not', () => {
    const f = made({}, only('flannel-udp'))
    for (const against of [undefined, null] as const) {
      f.dispatch({
        type: 'read',
        shown: { ...f.state(), against: 'docker-bridge' },
        world: f.state().world,
        notice: null,
      })
      f.dispatch({ type: 'compare', ...(against === undefined ? {} : { against }) })
      expect(f.state().against).toBeNull()
    }
  })
  it('is not fetched for a network of the reader’s own, which is compared with none', () => {
    const bring = vi.fn<Worlds['bring']>(() => Promise.resolve(null))
    const worlds = { ...only('flannel-udp'), bring }
    const home = homeOf({ id: 'f', scenario: 'flannel-udp' }, SCENARIOS['flannel-udp']!, true)
    const f = createFigure(home, worlds)
    f.dispatch({ type: 'compare' })
    f.dispatch({ type: 'scenario', scenario: 'vpc-cni' })
    expect(bring).not.toHaveBeenCalled()
  })
})

describe('what follows from a state', () => {
  const seen = ['now', 'scene', 'flows', 'offered', 'legs', 'outcome', 'comparison'] as const
  it('is the same thing until what it is made of changes: a step changes no menu, list or picture', () => {
    const f = made({ flow: 'frontend-1-to-backend-2', against: 'vpc-cni' })
    const look = (): readonly unknown[] => seen.map((k) => f.read[k](f.state()))
    const before = look()
    for (let i = 0; i < 6; i += 1) f.dispatch({ type: 'move', by: 1 })
    look().forEach((x, i) => expect(x, seen[i]).toBe(before[i]))
    f.dispatch({ type: 'whatIf', whatIf: 'stop-flanneld' })
    expect(f.read.now(f.state())).not.toBe(before[0])
  })
})

/** One of each thing that may be asked. */
const ASKS: { readonly [T in Ask['type']]: Extract<Ask, { readonly type: T }> } = {
  move: { type: 'move', by: 1 },
  decision: { type: 'decision', by: 1 },
  first: { type: 'first' },
  last: { type: 'last' },
  to: { type: 'to', at: 2 },
  end: { type: 'end' },
  unstand: { type: 'unstand' },
  go: { type: 'go', step: 5 },
  key: { type: 'key', key: 'node-1 route' },
  message: { type: 'message', message: 1 },
  answer: { type: 'answer' },
  box: { type: 'box', id: 'node-1' },
  scenario: { type: 'scenario', scenario: 'vpc-cni' },
  flow: { type: 'flow', flow: 'service' },
  whatIf: { type: 'whatIf', whatIf: 'stop-flanneld' },
  undo: { type: 'undo' },
  redo: { type: 'redo' },
  detail: { type: 'detail', detail: 'kernel' },
  compare: { type: 'compare' },
  draw: { type: 'draw' },
  play: { type: 'play' },
  pause: { type: 'pause' },
  scene: {
    type: 'scene',
    scene: {
      id: 'a',
      scenario: 'flannel-udp',
      flow: 'ping',
      whatIfs: [],
      against: null,
      detail: 'story',
      from: '',
      to: '',
    },
  },
  reveal: { type: 'reveal', whatIfs: ['stop-flanneld'] },
  peek: { type: 'peek', key: null },
  follow: { type: 'follow' },
  speed: { type: 'speed', by: 1 },
  tab: { type: 'tab', tab: 'Bytes' },
  drawer: { type: 'drawer', open: true },
  menu: { type: 'menu', menu: 'change' },
  shown: { type: 'shown', side: 1 },
  help: { type: 'help' },
  theme: { type: 'theme', theme: 'dark' },
  copy: { type: 'copy' },
  back: { type: 'back' },
  leave: { type: 'leave' },
  noted: { type: 'noted' },
  handed: { type: 'handed' },
}

describe('what may be asked', () => {
  it.each(Object.values(ASKS))('$type is plain JSON, throws nowhere, and is heard', (ask) => {
    const sent = JSON.parse(JSON.stringify(ask)) as Ask
    expect(sent).toEqual(ask)
    for (const id of Object.keys(SCENARIOS))
      for (const against of [undefined, 'flannel-vxlan']) {
        const f = made({ scenario: id, ...(against === undefined ? {} : { against }) })
        const heard: Action[] = []
        const end = f.onAction((a) => heard.push(a))
        f.dispatch(sent)
        expect(heard).toEqual([ask])
        expect(f.read.step(f.state())).toBeDefined()
        end()
        f.dispatch(sent)
        expect(heard).toHaveLength(1)
      }
  })
})
