import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { keepAddress, type Address } from '#components/figure/effects/address.ts'
import { keepClipboard } from '#components/figure/effects/clipboard.ts'
import { keepHost } from '#components/figure/effects/host.ts'
import { worldsFound } from '#components/figure/effects/worlds.ts'
import { MARK } from '#components/figure/messages.ts'
import type { Away } from '#components/words/en/away.ts'
import type { FigureStore } from '#components/figure/store/figure.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { made } from './made.ts'

/* A figure and what stands around it, while a world is on its way: each world that is asked for comes when the test lets it. */

let come: Readonly<Record<string, (away?: Away) => void>>
let figure: FigureStore
beforeEach(() => {
  const found = worldsFound()
  for (const id of ['flannel-udp', 'docker-bridge'] as const) found.keep(SCENARIOS[id]!)
  come = {}
  figure = made(
    { id: 'f', bare: true },
    {
      here: found.here,
      bring: ([id = '']) =>
        new Promise((done) => {
          come = {
            ...come,
            [id]: (away) => {
              if (away === undefined) found.keep(SCENARIOS[id]!)
              done(away ?? null)
            },
          }
        }),
    },
  )
})
afterEach(() => {
  vi.unstubAllGlobals()
})

describe('the address of a figure that waits for a world', () => {
  let address: Address
  let entry: object
  let written: unknown
  /** A link that is pasted, or gone back to. */
  const go = (hash: string): void => {
    location.hash = hash
    address.follow(false)
  }
  beforeEach(() => {
    const location = { hash: '', origin: '', pathname: '', search: '' }
    const write = (state: unknown, _: string, hash: string): void => {
      written = state
      location.hash = hash
    }
    vi.stubGlobal('location', location)
    entry = { next: 'kept' }
    const next = (): void => {
      throw new Error('Next draws its pages anew')
    }
    vi.stubGlobal('history', { state: entry, pushState: write, replaceState: next })
    vi.stubGlobal('History', { prototype: { replaceState: write } })
    address = keepAddress(figure)
  })
  afterEach(() => {
    address.end()
  })
  it('is written past what Next has in its way, with what Next keeps, and only when a step has rest', async () => {
    vi.useFakeTimers()
    figure.dispatch({ type: 'move', by: 1 })
    figure.dispatch({ type: 'move', by: 1 })
    expect(location.hash).toBe('')
    await vi.advanceTimersByTimeAsync(299)
    expect(location.hash).toBe('')
    await vi.advanceTimersByTimeAsync(1)
    vi.useRealTimers()
    expect(location.hash).toContain(figure.read.key(figure.state()).split(' ')[1])
    expect(written).toBe(entry)
  })
  it('goes where the reader went last: back, though the world comes later', async () => {
    figure.dispatch({ type: 'scenario', scenario: 'vpc-cni' })
    go('#f=1;docker-bridge;ping;;')
    expect(figure.state().scenario).toBe('docker-bridge')
    come['vpc-cni']!()
    await figure.settled()
    await Promise.resolve()
    expect(figure.state().scenario).toBe('docker-bridge')
  })
  it('goes where the reader went last: to a world that was chosen after the link', async () => {
    go('#f=1;flannel-vxlan;ping;;')
    figure.dispatch({ type: 'scenario', scenario: 'vpc-cni' })
    come['flannel-vxlan']!()
    await Promise.resolve()
    come['vpc-cni']!()
    await figure.settled()
    await Promise.resolve()
    expect(figure.state().scenario).toBe('vpc-cni')
  })
  it('keeps for the world of a link what is asked meanwhile', async () => {
    go('#f=1;flannel-vxlan;ping;;')
    figure.dispatch({ type: 'last' })
    expect(figure.state().step).toBe(0)
    come['flannel-vxlan']!()
    await figure.settled()
    expect(figure.state().scenario).toBe('flannel-vxlan')
    expect(figure.read.at(figure.state())).toBe(figure.read.total(figure.state()) - 1)
  })
  it('a heading’s anchor does not stop a world on its way', async () => {
    figure.dispatch({ type: 'scenario', scenario: 'vpc-cni' })
    go('#what-a-node-does')
    come['vpc-cni']!()
    await figure.settled()
    expect(figure.state().scenario).toBe('vpc-cni')
  })
})

describe('the link that was copied', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    vi.stubGlobal('location', { hash: '', origin: '', pathname: '', search: '' })
    vi.stubGlobal('navigator', { clipboard: { writeText: () => Promise.resolve() } })
  })
  afterEach(() => {
    vi.useRealTimers()
  })
  it('is told as long as each time, also where another is copied meanwhile', async () => {
    const end = keepClipboard(figure)
    figure.dispatch({ type: 'copy' })
    await vi.advanceTimersByTimeAsync(2000)
    figure.dispatch({ type: 'copy' })
    await vi.advanceTimersByTimeAsync(2000)
    expect(figure.state().said).not.toBe('')
    await vi.advanceTimersByTimeAsync(600)
    expect(figure.state().said).toBe('')
    figure.dispatch({ type: 'copy' })
    await vi.advanceTimersByTimeAsync(0)
    end()
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a host page that asks while a world is on its way', () => {
  let hear: (data: unknown) => void
  let said: readonly { readonly type: string }[]
  let end: () => void
  beforeEach(() => {
    said = []
    const host = {
      postMessage: (m: { readonly type: string }) => {
        said = [...said, m]
      },
    }
    vi.stubGlobal('parent', host)
    vi.stubGlobal(
      'ResizeObserver',
      class {
        observe(): void {}
        disconnect(): void {}
      },
    )
    vi.stubGlobal('document', { body: {}, querySelector: () => null })
    vi.stubGlobal('location', { search: '' })
    vi.stubGlobal('addEventListener', (type: string, f: (e: object) => void) => {
      if (type === 'message') hear = (data) => f({ source: host, data })
    })
    vi.stubGlobal('removeEventListener', () => {})
    end = keepHost(figure)
  })
  const set = { [MARK]: 1, type: 'set', scenario: 'vpc-cni' }
  const other = { [MARK]: 1, type: 'set', whatIfs: ['no-snat'], flow: 'to-internet' }
  it('is heard when it has come, of that world', async () => {
    hear(set)
    hear(other)
    await vi.waitFor(() => expect(come['vpc-cni']).toBeDefined())
    come['vpc-cni']!()
    await vi.waitFor(() =>
      expect(said.at(-1)).toMatchObject({
        type: 'step',
        scenario: 'vpc-cni',
        whatIfs: ['no-snat'],
        flow: 'to-internet',
      }),
    )
    expect(said.filter((m) => m.type === 'error')).toEqual([])
  })
  it('is told that it did not come', async () => {
    hear(set)
    await vi.waitFor(() => expect(come['vpc-cni']).toBeDefined())
    come['vpc-cni']!('offline')
    await vi.waitFor(() =>
      expect(said.at(-1)).toMatchObject({
        type: 'error',
        message: expect.stringMatching(/^This network is missing/) as string,
      }),
    )
    expect(figure.state().scenario).toBe('flannel-udp')
  })
  it('is not heard any more when the figure is gone', async () => {
    hear(set)
    hear(other)
    await vi.waitFor(() => expect(come['vpc-cni']).toBeDefined())
    end()
    come['vpc-cni']!()
    await figure.settled()
    await new Promise((done) => setTimeout(done, 0))
    expect(said.map((m) => m.type)).toEqual(['ready'])
    expect(figure.state().whatIfs).toEqual([])
  })
})
