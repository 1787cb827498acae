import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const top = fileURLToPath(new URL('../..', import.meta.url))
const sample = fileURLToPath(new URL('language', import.meta.url))
/** The one line that has to know of it. */
const LIST = 'lib/words/languages.ts'
const LINE =
  "  xx: { tag: 'de-x-sample', name: 'Muster', hidden: false, load: () => import('./xx/index.ts') },\n"
/** What is taken out of a file of it, each in a copy beside the file, so that all are compiled at once. */
const MISSING = [
  ['lib/words/xx/index.ts', '  ...others,\n'],
  ['lib/words/xx/index.ts', '...others.drops, '],
  ['lib/words/xx/cli.ts', '    ...others.cli,\n'],
  ['components/words/xx/index.ts', '...others.site, '],
] as const

/** A language put into a copy of the project: its own folders, and a line. */
describe('a language', () => {
  const copy = mkdtempSync(join(tmpdir(), 'packet-walk-language-'))
  afterAll(() => rmSync(copy, { recursive: true }))
  beforeAll(() => {
    for (const part of ['lib', 'components', 'package.json', 'tsconfig.json'])
      cpSync(join(top, part), join(copy, part), { recursive: true })
    symlinkSync(join(top, 'node_modules'), join(copy, 'node_modules'))
    cpSync(sample, copy, { recursive: true })
    const list = readFileSync(join(top, LIST), 'utf8')
    writeFileSync(join(copy, LIST), list.replace('  pseudo: {', `${LINE}  pseudo: {`))
    writeFileSync(
      join(copy, 'tsconfig.words.json'),
      JSON.stringify({
        extends: './tsconfig.json',
        compilerOptions: { incremental: false },
        include: ['lib/words/**/*.ts', 'components/words/**/*.ts'],
      }),
    )
  })
  const types = (): string => {
    const tsc = join(top, 'node_modules/typescript/bin/tsc')
    return spawnSync(process.execPath, [tsc, '-p', 'tsconfig.words.json'], {
      cwd: copy,
      encoding: 'utf8',
    }).stdout
  }
  const run = (...args: readonly string[]): string => {
    const r = spawnSync(process.execPath, ['lib/cli/packet-walk.mjs', ...args], {
      cwd: copy,
      encoding: 'utf8',
    })
    return r.stdout + r.stderr
  }

  it('is folders of its own and one line, and is no program without every message', () => {
    const broken = MISSING.map(([file, was], i) => {
      const whole = readFileSync(join(copy, file), 'utf8')
      expect(whole).toContain(was)
      const beside = join(dirname(file), `without-${i}.ts`)
      writeFileSync(join(copy, beside), whole.replace(was, ''))
      return beside
    })
    const said = types().split('\n').slice(0, -1)
    expect(said.filter((line) => !/^ |without-\d\.ts/.test(line))).toEqual([])
    // “Type … is missing the following properties from type …”.
    for (const file of broken)
      expect(said.find((line) => line.startsWith(`${file}(`))).toMatch(/TS27(39|40|41)/)
  }, 120_000)
  it('is spoken where it is asked for, and offered', () => {
    expect(run('--lang', 'xx', 'trcae')).toContain('trcae: kein solcher Befehl; meinst du trace?')
    expect(run('list', '--lang', 'xx')).toContain('no-route               kein Weg zum Ziel')
    expect(run('--lang', 'yy', 'list')).toContain('--lang yy: no such language; there are en, xx')
  }, 60_000)
})
