import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { KINDS } from '#lib/topology/devs/rows.ts'

const top = fileURLToPath(new URL('..', import.meta.url))
interface Floors {
  readonly FLOORS: readonly (readonly string[])[]
  readonly drawn: (page: string) => string
  readonly filesIn: (dir: string) => string[]
  readonly importsIn: (source: string) => string[]
  readonly roomOf: (path: string) => string
  readonly targetOf: (file: string, spec: string) => string
}
// The picture in CONTRIBUTING.md is drawn of the same floors, before anything is installed.
const { FLOORS, drawn, filesIn, importsIn, roomOf, targetOf } = (await import(
  join(top, 'scripts/floors.mjs')
)) as Floors
const rank = (floor: string): number => FLOORS.findIndex((f) => f.includes(floor))
const NPM: Readonly<Record<string, readonly string[]>> = {
  lib: ['valibot', 'yaml', 'tsx/esm/api'],
  components: [
    'react',
    'framer-motion',
    'framer-motion/dom/mini',
    'zustand/vanilla',
    'zustand/react',
    'react-dom',
    'react-dom/client',
    'd3-path',
    'd3-selection',
    'd3-zoom',
  ],
  app: ['react', 'next', 'next/navigation', 'next/font/local'],
  // Set-up runs before anything is installed; pages are finished after a build.
  scripts: [],
  'scripts/alive.mjs': ['react', 'react-dom/server'],
  test: [
    '@marp-team/marp-core',
    'react',
    'react-dom/server',
    'vitest',
    'vitest/config',
    'fast-check',
    'playwright-core',
    '@mdx-js/mdx',
    'yaml',
  ],
}

const imports = (file: string): string[] => importsIn(readFileSync(join(top, file), 'utf8'))

/** What is wrong with this import, or null. */
function wrong(file: string, spec: string): string | null {
  const to = targetOf(file, spec)
  const [root] = file.split('/')
  const floor = roomOf(file)
  if (spec.startsWith('.') || spec.startsWith('#')) {
    const [toRoot] = to.split('/')
    const toFloor = roomOf(to)
    if (root === 'lib' && file !== 'lib/index.ts' && rank(floor) < 0)
      return `${file} stands on no floor`
    if (root === 'scripts' && toRoot !== 'scripts')
      return `${file} imports ${to}: set-up stands alone`
    if (root === 'lib' && toRoot !== 'lib')
      return `${file} imports ${to}: lib knows nothing above it`
    if (root === 'lib' && to === 'lib/index.ts' && floor !== 'cli')
      return `${file} imports the whole house`
    if (
      root === 'lib' &&
      file !== 'lib/index.ts' &&
      toFloor !== floor &&
      rank(toFloor) >= rank(floor)
    )
      return `${file} imports the floor ${toFloor}`
    if (
      (root === 'components' || root === 'app' || root === 'content') &&
      toRoot === 'lib' &&
      to !== 'lib/index.ts'
    )
      return `${file} imports ${to}: only lib/index.ts`
    if (root === 'components' && toRoot !== 'components' && toRoot !== 'lib')
      return `${file} imports ${to}`
    return null
  }
  if (spec.startsWith('node:'))
    return root === 'lib' && floor !== 'cli' ? `${file} imports ${spec}` : null
  return (NPM[file] ?? NPM[root ?? ''] ?? []).includes(spec)
    ? null
    : `${file} imports the package ${spec}`
}

/** Every circle of imports, as the files on it; each is found once. */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>()
  const found: string[] = []
  const visit = (file: string, way: readonly string[]): void => {
    const again = way.indexOf(file)
    if (again >= 0) found.push([...way.slice(again), file].join(' → '))
    if (again >= 0 || done.has(file)) return
    for (const to of graph.get(file) ?? []) visit(to, [...way, file])
    done.add(file)
  }
  for (const file of graph.keys()) visit(file, [])
  return found
}

