import { describe, expect, it } from 'vitest'
import { tablesOf, yours, type Line } from '#components/drawer/rows.ts'
import { writers } from '#components/words/writers.ts'
import { tableAsTool } from '#lib/analysis/print/tools.ts'
import { topologyAt } from '#lib/analysis/read/at.ts'
import { applyAll } from '#lib/topology/apply.ts'
import type { Edit } from '#lib/topology/edit.ts'
import { provenance } from '#lib/topology/by.ts'
import { space, spaces, tablesOf as tablesIn, type TableName } from '#lib/topology/topology.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { walk } from '#lib/walk/walk.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import type { Scenario } from '#lib/worlds/scenario.ts'

const world = (id: string): Scenario => Object.values(SCENARIOS).find((s) => s.id === id)!
const flow = 'frontend-1-to-backend-2'

function walked(s: Scenario, whatIf?: string): Walk {
  const t = whatIf === undefined ? s.topology : applyAll(s.topology, s.whatIfs[whatIf]!.edits)
  return walk(t, s.flows[flow]!)
}

/** The lines of a table of a space at a step. */
function lines(
  s: Scenario,
  w: Walk,
  at: { in: string; table: TableName; step: number },
): readonly Line[] {
  const tables = tablesOf(at.in, {
    walk: w,
    step: at.step,
    since: at.step - 1,
    own: s.topology,
  })
  return tables.find((t) => t.table === at.table)?.lines ?? []
}

describe('rows of the tables', () => {
  const udp = world('flannel-udp')
  const w = walked(udp)
  it('are what the tool prints, without those that are gone', () => {
    for (const step of [0, 20, w.steps.length - 1]) {
      const now = topologyAt(w, step)
      for (const s of spaces(now))
        for (const t of tablesOf(s.name, { walk: w, step, since: step - 1, own: udp.topology }))
          expect(t.lines.filter((l) => l.change !== '-').map((l) => l.text)).toEqual(
            tableAsTool(space(now, s.name)!, t.table).lines.map((l) => l.text),
          )
    }
  })
  it('are marked where a step writes them, and afterwards as written by the walk', () => {
    const at = w.steps.find((s) => s.writes.some((e) => e.op === 'add' && e.table === 'conntrack'))!
    const here = { in: at.in, table: 'conntrack' as const }
    const change = (step: number): unknown[] =>
      lines(udp, w, { ...here, step }).map((l) => [l.change, l.writer])
    expect(change(at.n - 1)).toEqual([])
    expect(change(at.n)).toEqual([['+', { walk: 'conntrack' }]])
    expect(change(at.n + 1)).toEqual([['earlier', { walk: 'conntrack' }]])
    // Of a stop farther on: what came since the stop before is new.
    const far = { walk: w, step: at.n + 1, since: at.n - 1, own: udp.topology }
    const tables = tablesOf(at.in, far)
    expect(tables.find((t) => t.table === 'conntrack')?.lines.map((l) => l.change)).toEqual(['+'])
  })
  it('stay as a ghost for the step that changes them', () => {
    const at = w.steps.find((s) => s.writes.some((e) => e.op === 'set' && e.table === 'conntrack'))!
    const changes = (step: number): readonly unknown[] =>
      lines(udp, w, { in: at.in, table: 'conntrack', step }).map((l) => l.change)
    expect(changes(at.n)).toEqual(['earlier', '-', '+'])
    expect(changes(at.n + 1)).not.toContain('-')
  })
  it('that a what-if takes away are struck, each where it stood', () => {
    const vxlan = world('flannel-vxlan')
    const after = walked(vxlan, 'delete-fdb')
    const gone = lines(vxlan, after, { in: 'node-1', table: 'fdb', step: 0 })
    const before = lines(vxlan, walked(vxlan), { in: 'node-1', table: 'fdb', step: 0 })
    expect(gone.filter((l) => l.change !== null).map((l) => [l.change, l.writer])).toEqual([
      ['-', 'you'],
    ])
    expect(gone.map((l) => l.text)).toEqual(before.map((l) => l.text))
  })
  it('that a what-if changes are there twice', () => {
    const vxlan = world('flannel-vxlan')
    const changed = lines(vxlan, walked(vxlan, 'stale-vtep-mac'), {
      in: 'node-2',
      table: 'devs',
      step: 0,
    })
    expect(
      changed
        .filter((l) => l.writer === 'you')
        .map((l) => l.change ?? '')
        .toSorted((a, b) => a.localeCompare(b)),
    ).toEqual(['-', '±'])
  })
  it('have each a writer, and there are words for whoever it is and after what', () => {
    const codes = new Set<string>()
    for (const s of Object.values(SCENARIOS))
      for (const sp of spaces(s.topology))
        for (const table of tablesIn(sp))
          (sp as unknown as Readonly<Record<string, readonly object[]>>)[table]!.forEach(
            (_, row) => {
              const by = provenance(s.topology, { in: sp.name, table, row })
              if (by !== null) codes.add(writers().wrote(by.who, by.after))
            },
          )
    expect(codes.size).toBeGreaterThan(12)
    expect([...codes].filter((x) => /, (the )?[a-z]+-[a-z]+$/.test(x))).toEqual([])
    const silent = tablesOf('node-1', { walk: w, step: 0, since: -1, own: udp.topology }).flatMap(
      (t) =>
        t.lines
          .filter((l) => l.row !== null && l.writer === null)
          .map((l) => `${t.table} ${l.text}`),
    )
    expect(silent).toEqual([])
  })
  it('that a reader has added, changed or taken away say so, each by itself', () => {
    const to = (...edits: readonly object[]): unknown[] => {
      const now = applyAll(
        udp.topology,
        edits.map((e) => ({ in: 'node-1', table: 'routes', ...e }) as unknown as Edit),
      )
      return yours('node-1', 'routes', { own: udp.topology, now })
        .lines.filter((l) => l.change !== null)
        .map((l) => [l.change, l.text, l.writer])
    }
    const [old, row] = [
      { dst: '0.0.0.0/0' },
      { table: 'main', dst: '10.9.0.0/16', via: '192.168.0.9' },
    ]
    const [was, more] = ['default via 192.168.0.1 dev eth0', '10.9.0.0/16 via 192.168.0.9']
    expect(to()).toEqual([])
    expect(to({ op: 'del', where: old })).toEqual([['-', was, 'you']])
    expect(to({ op: 'add', row })).toEqual([['+', more, 'you']])
    const set = { op: 'set', where: old, to: { via: '192.168.0.7' } }
    const changed = [
      ['±', 'default via 192.168.0.7 dev eth0', 'you'],
      ['-', was, 'you'],
    ]
    const any = (rows: readonly unknown[]): unknown => expect.arrayContaining([...rows])
    expect(to(set)).toEqual(any(changed))
    expect(to({ op: 'add', row }, set)).toEqual(any([['+', more, 'you'], ...changed]))
    expect(to({ op: 'add', row }, set)).toHaveLength(3)
  })
})
