import { describe, expect, it } from 'vitest'
import { KINDS, LINUX_TABLES, VPC_TABLES } from '#lib/index.ts'
import { deviceDocs, documented, kindDocs, rowDocs } from '#components/reference/docs.ts'

describe('what the engine says of itself', () => {
  it('is read with its fields, over lines and with none', () => {
    const [a, b] = documented(
      '/** First,\n * and on. */\nexport interface A extends B {\n  readonly x: string\n  /** Why. */\n  readonly y?: { readonly z: number }\n}\n\nexport interface C {\n  readonly q: 1\n}\n',
    )
    expect(a).toEqual({
      name: 'A',
      extends: 'B',
      says: 'First, and on.',
      fields: new Map([
        ['x', ''],
        ['y', 'Why.'],
        ['z', ''],
      ]),
    })
    expect([b?.name, b?.says]).toEqual(['C', ''])
  })

  it.each([...LINUX_TABLES, ...VPC_TABLES].filter((t) => t !== 'devs'))(
    'says what a row of %s is',
    (table) => {
      expect(rowDocs(table)?.says).toMatch(/\w.{8}/)
    },
  )

  it('says what each kind of device is, and what each trait means that one has', () => {
    const kinds = kindDocs()
    const { link, kind } = deviceDocs()
    expect(link.fields.get('master')).toMatch(/bridge/)
    expect([...kinds.get('gretap')!.fields.keys()]).toEqual([
      'local',
      'remote',
      'ttl',
      'tos',
      'pmtudisc',
      'key',
      'csum',
      'kind',
    ])
    for (const [name, traits] of Object.entries(KINDS)) {
      expect(kinds.get(name)?.says, name).toMatch(/\w.{8}/)
      for (const trait of Object.keys(traits)) expect(kind.fields.get(trait), trait).toMatch(/\w/)
    }
  })
})