describe('floors', () => {
  const all = ['lib', 'components', 'app', 'scripts', 'test'].flatMap(filesIn)
  it('are imported downwards only, and packages where they are allowed', () => {
    expect(all.length).toBeGreaterThan(80)
    expect(
      all.flatMap((f) => imports(f).map((s) => wrong(f, s))).filter((x) => x !== null),
    ).toEqual([])
  })
  it('no file imports itself by way of others', () => {
    const graph = new Map(all.map((f) => [f, imports(f).map((spec) => targetOf(f, spec))]))
    expect(circles(graph)).toEqual([])
  })
  it('hold no file that nobody imports but tests', () => {
    // What a command line starts, and what is imported by a language's tag.
    const started = /^lib\/(cli\/[^/]+\.mjs|words\/[^/]+\/cli\.ts)$/
    const imported = new Set(
      all
        .filter((f) => !f.startsWith('test/'))
        .flatMap((f) => imports(f).map((s) => targetOf(f, s))),
    )
    expect(filesIn('lib').filter((f) => !started.test(f) && !imported.has(f))).toEqual([])
  })
  it.each([
    ['lib/wire/udp.ts', '#lib/walk/walk.ts'],
    ['lib/link/veth.ts', '#lib/walk/walk.ts'],
    ['lib/walk/walk.ts', '#components/mdx.tsx'],
    ['components/figure/Figure.tsx', '#lib/walk/walk.ts'],
    ['lib/wire/udp.ts', 'node:fs'],
    ['components/figure/Figure.tsx', 'lodash'],
    // A build for browsers has nothing of Next's.
    ['components/figure/Figure.tsx', 'next/dynamic'],
    ['components/figure/Figure.tsx', 'next/link'],
    ['scripts/run.mjs', 'react'],
    ['lib/misc/all.ts', './other.ts'],
    ['lib/wire/udp.ts', '#lib/index.ts'],
    ['scripts/run.mjs', 'tsx/esm/api'],
    ['scripts/run.mjs', '../lib/wire/udp.ts'],
  ])('%s may not import %s', (file, spec) => {
    expect(wrong(file, spec)).not.toBeNull()
  })
  it('are drawn in CONTRIBUTING.md as they are (npm run floors)', () => {
    const page = readFileSync(join(top, 'CONTRIBUTING.md'), 'utf8')
    expect(page).toContain('<!-- floors: npm run floors -->')
    expect(drawn(page), 'The floors have changed: npm run floors').toBe(page)
  })
  it('finds every form of an import', () => {
    const source =
      "import './a.ts'\nimport {\n  b,\n} from './b.ts'\nexport * from './c.ts'\nexport type * from './d.ts'\n  const e = await import('./e.ts')\nimport f from \"./f.ts\"\nexport const g = 'not/g.ts'\n"
    expect(importsIn(source)).toEqual(['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts', './f.ts'])
  })
})

/** The engine's own: what a device does with a frame is its kind. */
const OF_KINDS = /^lib\/(link|topology\/devs)\//
const KIND = new RegExp(
  `(?<!\\bh|\\bvxlan|\\bvxlan\\?|\\btag)\\??\\.kind [!=]== '(${Object.keys(KINDS).join('|')})'`,
)

