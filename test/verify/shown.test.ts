import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { SendFlow, Shown } from '#lib/cli/agent-talk.ts'
import type { Ability } from '#lib/cli/kernel-lab.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { shownBefore } from './shown.ts'

/* A kernel's word, kept and given again. */

const dir = mkdtempSync(join(tmpdir(), 'shown-'))
const lan = SCENARIOS['lan']!.topology
const flow = { from: 'node-1', to: '10.1.20.12', proto: 'icmp', sport: 1, dport: 0 } as SendFlow
const word = (outcome: string): Shown => ({
  outcome,
  lost: 0,
  counters: { 'node-1': { IpInAddrErrors: 1 } },
  frames: [{ in: 'node-1', dev: 'eth0', dir: 'out', to: null, len: 2, hex: 'beef' }],
})

/** A kernel that counts how often it is asked. */
function kernel(release = '6.1.176'): Ability & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    kernel: release,
    cannot: null,
    missing: [],
    asked,
    open: () => {
      asked.push('open')
      return Promise.resolve({
        send: (f) => {
          asked.push(f.to)
          return Promise.resolve(word(`word ${asked.length}`))
        },
        reset: () => Promise.resolve(),
        close: () => Promise.resolve(),
      })
    },
    close: () => Promise.resolve(),
  }
}
async function ask(k: Ability, sent: SendFlow, topology = lan): Promise<Shown> {
  const lab = await k.open(topology)
  const shown = await lab.send(sent)
  await lab.close()
  return shown
}

describe('what a kernel showed', () => {
  afterEach(() => vi.unstubAllEnvs())

  it('is kept, and given again to who asks the same of the same lab', async () => {
    vi.stubEnv('SHOWN', 'keep')
    const keeps = shownBefore(kernel(), 'x', dir)
    const said = await ask(keeps, flow)
    expect(readdirSync(dir)).toEqual(['x.json.gz'])
    vi.stubEnv('SHOWN', undefined)
    const k = kernel()
    expect(await ask(shownBefore(k, 'x', dir), flow)).toEqual(said)
    expect(k.asked).toEqual([])
  })
  it('is asked of the kernel when the lab, the flow or the kernel is another, and when it is asked once more', async () => {
    const k = kernel()
    const again = shownBefore(k, 'x', dir)
    await ask(again, flow)
    await ask(again, flow)
    expect(k.asked).toEqual(['open', '10.1.20.12'])
    await ask(again, { ...flow, to: '10.1.20.13' })
    await ask(again, flow, SCENARIOS['docker-bridge']!.topology)
    expect(k.asked).toHaveLength(6)
    const other = kernel('6.12.1')
    await ask(shownBefore(other, 'x', dir), flow)
    expect(other.asked).toHaveLength(2)
  })
  it('is not looked at with SHOWN=ask', async () => {
    vi.stubEnv('SHOWN', 'ask')
    const k = kernel()
    await ask(shownBefore(k, 'x', dir), flow)
    expect(k.asked).toHaveLength(2)
    rmSync(dir, { recursive: true })
  })
})
