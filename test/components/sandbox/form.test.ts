import { describe, expect, it } from 'vitest'
import { changing, draftOf, valueOf, whereOf } from '#components/sandbox/form/draft.ts'
import { rowForm, rowProblems, spaces, tablesOf, type TableName } from '#lib/index.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const written = (table: TableName, row: object): unknown => {
  const shape = rowForm(table)
  return valueOf(shape, draftOf(shape, row))
}
/** Not so is not said where it need not be. */
const said = (row: object): object =>
  Object.fromEntries(Object.entries(row).filter(([k, x]) => x !== false || k !== 'hairpin'))

describe('what is filled in', () => {
  it.each(Object.entries(SCENARIOS))(
    '%s: every row comes out of its form as it went in',
    (_, s) => {
      for (const space of spaces(s.topology))
        for (const table of tablesOf(space))
          for (const row of (space as unknown as Record<string, readonly object[]>)[table]!)
            expect(said(written(table, row) as object), `${space.name} ${table}`).toEqual(said(row))
    },
  )
  it('numbers are numbers, and what is none stays to be told', () => {
    const shape = rowForm('routes')
    const draft = draftOf(shape) as Record<string, string>
    const to = (more: object): unknown => valueOf(shape, { ...draft, ...more })
    expect(to({ table: 'main', dst: '10.0.0.0/8', metric: '5', onlink: true })).toEqual({
      table: 'main',
      dst: '10.0.0.0/8',
      metric: 5,
      onlink: true,
    })
    const wrong = to({ table: 'main', dst: '10.0.0.1/8', metric: 'five' })
    expect(rowProblems('routes', wrong, '').map((p) => [p.path, p.message])).toEqual([
      ['dst', expect.stringMatching(/10\.0\.0\.0\/8/)],
      ['metric', expect.stringMatching(/; /)],
    ])
  })
  it('a mark may be written as the tools print it', () => {
    const shape = rowForm('rules')
    const draft = draftOf(shape) as Record<string, string>
    const fwmark = { value: '0x80', mask: '0x80' }
    expect(valueOf(shape, { ...draft, priority: '9', table: 'main', fwmark })).toEqual({
      priority: 9,
      table: 'main',
      fwmark: { value: 128, mask: 128 },
    })
  })
  it('a list of groups is written as a file has it, and what cannot be read stays to be told', () => {
    const shape = rowForm('netfilter')
    const draft = draftOf(shape) as Record<string, unknown>
    const to = (sets: string): unknown =>
      (valueOf(shape, { ...draft, sets } as never) as { readonly sets?: unknown }).sets
    expect(to('')).toBeUndefined()
    expect(to('[{"name":"web","flags":"src"}]')).toEqual([{ name: 'web', flags: 'src' }])
    expect(to('web src')).toBe('web src')
    expect(rowProblems('netfilter', { sets: 'web src' }, '').map((p) => p.path)).toContain('sets')
  })
})

describe('a row that is changed', () => {
  const rows = [
    { dst: '10.0.0.0/8', via: '10.1.1.1', dev: 'eth0' },
    { dst: '10.1.0.0/16', dev: 'eth0' },
  ]
  it('is found by one field if that is enough', () => {
    expect(whereOf(rows, rows[0]!)).toEqual({ dst: '10.0.0.0/8' })
    expect(whereOf([rows[0]!, { ...rows[0]!, via: '10.1.1.2' }], rows[0]!)).toEqual({
      via: '10.1.1.1',
    })
  })
  it('is set, and what it had and has no more is taken away; of another kind it is another row', () => {
    expect(changing(rows, rows[0]!, { ...rows[0]!, via: '10.1.1.2' })).toEqual([
      { op: 'set', where: { dst: '10.0.0.0/8' }, to: { via: '10.1.1.2' } },
    ])
    expect(changing(rows, rows[0]!, { dst: '10.0.0.0/8', dev: 'eth0' })).toEqual([
      { op: 'set', where: { dst: '10.0.0.0/8' }, to: {}, unset: ['via'] },
    ])
    const [veth, dummy] = [
      { name: 'a', kind: 'veth', peer: 'b' },
      { name: 'a', kind: 'bridge' },
    ]
    expect(changing([veth], veth, dummy)).toEqual([
      { op: 'del', where: { name: 'a' } },
      { op: 'add', row: dummy },
    ])
    expect(changing(rows, rows[0]!, { ...rows[0]! })).toEqual([])
  })
})
