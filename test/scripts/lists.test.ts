import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const top = fileURLToPath(new URL('../..', import.meta.url))
const copy = mkdtempSync(join(tmpdir(), 'lists-'))
afterAll(() => rmSync(copy, { recursive: true }))
const lists = (at: string, ...words: readonly string[]) => {
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(at, 'scripts/lists.mjs'), ...words],
    { encoding: 'utf8' },
  )
  return { status, said: stdout.split('\n').filter((l) => l !== '') }
}

describe('npm run lists', () => {
  it('has written the lists as they are', () => {
    expect(lists(top, '--check')).toEqual({ status: 0, said: [] })
  })
  it('puts a new folder last in each list that it has a part of, and says what it wrote', () => {
    cpSync(join(top, 'scripts/lists.mjs'), join(copy, 'scripts/lists.mjs'))
    cpSync(join(top, 'lib/topology'), join(copy, 'lib/topology'), { recursive: true })
    const folder = join(copy, 'lib/topology/tables/qdiscs')
    mkdirSync(folder)
    writeFileSync(join(folder, 'row.ts'), 'export interface Qdisc {}\nexport const qdiscs = {}\n')
    writeFileSync(join(folder, 'check.ts'), 'export const qdiscs = {}\n')
    expect(lists(copy, '--check')).toEqual({
      status: 1,
      said: [
        'lib/topology/rows.ts does not list what there is: npm run lists',
        'lib/topology/checks.ts does not list what there is: npm run lists',
      ],
    })
    expect(lists(copy)).toEqual({
      status: 0,
      said: ['wrote lib/topology/rows.ts', 'wrote lib/topology/checks.ts'],
    })
    const rows = readFileSync(join(copy, 'lib/topology/rows.ts'), 'utf8')
    expect(rows).toContain("import { qdiscs } from './tables/qdiscs/row.ts'\n")
    expect(rows).toContain("export type { Qdisc } from './tables/qdiscs/row.ts'\n")
    expect(rows).toMatch(/ {2}peerings,\n {2}qdiscs,\n\}\n$/)
    expect(lists(copy, '--check').status).toBe(0)
  })
})
