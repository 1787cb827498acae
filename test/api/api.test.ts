import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

interface Declared {
  readonly name: string
  readonly file: string
  readonly doc: string
  readonly text: string
}
interface Api {
  readonly api: () => Declared[]
  readonly report: (all: readonly Declared[]) => string
}
const path = fileURLToPath(new URL('../../scripts/api.mjs', import.meta.url))
const { api, report } = (await import(path)) as Api
const kept = readFileSync(fileURLToPath(new URL('report.md', import.meta.url)), 'utf8')

describe('what lib/index.ts gives away', () => {
  const all = api()
  it('is what report.md says', () => {
    expect(
      report(all),
      'Public names or signatures have changed. If they are meant to: npm run api, and say why in the commit.',
    ).toBe(kept)
  })
  it('has a docstring at every name, where it is declared', () => {
    expect(all.length).toBeGreaterThan(100)
    const bare = all.filter((d) => !/^\/\*\*\s*\S.{15,}/s.test(d.doc))
    expect(bare.map((d) => `lib/${d.file}: ${d.name}`)).toEqual([])
  })
})
