import { describe, expect, it } from 'vitest'
import { DIFFERENCES, differencesOf, traitsOf } from '#lib/analysis/kernel/kernels.ts'
import { applyAll, walk } from '#lib/index.ts'
import { NEWEST } from '#lib/run/run.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

describe('what kernels do differently', () => {
  it.each([
    ['6.1.176', Object.keys(DIFFERENCES)],
    ['5.15.0-89-generic', Object.keys(DIFFERENCES)],
    ['6.18.44', []],
    ['7.0', []],
    ['', []],
    ['of the distribution', []],
  ])('%s', (release, names) => {
    expect(differencesOf(release)).toEqual(names)
    expect(traitsOf(release)).toEqual(
      names.length === 0 ? NEWEST : { ...NEWEST, tunnelLimit: null },
    )
  })
  it('tunnel-limit: what comes to a tunnel again, which Linux 6.18 ends at the fourth and 6.1 at the tenth', () => {
    const t = applyAll(SCENARIOS['flannel-vxlan']!.topology, [
      {
        op: 'add',
        in: 'node-1',
        table: 'netfilter',
        row: { table: 'nat', chain: 'OUTPUT', target: { type: 'DNAT', to: '10.1.20.2' } },
      },
    ])
    const flow = {
      from: 'node-1',
      to: '10.1.20.2',
      proto: 'icmp',
      dport: 0,
      size: 56,
      ttl: 64,
    } as const
    const into = (release: string): number =>
      walk(t, flow, { traits: traitsOf(release) }).frames.filter((f) => f.dev === 'flannel.1')
        .length
    expect([into('6.18.44'), into('6.1.176')]).toEqual([4, 9])
  })
})
