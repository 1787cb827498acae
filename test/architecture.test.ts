import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const top = fileURLToPath(new URL('..', import.meta.url))
const FLOORS = ['wire', 'topology', 'trace', 'lookup', 'devices', 'engine', 'scenarios', 'analysis', 'cli']
const NPM: Readonly<Record<string, readonly string[]>> = {
  lib: ['valibot', 'yaml', 'tsx/esm/api'], components: ['react', 'framer-motion', 'framer-motion/mini', 'next/link', 'next/dynamic', 'react-dom', 'd3-shape', 'd3-selection', 'd3-zoom'], app: ['react', 'next', 'next/link', 'next/navigation', 'next/font/local'],
  // Set-up runs before anything is installed.
  scripts: [], test: ['vitest', 'vitest/config', 'fast-check', 'playwright-core', '@mdx-js/mdx', 'yaml'],
}

function files(dir: string): string[] {
  return readdirSync(join(top, dir)).flatMap((f) => {
    const path = join(dir, f)
    return statSync(join(top, path)).isDirectory() ? files(path) : /\.(ts|tsx|mjs)$/.test(f) && !f.endsWith('.d.ts') ? [path] : []
  })
}

/** What a source imports: `from`, for its effect alone, or when it runs. */
function importsIn(source: string): string[] {
  return [...source.matchAll(/^\s*(?:import|export)\b(?:[^'"();]*?\bfrom)?\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm)].map((m) => m[1] ?? m[2]!)
}
const imports = (file: string): string[] => importsIn(readFileSync(join(top, file), 'utf8'))

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
    if (root === 'lib' && file !== 'lib/index.ts' && !FLOORS.includes(floor)) return `${file} stands on no floor`
    if (root === 'scripts' && toRoot !== 'scripts') return `${file} imports ${to}: set-up stands alone`
    if (root === 'lib' && toRoot !== 'lib') return `${file} imports ${to}: lib knows nothing above it`
    if (root === 'lib' && to === 'lib/index.ts' && floor !== 'cli') return `${file} imports the whole house`
    if (root === 'lib' && file !== 'lib/index.ts' && FLOORS.indexOf(toFloor) > FLOORS.indexOf(floor)) return `${file} imports the higher floor ${toFloor}`
    if ((root === 'components' || root === 'app' || root === 'content') && toRoot === 'lib' && to !== 'lib/index.ts') return `${file} imports ${to}: only lib/index.ts`
    if (root === 'components' && toRoot !== 'components' && toRoot !== 'lib') return `${file} imports ${to}`
    return null
  }
  if (spec.startsWith('node:')) return root === 'lib' && floor !== 'cli' ? `${file} imports ${spec}` : null
  return (NPM[root ?? ''] ?? []).includes(spec) ? null : `${file} imports the package ${spec}`
}

describe('floors', () => {
  const all = ['lib', 'components', 'app', 'scripts', 'test'].flatMap(files)
  it('are imported downwards only, and packages where they are allowed', () => {
    expect(all.length).toBeGreaterThan(80)
    expect(all.flatMap((f) => imports(f).map((s) => wrong(f, s))).filter((x) => x !== null)).toEqual([])
  })
  it.each([
    ['lib/wire/udp.ts', '#lib/engine/walk.ts'], ['lib/devices/veth.ts', '#lib/engine/walk.ts'], ['lib/engine/walk.ts', '#components/mdx.tsx'], ['components/lab/Lab.tsx', '#lib/engine/walk.ts'],
    ['lib/wire/udp.ts', 'node:fs'], ['components/lab/Lab.tsx', 'lodash'], ['lib/misc/all.ts', './other.ts'], ['lib/wire/udp.ts', '#lib/index.ts'], ['scripts/run.mjs', 'tsx/esm/api'], ['scripts/run.mjs', '../lib/wire/udp.ts'],
  ])('%s may not import %s', (file, spec) => { expect(wrong(file, spec)).not.toBeNull() })
  it('finds every form of an import', () => {
    const source = "import './a.ts'\nimport {\n  b,\n} from './b.ts'\nexport * from './c.ts'\nexport type * from './d.ts'\n  const e = await import('./e.ts')\nimport f from \"./f.ts\"\nexport const g = 'not/g.ts'\n"
    expect(importsIn(source)).toEqual(['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts', './f.ts'])
  })
})

describe('lib', () => {
  it('has no clock, no random source, no network, no console', () => {
    const bad = files('lib').filter((f) => !f.startsWith('lib/cli/')).filter((f) => /\b(Date|performance|fetch|console|XMLHttpRequest|setTimeout|setInterval|process|crypto)\b\s*[.(]|Math\.random/.test(readFileSync(join(top, f), 'utf8')))
    expect(bad).toEqual([])
  })
  it('escapes the type checker nowhere', () => {
    const bad = ['lib', 'components', 'app'].flatMap(files).filter((f) => /@ts-(ignore|expect-error|nocheck)|\bas any\b|: any\b/.test(readFileSync(join(top, f), 'utf8')))
    expect(bad).toEqual([])
  })
})