/** The family's name, and the functions of lib/wire/addr.ts that give an address away as a number. */
const IPV4 = /'ipv4'|\b(?:toNumber|fromNumber|maskOf)\(/

describe('lib', () => {
  it('asks what a device can, never what its kind is called', () => {
    const bad = filesIn('lib').filter(
      (f) => !OF_KINDS.test(f) && KIND.test(readFileSync(join(top, f), 'utf8')),
    )
    expect(bad).toEqual([])
    // Headers are called vxlan and vlan too.
    expect(KIND.test("if (d.kind === 'vxlan')")).toBe(true)
    expect(KIND.test("if (h.kind === 'vxlan')")).toBe(false)
    expect(KIND.test("dev(n, x)?.kind !== 'tun'")).toBe(true)
  })
  it('rows load without schemas, commands and printers', () => {
    const loaded = (from: string, found = new Set<string>()): ReadonlySet<string> => {
      if (found.has(from)) return found
      found.add(from)
      if (from.startsWith('lib/'))
        for (const to of imports(from).map((spec) => targetOf(from, spec))) loaded(to, found)
      return found
    }
    const others = /^valibot$|\/(check|checks|tool|tools|change|changes|refuse|script|scripts)\.ts$/
    const of = (file: string): string[] => [...loaded(file)].filter((f) => others.test(f))
    expect(of('lib/topology/topology.ts')).toEqual([])
    expect(of('lib/topology/checks.ts')).toContain('valibot')
    expect(of('lib/analysis/print/tools.ts')).not.toContain('valibot')
  })

  it('has no clock, no random source, no network, no console', () => {
    const bad = filesIn('lib')
      .filter((f) => !f.startsWith('lib/cli/'))
      .filter((f) =>
        /\b(Date|performance|fetch|console|XMLHttpRequest|setTimeout|setInterval|process|crypto)\b\s*[.(]|Math\.random/.test(
          readFileSync(join(top, f), 'utf8'),
        ),
      )
    expect(bad).toEqual([])
  })
  it('names IPv4, or counts with the bits of addresses, where CONTRIBUTING.md says and nowhere else', () => {
    const page = readFileSync(join(top, 'CONTRIBUTING.md'), 'utf8')
    const list = /## What IPv6 would touch\n([\s\S]*)$/.exec(page)?.[1] ?? ''
    const listed = [...list.matchAll(/^- `([^`]+)`: \S/gm)].map((m) => m[1]!)
    const named = ['lib', 'components', 'app']
      .flatMap(filesIn)
      .filter((f) => !f.startsWith('lib/wire/'))
      .filter((f) => IPV4.test(readFileSync(join(top, f), 'utf8')))
    expect(named.toSorted()).toEqual(listed.toSorted())
    expect(listed.length).toBeLessThanOrEqual(15)
  })
  it('escapes the type checker nowhere', () => {
    const bad = ['lib', 'components', 'app']
      .flatMap(filesIn)
      .filter((f) =>
        /@ts-(ignore|expect-error|nocheck)|\bas any\b|: any\b/.test(
          readFileSync(join(top, f), 'utf8'),
        ),
      )
    expect(bad).toEqual([])
  })
})

describe('test', () => {
  /** What mirrors no room, and what it is. */
  const OWN: Readonly<Record<string, string>> = {
    report: 'what tests write, which is not kept',
    api: 'what lib/index.ts gives away',
    bench: 'how long it takes',
    captures: 'what the first labs showed',
    cni: 'plugins of others beside our worlds',
    content: 'what chapters say, word by word',
    e2e: 'the site in a browser',
    facts: 'what was measured or is documented, held to the engine',
    hostile: 'files and rows that mean harm',
    house: 'what it costs to add something',
    labs: 'the first labs, and the engine beside them',
    mutants: 'which test notices which wrong line',
    tools: 'tools of others beside our words',
    verify: 'kernels beside our walks',
  }
  const folders = (dir: string): string[] =>
    readdirSync(join(top, dir), { withFileTypes: true })
      .filter((f) => f.isDirectory())
      .map((f) => f.name)
  it('mirrors lib: each folder is of a room, or says what it is', () => {
    const rooms = new Set([...folders('lib'), 'components', 'scripts'])
    expect(folders('test').filter((f) => !rooms.has(f) && OWN[f] === undefined)).toEqual([])
    const parts = new Set(folders('components'))
    expect(folders('test/components').filter((f) => !parts.has(f))).toEqual([])
  })
  it.each(['print', 'read'])('has a unit file for each file of lib/analysis/%s', (room) => {
    const tested = new Set(readdirSync(join(top, `test/analysis/${room}`)))
    const files = readdirSync(join(top, `lib/analysis/${room}`))
    expect(files.length).toBeGreaterThan(8)
    expect(files.filter((f) => !tested.has(f.replace(/\.ts$/, '.test.ts')))).toEqual([])
  })
})
