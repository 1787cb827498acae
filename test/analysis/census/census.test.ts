import { describe, expect, it } from 'vitest'
import { applyAll } from '#lib/topology/apply.ts'
import { rowAt, spaces, tablesOf, type Tables, type TableName } from '#lib/topology/topology.ts'
import { walk } from '#lib/walk/walk.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { census, keepers, FATES, type Removal } from '#lib/analysis/census/census.ts'

const of = (id: string, flow?: string) => {
  const { topology, flows } = SCENARIOS[id]!
  return { topology, c: census(topology, flows[flow ?? Object.keys(flows)[0]!]!) }
}
const { topology, c } = of('flannel-vxlan')
const fatal = (rows: readonly Removal[]): readonly Removal[] =>
  rows.filter((r) => r.fate === 'told' || r.fate === 'silent')
const find = (table: TableName, has: object): Removal =>
  c.rows.find(
    (r) =>
      r.ref.table === table &&
      Object.entries(has).every(
        ([key, value]) =>
          (rowAt(topology, r.ref) as unknown as Readonly<Record<string, unknown>>)[key] === value,
      ),
  )!

describe('census', () => {
  it('counts every row there is once', () => {
    const all = spaces(topology).flatMap((s) =>
      tablesOf(s).flatMap(
        (t) => (s as unknown as Record<string, readonly Tables[TableName][]>)[t]!,
      ),
    )
    expect(c.rows.map((r) => rowAt(topology, r.ref))).toEqual(all)
    expect(FATES.reduce((n, f) => n + c.counts[f], 0)).toBe(all.length)
  })
  it.each([
    ['flannel-udp', 209, 34],
    ['flannel-vxlan', 211, 34],
    ['vpc-cni', 252, 30],
  ])('%s: of %d rows %d can stop the packet', (id, rows, many) => {
    const counted = of(id).c
    expect([counted.rows.length, fatal(counted.rows).length]).toEqual([rows, many])
  })
  it('tells a row whose loss is heard of from one whose loss is silent, and who keeps it', () => {
    expect(find('neigh', { ip: '10.1.20.0' })).toMatchObject({
      fate: 'told',
      asked: true,
      reason: 'neigh-failed',
      by: { who: 'flanneld' },
    })
    expect(find('fdb', { dst: '192.168.0.200' })).toMatchObject({
      fate: 'silent',
      asked: true,
      reason: 'vxlan-no-remote',
    })
    expect(find('leases', { subnet: '10.1.20.0/24' })).toMatchObject({
      fate: 'harmless',
      asked: false,
      reason: null,
    })
    expect(find('netfilter', { src: '10.1.15.0/24', dst: '10.1.0.0/16' }).fate).toBe('wrong')
    expect(find('devs', { kind: 'loopback' })).toMatchObject({ fate: 'stays', edit: null })
  })
  it('has for each row the edit that takes it away, alone', () => {
    const { flows } = SCENARIOS['flannel-vxlan']!
    for (const r of c.rows.filter((x) => x.edit !== null)) {
      const there = applyAll(topology, [r.edit!])
      const size = (t: typeof topology): number => {
        const s = spaces(t).find((x) => x.name === r.ref.in)!
        return (s as unknown as Record<string, readonly unknown[]>)[r.ref.table]!.length
      }
      expect(size(there), JSON.stringify(r.ref)).toBe(size(topology) - 1)
      expect(walk(there, flows['frontend-1-to-backend-2']!).delivered).toBe(!fatal([r]).includes(r))
    }
  })
  it('is about its flow: a row that another one needs is harmless to this one', () => {
    const near = of('flannel-vxlan', 'same-node').c
    const at = c.rows.indexOf(find('fdb', { dst: '192.168.0.200' }))
    expect(near.rows[at]).toMatchObject({ fate: 'harmless', asked: false })
  })
  it('says of a flow that does not arrive that nothing can be said', () => {
    expect(() => of('flannel-host-gw')).toThrow('not delivered as it is')
  })
})

describe('who keeps rows', () => {
  it('is counted, most first, those that nobody said among them', () => {
    const s = SCENARIOS['flannel-udp']!
    const { rows } = census(s.topology, Object.values(s.flows)[0]!)
    const lost = rows.filter((r) => r.fate === 'told' || r.fate === 'silent')
    const kept = keepers(lost)
    expect(kept.slice(0, 2)).toEqual([
      ['kernel', 10],
      ['flanneld', 8],
    ])
    expect(kept.reduce((n, [, rows]) => n + rows, 0)).toBe(lost.length)
    expect(keepers([{ ...lost[0]!, by: null }])).toEqual([[null, 1]])
  })
})
