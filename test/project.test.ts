import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const top = fileURLToPath(new URL('..', import.meta.url))
const text = (path: string): string => readFileSync(join(top, path), 'utf8')

interface Entry {
  readonly version?: string
  readonly integrity?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
}
interface Manifest {
  readonly scripts: Readonly<Record<string, string>>
  readonly bin: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

describe('the top of the project', () => {
  it('has what it may have', () => {
    const allowed = new Set([
      'package.json',
      'package-lock.json',
      'next.config.mjs',
      'app',
      'content',
      'components',
      'lib',
      'test',
      'README.md',
      'contract.md',
      'CONTRIBUTING.md',
      'CHANGELOG.md',
      'public',
      'scripts',
      'findings',
      '.ci',
      '.npmrc',
      '.gitignore',
      'LICENSE',
      'tsconfig.json',
    ])
    const made = new Set([
      '.git',
      'node_modules',
      '.next',
      'out',
      'next-env.d.ts',
      'tsconfig.tsbuildinfo',
      '.lock-run',
    ])
    expect(readdirSync(top).filter((f) => !allowed.has(f) && !made.has(f))).toEqual([])
  })
})

describe('the lock file', () => {
  const packages = Object.entries(
    (
      JSON.parse(text('package-lock.json')) as {
        readonly packages: Readonly<Record<string, Entry>>
      }
    ).packages,
  )
  it('names no host (npm run lock takes out what does)', () => {
    expect(text('package-lock.json')).not.toContain('http')
  })
  it('has a hash for every package', () => {
    expect(packages.length).toBeGreaterThan(100)
    expect(
      packages
        .filter(([name, p]) => name !== '' && p.integrity === undefined)
        .map(([name]) => name),
    ).toEqual([])
  })
  it('has the parts of every platform: npm leaves out in silence what was not published yet', () => {
    const names = new Set(packages.map(([path]) => path.replace(/^.*node_modules\//, '')))
    expect(
      packages.flatMap(([path, p]) =>
        Object.keys(p.optionalDependencies ?? {})
          .filter((o) => !names.has(o))
          .map((o) => `${path}: ${o}`),
      ),
    ).toEqual([])
  })
})

describe('package.json', () => {
  const manifest = JSON.parse(text('package.json')) as Manifest
  it('names exact versions', () => {
    const all = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
    expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
  })
  it('names files that are there', () => {
    const named = Object.values(manifest.scripts)
      .flatMap((s) => s.split(' '))
      .filter((w) => /^(\.\/)?(scripts|test|lib)\//.test(w))
    expect(named.length).toBeGreaterThan(3)
    expect(
      [...named, ...Object.values(manifest.bin)].filter((f) => !existsSync(join(top, f))),
    ).toEqual([])
  })
})

describe('the formatter', () => {
  it('leaves chapters alone', () => {
    // Before a comma that follows a component it would put a space. What a configuration leaves out counts from its own folder (oxfmt 0.79).
    const { scripts } = JSON.parse(text('package.json')) as Manifest
    expect(scripts['format']).toContain('!**/*.mdx')
  })
})

describe('README.md, contract.md and CONTRIBUTING.md', () => {
  it.each(['README.md', 'contract.md', 'CONTRIBUTING.md'])(
    '%s leads to files that are there',
    (file) => {
      const named = [
        ...text(file).matchAll(
          /\]\((?!#|https?:)([^)#]+)\)|`((?:lib|test|content|scripts|components|app)\/[\w./-]+\.\w+)`/g,
        ),
      ].map((m) => m[1] ?? m[2]!)
      // NAME stands for a name of the reader's own.
      expect(named.filter((f) => !f.includes('NAME') && !existsSync(join(top, f)))).toEqual([])
    },
  )
  it('an example of one test finds that test', () => {
    const named = [
      ...text('CONTRIBUTING.md').matchAll(/npm run unit -- (\S+\.test\.ts) -t '([^']+)'/g),
    ].map((m) => [m[1]!, m[2]!] as const)
    expect(named.length).toBeGreaterThan(0)
    for (const [file, name] of named) expect(text(file), file).toContain(name)
  })
  it('name every npm script that they name rightly', () => {
    const scripts = (JSON.parse(text('package.json')) as Manifest).scripts
    const named = ['README.md', 'CONTRIBUTING.md']
      .flatMap((page) => [...text(page).matchAll(/npm (?:run (?:-s )?([\w:]+)|(start|test)\b)/g)])
      .map((m) => m[1] ?? m[2]!)
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((n) => scripts[n] === undefined)).toEqual([])
  })
})
