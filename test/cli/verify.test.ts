import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Asked, check } from '#lib/cli/check.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { ran, top } from './run.ts'

// Which flows are sent is asked here, what the kernel says of them in test/verify.
const sent: Asked[] = []
vi.mock('#lib/cli/kernels.ts', () => ({
  kernelFor: () => ({
    kernel: { kernel: 'x', cannot: null, missing: [], close: async () => {} },
    says: null,
  }),
}))
vi.mock('#lib/cli/check.ts', () => ({
  check: (async (_about, flows) => {
    sent.push(...flows)
    return []
  }) as typeof check,
}))
beforeEach(() => {
  sent.length = 0
})

const dir = mkdtempSync(join(tmpdir(), 'packet-walk-'))
afterAll(() => rmSync(dir, { recursive: true }))

describe('verify sends', () => {
  it('every flow of a world', async () => {
    expect(await ran('verify', 'vpc-cni')).toMatchObject({ status: 0, err: '' })
    expect(Object.fromEntries(sent.map((x) => [x.name, x.flow]))).toEqual(
      SCENARIOS['vpc-cni']!.flows,
    )
  })
  it('with the draw that was asked for', async () => {
    await ran('verify', 'flannel-vxlan', '--draw', '7')
    expect(new Set(sent.map((x) => x.flow.draw))).toEqual(new Set([7]))
  })
  it('of a file its flows and every pair, each once', async () => {
    expect(await ran('verify', join(top, 'public/example.yaml'))).toMatchObject({
      status: 0,
      err: '',
    })
    expect(sent.map((x) => x.name)).toEqual([
      'first-to-last',
      'web → backend:80',
      'web → api-1',
      'api-1 → api-2',
      'api-2 → web',
      'web → internet',
      'api-1 → internet',
      'api-2 → internet',
      'web → api-2',
      'api-1 → web',
      'api-2 → api-1',
    ])
  })
  it('of a large file 64 pairs, and says of how many', async () => {
    const file = join(dir, 'large.yaml')
    writeFileSync(file, 'packet-walk: 1\nnetwork: flannel-vxlan\ncount: 4\npodsPerNode: 10\n')
    for (const json of [[], ['--json']])
      expect((await ran('verify', file, ...json)).err).toBe(
        'packet-walk: verify: 64 of 1600 pairs; choose others with --from and --to\n',
      )
    expect((await ran('verify', file, '--flow', 'ping')).err).toBe('')
  })
  it('one flow, where one is named', async () => {
    await ran('verify', 'vpc-cni', '--from', 'node-1', '--to', 'node-2:22')
    expect(sent.map((x) => x.name)).toEqual(['tcp node-1 → 192.168.0.200:22 33 bytes'])
  })
})
