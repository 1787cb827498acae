import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apply, applyAll } from '#lib/topology/apply.ts'
import { commands } from '#lib/topology/command.ts'
import { editFromJson, EditError, editToJson, type Edit, type Splice } from '#lib/topology/edit.ts'
import { difference, invert } from '#lib/topology/invert.ts'
import { rowProblems } from '#lib/topology/fields.ts'
import {
  emptyNetns,
  fromSpaces,
  LINUX_TABLES,
  spaces,
  VPC_TABLES,
  withSpace,
  withTable,
  type TableName,
  type Topology,
} from '#lib/topology/topology.ts'
import type { Flow } from '#lib/trace/flow.ts'
import { walk } from '#lib/walk/walk.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { RUNS } from '../arbitraries.ts'
import { BASE } from '../hostile/rows.ts'

/* What an edit does can be taken back, whatever it brought with it, and done again. */

type Row = Readonly<Record<string, unknown>>
interface World {
  readonly t: Topology
  readonly flows: readonly Flow[]
}
const PING = { from: 'p1', to: '10.1.1.1', proto: 'icmp', dport: 0, size: 56, ttl: 64 } as const
const WORLDS: readonly World[] = [
  { t: fromSpaces(BASE), flows: [PING] },
  ...Object.values(SCENARIOS).map((s) => ({ t: s.topology, flows: Object.values(s.flows) })),
]

/** Rows of one table of one space. */
interface Place {
  readonly in: string
  readonly table: TableName
  readonly rows: readonly Row[]
}
const placesOf = (t: Topology): Place[] =>
  spaces(t).flatMap((s) =>
    (s.kind === 'vpc' ? VPC_TABLES : LINUX_TABLES).map((table) => ({
      in: s.name,
      table,
      rows: (s as unknown as Readonly<Record<TableName, readonly Row[]>>)[table],
    })),
  )
const BORN_LATER = {
  name: ['late0', 'late1'],
  up: [true, false],
  addrs: [[], ['10.9.9.1/24', '10.9.9.2/24'], ['10.9.9.1/32']],
  mtu: [1300],
  mac: ['02:00:00:00:00:99'],
}

/** An edit whose values are those of other rows of the world, so that most can be meant; every third is one of a device, from which most follows. */
function edits(t: Topology): fc.Arbitrary<Edit> {
  const places = placesOf(t)
  const values = new Map<string, unknown[]>()
  for (const p of places)
    for (const row of p.rows)
      for (const [key, value] of Object.entries(row)) {
        const known = values.get(`${p.table}.${key}`)
        if (known === undefined) values.set(`${p.table}.${key}`, [value])
        else known.push(value)
      }
  for (const [key, more] of Object.entries(BORN_LATER)) values.get(`devs.${key}`)?.push(...more)
  const keysOf = (table: TableName): string[] =>
    [...values.keys()].flatMap((k) => (k.startsWith(`${table}.`) ? [k.split('.')[1]!] : []))
  const filled = places.filter((p) => p.rows.length > 0)
  const change = (p: Place): fc.Arbitrary<Row> =>
    fc
      .array(fc.constantFrom(...keysOf(p.table)), { minLength: 1, maxLength: 3 })
      .chain((keys) =>
        fc.record(
          Object.fromEntries(
            keys.map((k) => [k, fc.constantFrom(undefined, ...values.get(`${p.table}.${k}`)!)]),
          ),
        ),
      )
  return fc
    .oneof(
      { arbitrary: fc.constantFrom(...filled), weight: 2 },
      { arbitrary: fc.constantFrom(...filled.filter((p) => p.table === 'devs')), weight: 1 },
    )
    .chain((p) =>
      fc
        .tuple(fc.constantFrom('add', 'del', 'set'), fc.constantFrom(...p.rows), change(p))
        .map(([op, row, to]) => {
          const at = { in: p.in, table: p.table }
          if (op === 'add') return { op, ...at, row: without({ ...row, ...to }) }
          return op === 'del' ? { op, ...at, where: row } : { op, ...at, where: row, to }
        }),
    ) as fc.Arbitrary<unknown> as fc.Arbitrary<Edit>
}
const without = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([, x]) => x !== undefined))

/** The topology after the edit; null if that is none that a file could hold, or the kernel refuses it. */
function after(t: Topology, e: Edit): Topology | null {
  const row: unknown =
    e.op === 'add' ? e.row : e.op === 'set' ? without({ ...e.where, ...e.to }) : null
  if (row !== null && rowProblems(e.table, row, '').length > 0) return null
  try {
    return apply(t, e)
  } catch (error) {
    if (!(error instanceof EditError)) throw error
    return null
  }
}

