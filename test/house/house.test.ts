import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyTo, MOST, newFiles, outside, putInto, samples, top, type Sample } from './sample.ts'

/* What a newcomer adds needs a folder of its own and hardly a line elsewhere: counted, type-checked and run in a copy of the project. */

const ALL = samples()
const copy = mkdtempSync(join(tmpdir(), 'house-'))
afterAll(() => rmSync(copy, { recursive: true }))
const run = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: copy,
    encoding: 'utf8',
  })
  return { status, said: `${stdout}${stderr}`.trim() }
}
beforeAll(() => {
  copyTo(copy)
  for (const s of ALL) putInto(copy, s)
})

describe('a sample', () => {
  it('there is one of each', () => {
    // That of a language is in language.test.ts, which compiles it without each of its messages.
    expect(new Set([...ALL.map((s) => s.of), 'language'])).toEqual(new Set(Object.keys(MOST)))
  })
  it.each(ALL.map((s) => [s.of, s.name, s] as const))(
    'of a %s, %s, has few files outside its own',
    (of, _, s: Sample) => {
      expect(outside(s).length, outside(s).join(', ')).toBeLessThanOrEqual(MOST[of])
      expect(newFiles(s).length > 0).toBe(of !== 'drop reason')
    },
  )
  it('all of them pass the type checker, once the lists are written', () => {
    expect(run('scripts/lists.mjs').status).toBe(0)
    const { status, said } = run('node_modules/typescript/bin/tsc', '--noEmit', '-p', '.')
    expect(said.split('\n').slice(0, 20).join('\n')).toBe('')
    expect(status).toBe(0)
  }, 120_000)
  it.each(ALL.map((s) => s.name))('%s works', (name) => {
    const { status, said } = run('--import', './lib/cli/register.mjs', `probe/${name}.ts`)
    expect(said).toBe('')
    expect(status).toBe(0)
  })
  it.each(ALL.flatMap((s) => (s.tests ?? []).map((test) => [s.name, test] as const)))(
    '%s passes %s',
    (_, test) => {
      const config = ['--config', 'test/vitest.config.ts', '--no-color']
      const { status, said } = run('node_modules/vitest/vitest.mjs', 'run', ...config, test)
      expect(status, said.slice(-4000)).toBe(0)
    },
    120_000,
  )
})

it('README says the same numbers', () => {
  const readme = readFileSync(join(top, 'README.md'), 'utf8')
  for (const [of, most] of Object.entries(MOST)) {
    const row = readme.split('\n').find((l) => new RegExp(`^\\| (?:a|an) ${of} `).test(l))
    expect(row, of).toMatch(new RegExp(`\\| ${most} \\|$`))
  }
})
