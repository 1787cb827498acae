import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { top } from './run.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'packet-walk-'))
  cpSync(join(top, 'lib'), join(dir, 'lib'), { recursive: true })
  cpSync(join(top, 'package.json'), join(dir, 'package.json'))
})
afterEach(() => rmSync(dir, { recursive: true }))

/** The command of the copy, with some packages of ours beside it. */
function run(...packages: readonly string[]): object {
  if (packages.length > 0) mkdirSync(join(dir, 'node_modules'), { recursive: true })
  for (const p of packages)
    cpSync(join(top, 'node_modules', p), join(dir, 'node_modules', p), { recursive: true })
  writeFileSync(join(dir, 'file.yaml'), 'packet-walk: 1\n')
  const r = spawnSync(
    process.execPath,
    [join(dir, 'lib/cli/packet-walk.mjs'), 'validate', join(dir, 'file.yaml')],
    { encoding: 'utf8' },
  )
  return { status: r.status, out: r.stdout, err: r.stderr }
}
const says = (missing: string): object => ({
  status: 2,
  out: '',
  err: `packet-walk: the packages it needs are not all installed (${missing} is missing); run npm ci in ${dir}\n`,
})
const LOADER = ['tsx', 'esbuild']

describe('before npm ci, one line with the remedy', () => {
  it('nothing is installed', () => {
    expect(run()).toEqual(says('tsx'))
  })
  it('the loader’s own packages are missing', () => {
    expect(run('tsx')).toEqual(says('esbuild'))
  })
  it('a part for this machine is missing', () => {
    expect(run(...LOADER)).toEqual(says(`@esbuild/${process.platform}-${process.arch}`))
  })
  it('what reads files is missing', () => {
    expect(run(...LOADER, '@esbuild')).toEqual(says('valibot'))
  })
  it('a fault of ours is none of these: it is told whole', () => {
    symlinkSync(join(top, 'node_modules'), join(dir, 'node_modules'))
    rmSync(join(dir, 'lib/cli/near.ts'))
    expect(run()).toMatchObject({ status: 1, err: expect.stringContaining('near.ts') as string })
  })
})
