import { describe, expect, it } from 'vitest'
import { decided } from '#components/decides/decided.ts'
import { won } from '#components/decides/few.ts'
import type { Decided } from '#components/decides/table.ts'
import { topologyAt } from '#lib/analysis/read/at.ts'
import { refsOf } from '#lib/analysis/read/refs.ts'
import { applyAll } from '#lib/topology/apply.ts'
import type { Edit } from '#lib/topology/edit.ts'
import type { Ref } from '#lib/topology/topology.ts'
import { keys, type Step, type Walk } from '#lib/trace/walk.ts'
import { walk } from '#lib/walk/walk.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

/** A table at a step of a walk, and where that is. */
interface At {
  readonly where: string
  readonly step: Step
  readonly tables: readonly Decided[]
}

/** Every flow of every world, as it is and under each what-if. */
const walks = (): readonly (readonly [string, Walk])[] =>
  Object.values(SCENARIOS).flatMap((s) =>
    [null, ...Object.entries(s.whatIfs)].flatMap((w) => {
      const t = w === null ? s.topology : applyAll(s.topology, w[1].edits)
      return Object.entries(s.flows).map(
        ([flow, f]) => [`${s.id} ${flow} ${w?.[0] ?? ''}`, walk(t, f)] as const,
      )
    }),
  )

/** Each table of a world that was asked, once for each answer: a connection asks the same again and again. */
const all: readonly At[] = walks().flatMap(([where, w]) => {
  const names = keys(w)
  const seen = new Set<string>()
  return w.steps.flatMap((step) => {
    const what = JSON.stringify([step.in, step.dev, step.stage, step.decision, step.drop])
    if (seen.has(what)) return []
    seen.add(what)
    return [
      { where: `${where} ${names[step.n]}`, step, tables: decided(step, topologyAt(w, step.n)) },
    ]
  })
})

/** What is wrong anywhere, as texts. */
const complaints = (wrong: (at: At, t: Decided) => boolean): readonly string[] =>
  all.flatMap((at) =>
    at.tables
      .filter((t) => wrong(at, t))
      .map((t) => `${at.where} ${t.table}: ${JSON.stringify(t.rows)}`),
  )

const same = (a: Ref | null, b: Ref | null): boolean =>
  a?.in === b?.in && a?.table === b?.table && a?.row === b?.row

const KINDS = [
  'route',
  'lease',
  'neigh',
  'fdb',
  'hook',
  'conntrack',
  'sysctl',
  'security-group',
  'network-acl',
  'source-dest-check',
  'vpc-route',
  'vpc-mapping',
]

describe('the tables that decide', () => {
  it('are told at every step where one decided', () => {
    expect(all.length).toBeGreaterThan(30_000)
    const silent = all.filter(
      ({ step: { decision: d }, tables }) =>
        KINDS.includes(d.kind) &&
        tables.length === 0 &&
        !(d.kind === 'route' && d.matched === null),
    )
    expect(silent.map((x) => x.where).slice(0, 5)).toEqual([])
  })
  it('have exactly one row that decided, of up to eight', () => {
    expect(
      complaints((_, t) => t.rows.filter((r) => won(r.mark)).length !== 1).slice(0, 5),
    ).toEqual([])
    expect(complaints((_, t) => t.rows.length > 8).slice(0, 5)).toEqual([])
  })
  it('have the row that the engine says', () => {
    const other = complaints(({ step: { decision: d } }, t) => {
      const row = t.rows.find((r) => won(r.mark))?.ref ?? null
      if (t.table === 'rules') return d.kind === 'route' && !same(row, d.rule)
      const { matched } = refsOf(d)
      if (d.kind === 'route' && d.matched === null) return row !== null
      // Before anybody answered, its row stands there without an address.
      if (d.kind === 'neigh' && d.lladdr === null) return row !== null
      return !same(row, matched)
    })
    expect(other.slice(0, 5)).toEqual([])
  })
  it('say of near misses that they are beaten', () => {
    const other = complaints(({ step: { decision: d, drop } }, t) => {
      if (d.kind !== 'route' && d.kind !== 'vpc-route') return false
      // Where a route ends a packet, a second step says so, of that route alone.
      if (drop?.reason === 'blackhole') return false
      const near = new Set(d.rejected.map((r) => r.row))
      return (
        t.table !== 'rules' &&
        t.rows.some((r) => !won(r.mark) && (r.mark === 'beaten') !== near.has(r.ref?.row ?? -1))
      )
    })
    expect(other.slice(0, 5)).toEqual([])
  })
  it('say nothing that is no text, and no text that does not fit 26 rem', () => {
    const texts = (t: Decided): readonly string[] => [
      t.title,
      t.asks,
      ...(t.rest === null ? [] : [t.rest]),
      ...t.rows.flatMap((r) => [r.name, r.leads, r.says]),
    ]
    expect(
      complaints((_, t) => texts(t).some((x) => /undefined|null|NaN|\[object/.test(x))).slice(0, 5),
    ).toEqual([])
    // What has no blank is broken anywhere; on the right of a row stands little.
    expect(complaints((_, t) => t.rows.some((r) => r.leads.length > 34)).slice(0, 5)).toEqual([])
    expect(
      complaints((_, t) => t.rows.some((r) => r.name === '' || r.says === '')).slice(0, 5),
    ).toEqual([])
    expect(complaints((_, t) => t.rows.some((r) => r.says.length > 90)).slice(0, 5)).toEqual([])
  })
})

describe('policy rules', () => {
  const { topology, flows } = SCENARIOS['vpc-cni']!
  const add = (row: object): Edit =>
    ({ op: 'add', in: 'node-1', table: 'rules', row }) as unknown as Edit
  /** What this rule, asked before the one that wins, says wherever it was asked. */
  const said = (rule: object): ReadonlySet<string> => {
    const w = walk(
      applyAll(topology, [add({ priority: 1023, table: '77', ...rule })]),
      flows['to-internet']!,
    )
    return new Set(
      w.steps
        .filter((s) => s.in === 'node-1')
        .flatMap((s) => decided(s, topologyAt(w, s.n)))
        .flatMap((t) => t.rows.filter((r) => r.name.startsWith('1023: ')))
        .map((r) => r.says),
    )
  }
  const [no, yes] = [new Set(['no']), new Set(['fits, but table 77 has no row for it'])]
  it('whose table has no row are told to have had the packet, by all that they ask for', () => {
    // What leaves the VPC comes out of a pod, with the mark that rule 1024 asks for.
    expect(said({ fwmark: { value: 0x80, mask: 0x80 } })).toEqual(yes)
    expect(said({ fwmark: { value: 0x100, mask: 0x100 } })).toEqual(no)
    expect(said({ iif: 'eni2a1b4577390' })).toEqual(yes)
    expect(said({ iif: 'eth0' })).toEqual(no)
    expect(said({ from: '0.0.0.0/0' })).toEqual(yes)
  })
})
