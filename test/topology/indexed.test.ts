import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apply, applyAll } from '#lib/topology/apply.ts'
import { descentOf, withoutRowAt, withRow, withRowAt } from '#lib/topology/descent.ts'
import { grouped, indexed } from '#lib/topology/indexed.ts'
import { difference } from '#lib/topology/invert.ts'
import { rowsLike } from '#lib/topology/keyed.ts'
import {
  emptyNetns,
  fromSpaces,
  netns,
  withSpace,
  withTable,
  type Netns,
  type Topology,
} from '#lib/topology/topology.ts'

/* An index of an edited table says what one built from nothing says, and is not built from nothing. */

interface Row {
  readonly of: string
  readonly key: number
  readonly metric: number
}
const row = fc.record({
  of: fc.constantFrom('a', 'b', 'c'),
  key: fc.integer({ min: 0, max: 20 }),
  metric: fc.integer({ min: 0, max: 2 }),
})
const edit = fc.oneof(
  fc.record({ op: fc.constant('add' as const), row }),
  fc.record({ op: fc.constant('set' as const), at: fc.nat(), row }),
  fc.record({ op: fc.constant('del' as const), at: fc.nat() }),
)
type Change =
  | { readonly op: 'add'; readonly row: Row }
  | { readonly op: 'set'; readonly at: number; readonly row: Row }
  | { readonly op: 'del'; readonly at: number }

function edited(rows: readonly Row[], e: Change): readonly Row[] {
  if (e.op === 'add') return withRow(rows, e.row)
  if (rows.length === 0) return rows
  const at = e.at % rows.length
  return e.op === 'set' ? withRowAt(rows, at, e.row) : withoutRowAt(rows, at)
}

/** A topology with these as a table of its one namespace, and that table: what is undone is undone of a topology. */
const withNeigh = (rows: readonly Row[]): Topology =>
  withSpace(fromSpaces([ONE]), withTable(ONE, 'neigh', rows as never))
const neighOf = (t: Topology): readonly Row[] =>
  netns(t, ONE.name)!.neigh as unknown as readonly Row[]
const ONE = emptyNetns('n', 'n', 'node')

/** Everything that an index says, the empty left out. */
function all(index: ReturnType<ReturnType<typeof grouped<Row, string, number>>>): unknown {
  return ['a', 'b', 'c'].map((of) =>
    Array.from({ length: 21 }, (_, key) => [...(index.get(of)?.get(key) ?? [])]),
  )
}

