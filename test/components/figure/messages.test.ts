import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { heard, MARK, shown, stepsOf, worldsNamed } from '#components/figure/messages.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import type { FigureStore } from '#components/figure/store/figure.ts'
import { made } from './made.ts'

let figure: FigureStore
const MAY = ['move', 'key', 'to', 'scenario', 'flow', 'whatIf', 'detail', 'theme']
beforeEach(() => {
  figure = made({ scenario: 'flannel-vxlan', bare: true })
})
/** What becomes of a message: the figure after it, or the error. */
function after(message: object): ReturnType<typeof shown> | string | null {
  const asks = heard({ [MARK]: 1, ...message }, figure)
  if (typeof asks === 'string' || asks === null) return asks
  for (const a of asks) figure.dispatch(a)
  return shown(figure)
}

describe('what a host page may ask', () => {
  it('next and previous, and no further than the ends', () => {
    expect(after({ type: 'next' })).toMatchObject({ stop: 1 })
    expect(after({ type: 'previous' })).toMatchObject({ stop: 0 })
    expect(after({ type: 'previous' })).toMatchObject({ stop: 0 })
  })
  it('to a step by its key, or a stop by its number', () => {
    expect(after({ type: 'goTo', step: 'node-1/flannel.1 tunnel' })).toMatchObject({
      step: 'node-1/flannel.1 tunnel',
    })
    expect(after({ type: 'goTo', stop: 2 })).toMatchObject({ stop: 2 })
  })
  it('another world, flow, what-ifs and detail, those named and no others', () => {
    const said = after({ type: 'set', whatIfs: ['delete-fdb'], flow: 'ping', detail: 'kernel' })
    expect(said).toMatchObject({ flow: 'ping', whatIfs: ['delete-fdb'] })
    expect(figure.state().detail).toBe('kernel')
    expect(after({ type: 'set', whatIfs: ['drop-route', 'drop-route'] })).toMatchObject({
      whatIfs: ['drop-route'],
    })
    expect(
      after({ type: 'set', scenario: 'vpc-cni', whatIfs: ['no-snat'], flow: 'to-internet' }),
    ).toMatchObject({
      scenario: 'vpc-cni',
      whatIfs: ['no-snat'],
      flow: 'to-internet',
      stop: 0,
    })
    expect(after({ type: 'set', whatIfs: [] })).toMatchObject({ whatIfs: [] })
  })
  it('the colours of the page, which are no state of the figure', () => {
    const before = figure.state()
    expect(heard({ [MARK]: 1, type: 'set', theme: 'projector' }, figure)).toEqual([
      { type: 'theme', theme: 'projector' },
    ])
    after({ type: 'set', theme: 'projector' })
    expect(figure.state()).toBe(before)
  })
  it('each step that ready names, and is then told of it', () => {
    const steps = stepsOf(figure)
    expect(steps.length).toBeGreaterThan(5)
    for (const [n, step] of steps.entries())
      expect(after({ type: 'goTo', step })).toMatchObject({ key: step, n, of: steps.length })
  })
})

describe('what is not there', () => {
  it.each<readonly [object, RegExp]>([
    [{ [MARK]: 2, type: 'next' }, /^version a value of type number is not known here; there is 1$/],
    [{ type: 'jump' }, /^"jump" is no type of message; there are next, previous, goTo and set$/],
    [{}, /^nothing is no type of message/],
    [{ type: 'goTo' }, /^goTo takes step, a key, or stop, a whole number from 0 to \d+$/],
    [{ type: 'goTo', stop: 1e9 }, /^goTo takes/],
    [{ type: 'goTo', step: 'x'.repeat(9999) }, /^"x{58}… is no step of this walk$/],
    [{ type: 'set', scenario: 'constructor' }, /^"constructor" is no world$/],
    [{ type: 'set', flow: '__proto__' }, /^"__proto__" is no flow of flannel-vxlan$/],
    [{ type: 'set', whatIfs: ['toString'] }, /^"toString" is no what-if of flannel-vxlan$/],
    [{ type: 'set', whatIfs: 'drop-route' }, /^whatIfs is a list of names$/],
    [
      { type: 'set', detail: 'all' },
      /^"all" is no level of detail; there are story, network, kernel$/,
    ],
    [
      { type: 'set', edits: [] },
      /^set has no member "edits"; there are scenario, flow, whatIfs, detail, theme$/,
    ],
    [
      { type: 'set', theme: 'valueOf' },
      /^"valueOf" are no colours; there are system, light, dark, projector$/,
    ],
  ])('%j is answered with an error, and nothing is done', (message, error) => {
    const before = figure.state()
    expect(heard({ [MARK]: 1, ...message }, figure)).toMatch(error)
    expect(figure.state()).toBe(before)
  })
  it('fetches no world but one that a message of ours names', () => {
    expect(worldsNamed({ [MARK]: 1, type: 'set', scenario: 'lan' })).toEqual(['lan'])
    for (const other of [
      { type: 'set', scenario: 'lan' },
      { [MARK]: 2, type: 'set', scenario: 'lan' },
      { [MARK]: 1, type: 'next', scenario: 'lan' },
      { [MARK]: 1, type: 'set', scenario: '__proto__' },
      'lan',
    ])
      expect(worldsNamed(other)).toEqual([])
  })
  it('is no message of ours, and stays without an answer', () => {
    for (const x of [
      null,
      undefined,
      1,
      'next',
      [],
      [1],
      {},
      { type: 'next' },
      new Date(0),
      'slide:start',
      'slide:stop',
    ])
      expect(heard(x, figure)).toBeNull()
  })
  it('throws nothing and does nothing wrong, whatever comes (5,000 messages)', () => {
    const member = fc.oneof(
      fc.anything(),
      fc.constantFrom('next', 'goTo', 'set', 'ping', 'vpc-cni', 'delete-fdb', 'kernel'),
    )
    const message = fc.oneof(
      fc.anything({
        withNullPrototype: true,
        withBigInt: true,
        withDate: true,
        withMap: true,
        withTypedArray: true,
      }),
      fc.record(
        {
          [MARK]: fc.oneof(fc.constant(1), member),
          type: fc.oneof(fc.constantFrom('next', 'previous', 'goTo', 'set'), member),
          step: member,
          stop: fc.oneof(fc.double(), member),
          scenario: member,
          flow: member,
          whatIfs: fc.oneof(fc.array(member), member),
          detail: member,
          theme: member,
        },
        { requiredKeys: [] },
      ),
    )
    fc.assert(
      fc.property(message, (m) => {
        const before = figure.state()
        const asks = heard(m, figure)
        expect(figure.state()).toBe(before)
        const [done, error] = typeof asks === 'string' ? [[], asks] : [asks ?? [], '']
        expect(error.length).toBeLessThan(300)
        // Only what these messages may ask, whatever they say.
        expect(done.map((a) => a.type).filter((t) => !MAY.includes(t))).toEqual([])
        for (const a of done) figure.dispatch(a)
        const { n, of, key, scenario, flow, whatIfs } = shown(figure)
        expect(Number.isInteger(n) && n >= 0 && n < of).toBe(true)
        expect(key).not.toBe('')
        const world = SCENARIOS[scenario]!
        expect(world.flows).toHaveProperty([flow])
        expect(whatIfs.every((w) => Object.hasOwn(world.whatIfs, w))).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })
})
