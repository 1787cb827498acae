import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WORLDS_HERE } from '#components/figure/effects/worlds.ts'
import { createSandbox, type SandboxStore } from '#components/sandbox/store.ts'
import type { Away } from '#components/words/en/away.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

/* A sandbox while a network is on its way: each comes when the test lets it. */

let come: Readonly<Record<string, (away?: Away) => Promise<void>>>
let sandbox: SandboxStore
beforeEach(() => {
  const here = new Map([['flannel-vxlan', SCENARIOS['flannel-vxlan']!]])
  come = {}
  vi.spyOn(WORLDS_HERE, 'here').mockImplementation((id) => here.get(id))
  vi.spyOn(WORLDS_HERE, 'bring').mockImplementation(([id = '']) => {
    const brought = new Promise<Away | null>((done) => {
      come = {
        ...come,
        [id]: async (away) => {
          if (away === undefined) here.set(id, SCENARIOS[id]!)
          done(away ?? null)
          await brought
          await Promise.resolve()
        },
      }
    })
    return brought
  })
  sandbox = createSandbox('')
})
afterEach(() => {
  vi.restoreAllMocks()
})
const choose = (network: string): void => sandbox.dispatch({ type: 'set', to: { network } })

describe('a network of a sandbox that is not here', () => {
  it('is that of the last choice, whichever comes last', async () => {
    choose('vpc-cni')
    choose('docker-bridge')
    await come['docker-bridge']!()
    await come['vpc-cni']!()
    expect(sandbox.state().box.network).toBe('docker-bridge')
  })
  it('is not gone to any more by who began again, or took back what was before', async () => {
    sandbox.dispatch({ type: 'set', to: { pods: 3 } })
    choose('vpc-cni')
    sandbox.dispatch({ type: 'undo' })
    await come['vpc-cni']!()
    expect(sandbox.state().box).toMatchObject({ network: 'flannel-vxlan', pods: 2 })
  })
  it('does not undo what is done meanwhile', async () => {
    choose('vpc-cni')
    sandbox.dispatch({ type: 'set', to: { pods: 3 } })
    await come['vpc-cni']!()
    expect(sandbox.state().box).toMatchObject({ network: 'vpc-cni', pods: 3 })
  })
  it('and does not come is told, until something else is done', async () => {
    choose('vpc-cni')
    await come['vpc-cni']!('offline')
    expect(sandbox.state().missing).toMatch(/^This network is missing/)
    sandbox.dispatch({ type: 'set', to: { pods: 3 } })
    expect(sandbox.state().missing).toBeNull()
  })
})

describe('what was done to a sandbox', () => {
  it('is taken back and done again', () => {
    const { dispatch, state } = sandbox
    for (const pods of [3, 4]) dispatch({ type: 'set', to: { pods } })
    dispatch({ type: 'undo' })
    expect(state().box.pods).toBe(3)
    dispatch({ type: 'redo' })
    expect(state().box.pods).toBe(4)
    dispatch({ type: 'undo' })
    dispatch({ type: 'edits', edits: [{ op: 'none' }] })
    dispatch({ type: 'redo' })
    expect(state()).toMatchObject({ future: [], box: { pods: 3, edits: [{ op: 'none' }] } })
    for (let i = 0; i < 3; i += 1) dispatch({ type: 'undo' })
    expect(state()).toMatchObject({ past: [], box: { pods: 2, edits: [] } })
  })
})