describe('an index of a table that was edited', () => {
  it('finds the rows that one of a copy finds, in their order, after any edits', () => {
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 64, maxLength: 90 }),
        fc.array(edit, { maxLength: 45 }),
        (written, changes) => {
          const places = (r: Row, put: (of: string, key: number) => void): void => put(r.of, r.key)
          for (const order of [undefined, (a: Row, b: Row) => a.metric - b.metric]) {
            const index = grouped<Row, string, number>(places, order)
            let rows: readonly Row[] = written
            for (const change of changes) {
              rows = edited(rows, change)
              expect(all(index(rows))).toEqual(all(grouped(places, order)([...rows])))
            }
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('finds them as well after cuts, whether they undo something or not', () => {
    const undo = fc.record({ op: fc.constant('undo' as const), of: fc.nat() })
    const cut = fc.record({
      op: fc.constant('cut' as const),
      at: fc.nat(),
      out: fc.nat({ max: 3 }),
      put: fc.array(row, { maxLength: 3 }),
    })
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 64, maxLength: 80 }),
        fc.array(fc.oneof({ weight: 4, arbitrary: edit }, { weight: 3, arbitrary: undo }, cut), {
          maxLength: 45,
        }),
        (written, changes) => {
          const places = (r: Row, put: (of: string, key: number) => void): void => put(r.of, r.key)
          const index = grouped<Row, string, number>(places)
          const past = [withNeigh(written)]
          const next = (change: (typeof changes)[number]): Topology => {
            const t = past.at(-1)!
            const rows = neighOf(t)
            if (change.op === 'undo')
              return applyAll(t, difference(t, past[change.of % past.length]!))
            if (change.op !== 'cut') return withNeigh(edited(rows, change))
            const at = change.at % (rows.length + 1)
            const cuts = [{ at, out: rows.slice(at, at + change.out), put: change.put }]
            return apply(t, { op: 'splice', in: ONE.name, table: 'neigh', cuts })
          }
          for (const change of changes) {
            const to = next(change)
            const rows = neighOf(to)
            const then = change.op === 'undo' ? past[change.of % past.length]! : to
            expect(rows).toEqual(neighOf(then))
            expect(all(index(rows))).toEqual(all(grouped(places)([...rows])))
            past.push(to)
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('is not built anew where edits were undone, and the table is the one it was when all were', () => {
    const rows = Array.from({ length: 80 }, (_, key) => ({ of: 'a', key, metric: 0 }))
    let asked = 0
    const index = grouped<Row, string, number>((r, put) => {
      asked += 1
      put(r.of, r.key)
    })
    index(rows)
    const before = withNeigh(rows)
    const after = withNeigh(
      withRow(withoutRowAt(withRowAt(rows, 7, { of: 'b', key: 7, metric: 0 }), 40), rows[3]!),
    )
    const undone = neighOf(applyAll(after, difference(after, before)))
    expect(undone).toBe(rows)
    expect(index(undone).get('a')?.get(40)).toEqual([40])
    expect(asked).toBe(80)
    // The first of two: the rows of the other one are asked, and no more.
    const once = withNeigh(withRowAt(rows, 7, { of: 'b', key: 7, metric: 0 }))
    const twice = withNeigh(withoutRowAt(neighOf(once), 40))
    const half = neighOf(applyAll(twice, difference(twice, once)))
    expect(index(half).get('b')?.get(7)).toEqual([7])
    expect(asked).toBe(82)
  })

  it('asks only rows that changed where they are', () => {
    const rows: readonly Row[] = Array.from({ length: 200 }, (_, key) => ({
      of: 'a',
      key,
      metric: 0,
    }))
    let asked = 0
    const index = grouped<Row, string, number>((r, put) => {
      asked += 1
      put(r.of, r.key)
    })
    index(rows)
    expect(asked).toBe(200)
    const after = withoutRowAt(withRowAt(rows, 7, { of: 'b', key: 7, metric: 0 }), 100)
    expect(index(after).get('b')?.get(7)).toEqual([7])
    expect(index(after).get('a')?.get(101)).toEqual([100])
    // The row that was replaced, the one in its place, and the one taken out.
    expect(asked).toBe(203)
  })

  it('is built anew where the table it came from could not be read', () => {
    const rows = Array.from({ length: 80 }, (_, key) => ({ of: 'a', key, metric: 0 }))
    const broken = withRowAt<Row>(rows, 3, { of: 'broken', key: 0, metric: 0 })
    const index = grouped<Row, string, number>((r, put) => {
      if (r.of === 'broken') throw new RangeError('broken')
      put(r.of, r.key)
    })
    const written = [...broken]
    expect(() => index(written)).toThrow(RangeError)
    const mended = withRowAt<Row>(written, 3, { of: 'a', key: 3, metric: 0 })
    expect(index(mended).get('a')?.get(3)).toEqual([3])
  })

  it('does not follow a table through more than a few dozen changes, nor a short one', () => {
    let rows: readonly Row[] = Array.from({ length: 80 }, (_, key) => ({
      of: 'a',
      key,
      metric: 0,
    }))
    const first = rows
    for (let n = 0; n < 32; n += 1) rows = withRowAt(rows, n, { of: 'b', key: n, metric: 0 })
    expect(descentOf(rows)?.base).toBe(first)
    rows = withRowAt(rows, 40, { of: 'b', key: 40, metric: 0 })
    expect(descentOf(rows)).toBeUndefined()
    const short: readonly Row[] = [{ of: 'a', key: 0, metric: 0 }]
    expect(descentOf(withRow(short, short[0]!))).toBeUndefined()
  })
})

describe('what is computed of a table', () => {
  it('is computed once for each table', () => {
    let built = 0
    const length = indexed((rows: readonly object[]) => {
      built += 1
      return rows.length
    })
    const [one, two] = [[{}], [{}, {}]]
    expect([length(one), length(two), length(one), length(two)]).toEqual([1, 2, 1, 2])
    expect(built).toBe(2)
  })
})

describe('rows that are like some fields', () => {
  const routes = Array.from({ length: 80 }, (_, n) => ({
    table: 'main',
    dst: `10.0.${n % 40}.0/24`,
    metric: n,
  }))

  it('are found by the field that tells rows of their table apart', () => {
    expect(rowsLike('routes', routes, { dst: '10.0.3.0/24', metric: 3 })).toEqual([3, 43])
    expect(rowsLike('routes', routes, { dst: '10.9.9.0/24' })).toEqual([])
  })

  it('may be any where that field is not asked, is no text, or the table is short or another', () => {
    expect(rowsLike('routes', routes, { metric: 3 })).toBeNull()
    expect(rowsLike('routes', routes, { dst: { text: '10.0.3.0/24' } })).toBeNull()
    expect(rowsLike('routes', routes.slice(0, 10), { dst: '10.0.3.0/24' })).toBeNull()
    expect(rowsLike('netfilter', routes, { dst: '10.0.3.0/24' })).toBeNull()
  })

  it('an edit finds the one that it means among many, and says when there are two', () => {
    const n = { ...emptyNetns('n', 'n', 'node'), routes: routes as Netns['routes'] }
    const t = fromSpaces([n])
    const set = (where: Record<string, unknown>) =>
      apply(t, { op: 'set', in: 'n', table: 'routes', where, to: { type: 'blackhole' } })
    expect(netns(set({ dst: '10.0.3.0/24', metric: 43 }), 'n')?.routes[43]?.type).toBe('blackhole')
    expect(() => set({ dst: '10.0.3.0/24' })).toThrow(/2 rows match .* an edit changes one/)
    expect(() => set({ dst: '10.9.9.0/24' })).toThrow(/no row matches .* \(80 rows\); closest: /)
  })
})
