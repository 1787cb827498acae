import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { timesIn } from './apply.ts'
import { catcherOf } from './catch.ts'
import { MUTANTS } from './mutants.ts'

const TOP = fileURLToPath(new URL('../..', import.meta.url))
/** id → the test file that caught it, as the kept table says. */
const table = new Map(
  readFileSync(join(TOP, 'test/mutants/TABLE.md'), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, id, , by] = /^\| ([a-z0-9-]+) \| (lib\S+) \| (.*) \|$/.exec(line) ?? []
      return id === undefined || by === undefined ? [] : [[id, by.split(' › ')[0]!] as const]
    }),
)

describe('mutants', () => {
  it('are at least 40, each of its own name', () => {
    expect(new Set(MUTANTS.map((m) => m.id)).size).toBe(MUTANTS.length)
    expect(MUTANTS.length).toBeGreaterThanOrEqual(40)
  })
  it.each(MUTANTS.map((m) => [m.id, m] as const))('%s still applies', (_, m) => {
    const code = readFileSync(join(TOP, m.file), 'utf8')
    expect(timesIn(code, m), `${m.file} has this once: ${m.was}`).toBe(1)
    expect(m.becomes).not.toBe(m.was)
  })
  it('are all in the table, each with a test that noticed', () => {
    expect([...table.keys()].toSorted(), 'make it anew: npm run mutants').toEqual(
      MUTANTS.map((m) => m.id).toSorted(),
    )
    for (const [id, file] of table) expect(existsSync(join(TOP, file)), `${id}: ${file}`).toBe(true)
  })
  // The rest is a matter of half an hour: npm run mutants.
  it.each(['ttl-stays', 'reset-leaves-the-connection', 'fragments-not-of-eight'])(
    '%s is noticed today',
    async (id) => {
      const file = [[table.get(id)!]]
      expect(await catcherOf(null, file)).toBeNull()
      const by = await catcherOf(id, file)
      expect(by?.file).toBe(table.get(id))
    },
    120_000,
  )
})
