import { describe, expect, it } from 'vitest'
import { CHECKS } from '#lib/topology/checks.ts'
import { fieldsOf } from '#lib/topology/fields.ts'
import { rowForm, type FormField, type Shape } from '#lib/topology/form.ts'
import { tablesOf, type TableName } from '#lib/topology/topology.ts'
import { spaces } from '#lib/index.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const TABLES = Object.keys(CHECKS) as TableName[]
const groups = (s: Shape): readonly (readonly FormField[])[] =>
  s.kind === 'group' ? [s.fields] : s.kind === 'either' ? s.of.flatMap(groups) : []

describe('the form of a row', () => {
  it.each(TABLES)('of %s asks for every field that a file may have, and for no other', (table) => {
    const asked = new Set(groups(rowForm(table)).flatMap((g) => g.map((f) => f.name)))
    expect([...asked].toSorted()).toEqual([...fieldsOf(table)].toSorted())
  })
  it('knows what a field holds, and says how it is written', () => {
    const [fields] = groups(rowForm('routes'))
    const by = Object.fromEntries(fields!.map((f) => [f.name, f]))
    expect(by['dst']).toMatchObject({ optional: false, shape: { kind: 'text', code: 'cidr' } })
    expect(by['type']).toMatchObject({ optional: true, shape: { kind: 'words' } })
    expect(by['metric']).toMatchObject({ optional: true, shape: { kind: 'number' } })
    expect(by['onlink']!.shape).toEqual({ kind: 'flag' })
    const hints = fields!.flatMap(({ name, shape }) =>
      'hint' in shape ? [[name, shape.hint]] : [],
    )
    expect(hints.length).toBeGreaterThan(5)
    expect(hints.filter(([, hint]) => hint!.length < 6)).toEqual([])
  })
  it('takes in every row of every world', () => {
    const shapes = new Map(TABLES.map((t) => [t, rowForm(t)]))
    const misfits = Object.values(SCENARIOS).flatMap(({ topology }) =>
      [...spaces(topology)].flatMap((s) =>
        tablesOf(s).flatMap((t) =>
          (s as unknown as Record<string, readonly unknown[]>)[t]!.filter(
            (row) => !takes(shapes.get(t)!, row),
          ),
        ),
      ),
    )
    expect(misfits).toEqual([])
  })
})

/** Has a shape a place for all of a value? */
function takes(s: Shape, x: unknown): boolean {
  switch (s.kind) {
    case 'either': {
      const n = s.fits(x)
      return n >= 0 && takes(s.of[n]!, x)
    }
    case 'group':
      return Object.entries(x as object).every(([k, y]) => {
        const f = s.fields.find((z) => z.name === k)
        return f !== undefined && takes(f.shape, y)
      })
    case 'list':
      return (x as readonly unknown[]).every((y) => takes(s.of, y))
    case 'words':
      return s.words.includes(x as string)
    case 'null':
      return x === null
    default:
      return typeof x === ({ text: 'string', number: 'number', flag: 'boolean' } as const)[s.kind]
  }
}
