import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const top = fileURLToPath(new URL('..', import.meta.url))
const FLOORS = ['wire', 'topology', 'trace', 'lookup', 'devices', 'engine', 'scenarios', 'analysis', 'cli']
const NPM: Readonly<Record<string, readonly string[]>> = { lib: ['valibot', 'yaml', 'tsx/esm/api'], components: ['react', 'framer-motion', 'framer-motion/m', 'next/link'], app: ['react', 'next', 'next/link', 'next/navigation', 'next/font/local'] }

function files(dir: string): string[] {
  return readdirSync(join(top, dir)).flatMap((f) => {
    const path = join(dir, f)
    return statSync(join(top, path)).isDirectory() ? files(path) : /\.(ts|tsx|mjs)$/.test(f) && !f.endsWith('.d.ts') ? [path] : []
  })
}

function imports(file: string): string[] {
  return [...readFileSync(join(top, file), 'utf8').matchAll(/^(?:import|export)\b[^';]*?from\s*'([^']+)'|\bimport\('([^']+)'\)/gm)].map((m) => m[1] ?? m[2]!)
}

/** An import as a path from the top, or the package's name. */
function target(file: string, spec: string): string {
  if (spec.startsWith('#')) return spec.slice(1)
  return spec.startsWith('.') ? relative(top, join(top, dirname(file), spec)) : spec
}

/** What is wrong with this import, or null. */
function wrong(file: string, spec: string): string | null {
  const to = target(file, spec)
  const [root, floor = ''] = file.split('/')
  if (spec.startsWith('.') || spec.startsWith('#')) {
    const [toRoot, toFloor = ''] = to.split('/')
    if (root === 'lib' && toRoot !== 'lib') return `${file} imports ${to}: lib knows nothing above it`
    if (root === 'lib' && file !== 'lib/index.ts' && FLOORS.indexOf(toFloor) > FLOORS.indexOf(floor)) return `${file} imports the higher floor ${toFloor}`
    if ((root === 'components' || root === 'app' || root === 'content') && toRoot === 'lib' && to !== 'lib/index.ts') return `${file} imports ${to}: only lib/index.ts`
    if (root === 'components' && toRoot !== 'components' && toRoot !== 'lib') return `${file} imports ${to}`
    return null
  }
  if (spec.startsWith('node:')) return root === 'lib' && floor !== 'cli' ? `${file} imports ${spec}` : null
  return (NPM[root ?? ''] ?? []).includes(spec) ? null : `${file} imports the package ${spec}`
}

describe('floors', () => {
  const all = ['lib', 'components', 'app'].flatMap(files)
  it('are imported downwards only, and packages where they are allowed', () => {
    expect(all.length).toBeGreaterThan(80)
    expect(all.flatMap((f) => imports(f).map((s) => wrong(f, s))).filter((x) => x !== null)).toEqual([])
  })
  it.each([
    ['lib/wire/udp.ts', '#lib/engine/walk.ts'], ['lib/devices/veth.ts', '#lib/engine/walk.ts'], ['lib/engine/walk.ts', '#components/mdx.tsx'], ['components/lab/Lab.tsx', '#lib/engine/walk.ts'],
    ['lib/wire/udp.ts', 'node:fs'], ['components/lab/Lab.tsx', 'lodash'],
  ])('%s may not import %s', (file, spec) => { expect(wrong(file, spec)).not.toBeNull() })
})

describe('lib', () => {
  it('has no clock, no random source, no network, no console', () => {
    const bad = files('lib').filter((f) => !f.startsWith('lib/cli/')).filter((f) => /\b(Date|performance|fetch|console|XMLHttpRequest|setTimeout)\b\s*[.(]|Math\.random/.test(readFileSync(join(top, f), 'utf8')))
    expect(bad).toEqual([])
  })
  it('escapes the type checker nowhere', () => {
    const bad = ['lib', 'components', 'app'].flatMap(files).filter((f) => /@ts-(ignore|expect-error|nocheck)|\bas any\b|: any\b/.test(readFileSync(join(top, f), 'utf8')))
    expect(bad).toEqual([])
  })
})

describe('the project', () => {
  it('has at its top what it may have', () => {
    const allowed = new Set(['package.json', 'package-lock.json', 'next.config.mjs', 'app', 'content', 'components', 'lib', 'test', 'README.md', 'contract.md', 'public', 'scripts', '.ci', '.npmrc', '.gitignore', 'LICENSE', 'tsconfig.json'])
    const made = new Set(['.git', 'node_modules', '.next', 'out', 'next-env.d.ts', 'tsconfig.tsbuildinfo', '.lock-run'])
    expect(readdirSync(top).filter((f) => !allowed.has(f) && !made.has(f))).toEqual([])
  })
  it('has a lock file that names no host and has a hash for every package', () => {
    const text = readFileSync(join(top, 'package-lock.json'), 'utf8')
    expect(text).not.toContain('http')
    const packages = Object.entries((JSON.parse(text) as { packages: Record<string, { integrity?: string }> }).packages)
    expect(packages.length).toBeGreaterThan(100)
    expect(packages.filter(([name, p]) => name !== '' && p.integrity === undefined).map(([name]) => name)).toEqual([])
  })
  it('shows the picture its README shows', () => { expect(existsSync(join(top, 'public/figure.png'))).toBe(true) })
})