describe('an edit', () => {
  it.each(
    WORLDS.map((w, i) => [['rows of every kind', ...Object.keys(SCENARIOS)][i]!, w] as const),
  )(
    'taken back leaves %s as it was, and no walk throws',
    (_, { t, flows }) => {
      let valid = 0
      fc.assert(
        fc.property(
          fc.array(edits(t), { minLength: 1, maxLength: 4 }),
          fc.constantFrom(...flows),
          (all, flow) => {
            let now = t
            const undo: Splice[][] = []
            const seen = [spaces(t)]
            for (const e of all) {
              const then = after(now, e)
              if (then === null) continue
              valid += 1
              undo.push(invert(now, e))
              expect(spaces(apply(now, editFromJson(editToJson(e))))).toEqual(spaces(then))
              now = then
              seen.push(spaces(now))
              for (const line of undo.at(-1)!.flatMap((s) => commands(s, now)))
                expect(line).not.toMatch(/undefined|\[object|\n/)
            }
            expect(() => walk(now, flow)).not.toThrow()
            const last = now
            const redo: Splice[][] = []
            for (const back of undo.toReversed()) {
              const again = back.map((s) => editFromJson(editToJson(s)))
              redo.push(
                again.flatMap((s, i) => invert(applyAll(now, again.slice(0, i)), s)).reverse(),
              )
              now = applyAll(now, again)
              seen.pop()
              expect(spaces(now)).toStrictEqual(seen.at(-1))
            }
            for (const forth of redo.toReversed()) now = applyAll(now, forth)
            expect(spaces(now)).toStrictEqual(spaces(last))
          },
        ),
        { ...RUNS, numRuns: 150 },
      )
      expect(valid).toBeGreaterThan(100)
    },
    60_000,
  )
  it('gives the rows back that went with a device, each at its place and the same object', () => {
    const { topology } = SCENARIOS['flannel-vxlan']!
    const e: Edit = { op: 'del', in: 'node-1', table: 'devs', where: { name: 'flannel.1' } }
    const back = invert(topology, e)
    expect(back.map((s) => s.table)).toEqual(['devs', 'routes', 'neigh', 'fdb'])
    const again = applyAll(apply(topology, e), back)
    for (const [i, s] of spaces(topology).entries())
      for (const p of placesOf(fromSpaces([s])))
        p.rows.forEach((row, n) =>
          expect(
            (spaces(again)[i] as unknown as Readonly<Record<TableName, readonly Row[]>>)[p.table][
              n
            ],
          ).toBe(row),
        )
  })
  it('names no row that stays', () => {
    const rows = (
      ['10.0.1.0/24', '10.0.2.0/24', '10.0.3.0/24', '10.0.4.0/24', '10.0.5.0/24'] as const
    ).map((dst) => ({ table: 'main', dst, dev: 'eth0' }))
    const [a, b, c, d, e] = rows
    const all = withTable(emptyNetns('n', 'n', 'node'), 'routes', rows)
    const some = withTable(all, 'routes', [b!, d!])
    const t = fromSpaces([all])
    expect(difference(withSpace(t, some), t)).toEqual([
      {
        op: 'splice',
        in: 'n',
        table: 'routes',
        cuts: [
          { at: 0, out: [], put: [a] },
          { at: 1, out: [], put: [c] },
          { at: 2, out: [], put: [e] },
        ],
      },
    ])
    expect(difference(t, withSpace(t, some))[0]!.cuts).toEqual([
      { at: 0, out: [a], put: [] },
      { at: 2, out: [c], put: [] },
      { at: 4, out: [e], put: [] },
    ])
  })
  it('has a line for each row that taking it back changes', () => {
    const { topology } = SCENARIOS['flannel-vxlan']!
    const lines = (e: Edit): string[] =>
      invert(topology, e).flatMap((s) => commands(s, apply(topology, e)))
    const dev = (name: string) => ({ in: 'node-1', table: 'devs', where: { name } }) as const
    expect(lines({ op: 'set', ...dev('flannel.1'), to: { mtu: 1400, up: false } })).toEqual([
      'ip link set dev flannel.1 mtu 1450 && ip link set dev flannel.1 up  # node-1',
      'ip route add 10.1.20.0/24 via 10.1.20.0 dev flannel.1 onlink  # node-1',
      'ip neigh add 10.1.20.0 dev flannel.1 lladdr 5a:00:00:00:14:00 nud permanent  # node-1',
    ])
    expect(lines({ op: 'set', ...dev('eth0'), to: { master: 'br0' } })).toEqual([
      'ip link set dev eth0 nomaster  # node-1',
    ])
    expect(
      lines({
        op: 'add',
        in: 'node-1',
        table: 'sysctls',
        row: { key: 'net.ipv4.ip_default_ttl', value: 9 },
      }),
    ).toEqual(['sysctl -w net.ipv4.ip_default_ttl=0  # node-1'])
  })
  it('is not taken back from a table that has changed since', () => {
    const { topology } = SCENARIOS['flannel-vxlan']!
    const e: Edit = {
      op: 'set',
      in: 'node-1',
      table: 'devs',
      where: { name: 'flannel.1' },
      to: { mtu: 1400 },
    }
    const later: Edit = { ...e, to: { mtu: 1300 } }
    const back = invert(topology, e)
    expect(() => applyAll(apply(apply(topology, e), later), back)).toThrow(
      /^node-1\.devs: the rows at \d+ are not those that shall go; undo what was changed since, first$/,
    )
  })
  it.each<[unknown, RegExp]>([
    [{}, /cuts is no list of stretches; write cuts: \[\{ at, out, put \}\]$/],
    [{ cuts: [null] }, /cuts is no list/],
    [{ cuts: [{ at: 0.5, out: [], put: [] }] }, /cuts is no list/],
    [{ cuts: [{ at: 0, out: [], put: [5] }] }, /cuts is no list/],
    [{ cuts: [{ at: 99, out: [], put: [] }] }, /the rows at 99 are not those/],
    [{ cuts: [{ at: -1, out: [], put: [] }] }, /the rows at -1 are not those/],
    [{ in: 'n9', cuts: [] }, /there is no namespace or VPC called n9/],
    [{ table: 'enis', cuts: [] }, /a namespace has no such table/],
  ])('a splice that is none is refused: %j', (wrong, message) => {
    const e = { op: 'splice', in: 'n1', table: 'routes', ...(wrong as object) }
    expect(() => apply(fromSpaces(BASE), e as Splice)).toThrow(message)
  })
})
