import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromNumber, inCidr, parseCidr } from '#lib/wire/addr.ts'
import type { Route, Rule } from '#lib/topology/rows.ts'
import type { Netns } from '#lib/topology/topology.ts'
import { lookupRoute, type RouteBy } from '#lib/lookup/route.ts'
import { link, LO, ns } from './spaces.ts'

const DEVS = [
  LO,
  link('a', ['10.0.0.1/8']),
  link('b', ['172.16.0.1/12']),
  link('c', ['192.0.2.1/24'], { up: false }),
]

// Addresses out of few bits, so that prefixes meet.
const address = fc
  .tuple(
    fc.constantFrom(10, 172, 200, 0, 255),
    fc.constantFrom(0, 1, 128, 255),
    fc.constantFrom(0, 1, 255),
    fc.constantFrom(0, 1, 2, 255),
  )
  .map(([a, b, c, d]) => fromNumber(((a << 24) | (b << 16) | (c << 8) | d) >>> 0))
const prefix = fc
  .tuple(address, fc.oneof(fc.integer({ min: 0, max: 32 }), fc.constant(32)))
  .map(([ip, bits]) => `${fromNumber(parseCidr(`${ip}/${bits}`).base)}/${bits}` as const)
const route: fc.Arbitrary<Route> = fc.record({
  table: fc.constantFrom('main', 'default', '2'),
  dst: prefix,
  metric: fc.constantFrom(0, 50, 100),
  dev: fc.constantFrom('a', 'b', 'c', 'gone'),
  type: fc.constantFrom(
    'unicast' as const,
    'unicast' as const,
    'unicast' as const,
    'blackhole' as const,
  ),
})
const rule: fc.Arbitrary<Rule> = fc
  .record({
    priority: fc.constantFrom(0, 100, 200, 32766),
    table: fc.constantFrom('local', 'main', '2'),
  })
  .chain((r) =>
    fc.oneof(
      fc.constant(r),
      prefix.map((from) => ({ ...r, from })),
      prefix.map((to) => ({ ...r, to })),
      fc.constantFrom('a', 'lo').map((iif) => ({ ...r, iif })),
      fc
        .constantFrom({ value: 0x80, mask: 0x80 }, { value: 0x80000000, mask: 0xffffffff })
        .map((fwmark) => ({ ...r, fwmark })),
    ),
  )
  .chain((r) => fc.boolean().map((not) => (not ? { ...r, not } : r)))
const by: fc.Arbitrary<RouteBy> = fc.record({
  src: address,
  iif: fc.constantFrom('a', 'b', 'lo'),
  mark: fc.constantFrom(0, 0x80, 0xff, 0x80000000),
})

/** The same question, answered by reading every row. */
function scan(n: Netns, dst: string, q: RouteBy): { rule: number | null; matched: number | null } {
  const order = n.rules
    .map((r, i) => ({ r, i }))
    .sort((x, y) => x.r.priority - y.r.priority || x.i - y.i)
  for (const { r, i } of order) {
    const fits =
      (r.from === undefined || inCidr(q.src!, r.from)) &&
      (r.to === undefined || inCidr(dst, r.to)) &&
      (r.iif === undefined || r.iif === q.iif) &&
      (r.fwmark === undefined || ((q.mark! ^ r.fwmark.value) & r.fwmark.mask) === 0)
    if (fits === (r.not === true)) continue
    if (r.table === 'local') {
      const mine =
        inCidr(dst, '127.0.0.0/8') ||
        n.devs.some((d) => d.addrs.some((c) => c.startsWith(`${dst}/`))) ||
        dst === '10.255.255.255' ||
        dst === '172.31.255.255'
      if (mine) return { rule: i, matched: null }
      continue
    }
    let best = -1
    n.routes.forEach((x, k) => {
      if (x.table !== r.table || !inCidr(dst, x.dst)) return
      if (x.type === 'unicast' && n.devs.find((d) => d.name === x.dev)?.up !== true) return
      const old = n.routes[best]
      if (
        old === undefined ||
        parseCidr(x.dst).bits > parseCidr(old.dst).bits ||
        (parseCidr(x.dst).bits === parseCidr(old.dst).bits && x.metric! < old.metric!)
      )
        best = k
    })
    if (best >= 0) return { rule: i, matched: best }
  }
  return { rule: null, matched: null }
}

describe('the indexed lookup', () => {
  it('answers as a scan of all rows does', () => {
    fc.assert(
      fc.property(
        fc.array(rule, { maxLength: 12 }),
        fc.array(route, { maxLength: 40 }),
        address,
        by,
        (rules, routes, dst, q) => {
          const n = ns({ devs: DEVS, rules, routes })
          const got = lookupRoute(n, dst, q)
          expect({ rule: got.rule, matched: got.matched }).toEqual(scan(n, dst, q))
          for (const row of got.rejected) {
            const miss = routes[row]!
            expect(row).not.toBe(got.matched)
            expect(miss.table).toBe(routes[got.matched!]!.table)
            expect(inCidr(dst, miss.dst)).toBe(true)
          }
        },
      ),
      { numRuns: 1000 },
    )
  })
})
