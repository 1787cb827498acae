import { describe, expect, it } from 'vitest'
import { lookupRoute } from '#lib/lookup/route.ts'
import { apply } from '#lib/topology/apply.ts'
import { command } from '#lib/topology/command.ts'
import type { Route } from '#lib/topology/rows.ts'
import { TOOLS } from '#lib/topology/tools.ts'
import { fromSpaces, netns } from '#lib/topology/topology.ts'
import { BORN } from '#lib/topology/tables/rules/row.ts'
import { link, LO, ns } from './spaces.ts'

/* `ip route get` of Linux 6.18 with net.ipv4.fib_multipath_hash_seed 7, next hops of weight 1 and 3. */

const ROUTES: readonly Route[] = [
  { table: 'main', dst: '10.0.1.0/24', dev: 'a', scope: 'link' },
  { table: 'main', dst: '10.0.2.0/24', dev: 'b', scope: 'link' },
  { table: 'main', dst: '10.9.0.0/16', via: '10.0.1.2', dev: 'a', weight: 1 },
  { table: 'main', dst: '10.9.0.0/16', via: '10.0.2.2', dev: 'b', weight: 3 },
]
const spaceOf = (policy: number, seed = 7, bUp = true) =>
  ns({
    devs: [
      LO,
      link('a', ['10.0.1.1/24']),
      { ...link('b', ['10.0.2.1/24']), up: bUp },
      link('c', ['10.0.3.254/24']),
    ],
    routes: ROUTES,
    rules: BORN,
    sysctls: [
      { key: 'net.ipv4.fib_multipath_hash_policy', value: policy },
      { key: 'net.ipv4.fib_multipath_hash_seed', value: seed },
    ],
  })
const tcp = (sport: number) => ({ proto: 6, sport, dport: 80 })
const all = (of: (i: number) => string | null): string =>
  Array.from({ length: 24 }, (_, i) => of(i + 1)).join('')
const KERNEL = {
  own0: 'bbbbbbbbaaabbbbbbababbba',
  came0: 'bbbbbaabbabbbbbbaabbbbba',
  own1: 'bbbbabbbbaaabbbbbbabbbbb',
  came1: 'bbbbbbabbbbabbbbaabbbbbb',
}

describe('several next hops', () => {
  it.each([0, 1] as const)('policy %d chooses as Linux does', (policy) => {
    const n = spaceOf(policy)
    const own = all((i) => lookupRoute(n, `10.9.0.${i}`, { l4: tcp(1000 + i) }).dev)
    const came = all(
      (i) => lookupRoute(n, `10.9.0.${i}`, { src: `10.0.3.${i}`, iif: 'c', l4: tcp(1000 + i) }).dev,
    )
    expect([own, came]).toEqual([KERNEL[`own${policy}`], KERNEL[`came${policy}`]])
  })
  it('the same both ways, and who has a source leaves where that is', () => {
    const n = spaceOf(1)
    for (let i = 1; i < 20; i += 1) {
      const there = lookupRoute(n, `10.9.0.${i}`, { src: '10.9.1.1', iif: 'c', l4: tcp(i) })
      const back = lookupRoute(n, '10.9.1.1', {
        src: `10.9.0.${i}`,
        iif: 'c',
        l4: { proto: 6, sport: 80, dport: i },
      })
      expect(back.dev).toBe(there.dev)
      expect(lookupRoute(n, `10.9.0.${i}`, { src: '10.0.1.1' }).dev).toBe('a')
    }
  })
  it('one whose device is down is not taken', () => {
    const n = spaceOf(0, 7, false)
    for (let i = 1; i < 9; i += 1) expect(lookupRoute(n, `10.9.0.${i}`, {}).matched).toBe(2)
  })
  it('of the others none is said to be worse', () => {
    expect(lookupRoute(spaceOf(0), '10.9.0.1', {}).rejected).toEqual([])
  })
})

describe('as iproute2 has it', () => {
  const t = fromSpaces([spaceOf(0)])
  const printed = (x: typeof t) =>
    TOOLS.routes.print(netns(x, spaceOf(0).name)!).lines.map((l) => [l.text, l.row])
  it('prints them below what they have in common', () => {
    expect(printed(t).slice(-3)).toEqual([
      ['10.9.0.0/16', null],
      ['\tnexthop via 10.0.1.2 dev a weight 1', 2],
      ['\tnexthop via 10.0.2.2 dev b weight 3', 3],
    ])
  })
  const edit = { in: spaceOf(0).name, table: 'routes' } as const
  it('each change writes the route anew', () => {
    const where = { dst: '10.9.0.0/16', dev: 'b' } as const
    expect(command({ op: 'set', ...edit, where, to: { weight: 9 } }, t)).toContain(
      'ip route replace 10.9.0.0/16 nexthop via 10.0.1.2 dev a weight 1 nexthop via 10.0.2.2 dev b weight 9',
    )
    expect(command({ op: 'del', ...edit, where }, t)).toContain(
      'ip route replace 10.9.0.0/16 nexthop via 10.0.1.2 dev a weight 1',
    )
  })
  it('what is down is dead, and what is gone takes the route with it', () => {
    const b = { in: edit.in, table: 'devs', where: { name: 'b' } } as const
    expect(printed(apply(t, { op: 'set', ...b, to: { up: false } })).at(-1)![0]).toBe(
      '\tnexthop via 10.0.2.2 dev b weight 3 dead linkdown',
    )
    const gone = netns(apply(t, { op: 'del', ...b }), edit.in)!
    expect(gone.routes.filter((r) => r.dst === '10.9.0.0/16')).toEqual([])
  })
})
