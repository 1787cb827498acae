// `npm run floors`: the picture of the floors in CONTRIBUTING.md, drawn from what files import.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const top = fileURLToPath(new URL('..', import.meta.url))
const page = join(top, 'CONTRIBUTING.md')
const BLOCK = /(<!-- floors: npm run floors -->\n)[\s\S]*?(<!-- floors end -->)/

/** The floors of lib, lowest first; rooms in one line do not know each other. */
export const FLOORS = [
  ['words/language', 'words/en/problems'],
  ['wire'],
  ['topology'],
  ['trace'],
  ['lookup'],
  ['run'],
  ['nf'],
  ['link', 'vpc'],
  ['ip'],
  ['programs'],
  ['walk'],
  ['worlds'],
  ['analysis/read'],
  ['words'],
  ['analysis/print'],
  ['goals', 'predict'],
  ['analysis/census', 'analysis/kernel'],
  ['cli'],
]
const ROOMS = FLOORS.flat()

/** The room of a file below lib/: most are one folder, some are folders in one, and then the innermost counts; '' stands on no floor. */
export const roomOf = (path) =>
  ROOMS.filter((r) => path.startsWith(`lib/${r}/`)).toSorted((a, b) => b.length - a.length)[0] ?? ''

/** The sources below a folder, as paths from the top. */
export function filesIn(dir) {
  return readdirSync(join(top, dir)).flatMap((f) => {
    const path = join(dir, f)
    return statSync(join(top, path)).isDirectory()
      ? filesIn(path)
      : /\.(ts|tsx|mjs)$/.test(f) && !f.endsWith('.d.ts')
        ? [path]
        : []
  })
}

/** What a source imports: `from`, for its effect alone, or when it runs. */
export function importsIn(source) {
  return [
    ...source.matchAll(
      /^\s*(?:import|export)\b(?:[^'"();]*?\bfrom)?\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm,
    ),
  ].map((m) => m[1] ?? m[2])
}

/** An import as a path from the top, or the package's name. */
export function targetOf(file, spec) {
  if (spec.startsWith('#')) return spec.slice(1)
  return spec.startsWith('.') ? relative(top, join(top, dirname(file), spec)) : spec
}

/** What the picture calls the room of a file: above lib it is the folder at the top. */
const drawnRoom = (path) =>
  path === 'lib/index.ts' ? path : path.startsWith('lib/') ? roomOf(path) : path.split('/')[0]

/** Which rooms each room imports. */
function graph() {
  const rooms = new Map()
  for (const file of ['lib', 'components', 'app'].flatMap(filesIn)) {
    const from = drawnRoom(file)
    if (!rooms.has(from)) rooms.set(from, new Set())
    for (const spec of importsIn(readFileSync(join(top, file), 'utf8'))) {
      if (!/^[.#]/.test(spec)) continue
      const to = drawnRoom(targetOf(file, spec))
      if (to !== from && to !== 'package.json') rooms.get(from).add(to)
    }
  }
  return rooms
}

/** All that a room reaches by way of what it imports. */
function reached(rooms, from) {
  const found = new Set()
  const visit = (room) => {
    for (const next of rooms.get(room) ?? []) {
      if (found.has(next)) continue
      found.add(next)
      visit(next)
    }
  }
  visit(from)
  return found
}

/** The floors, highest first: a line for each, its rooms, and behind each what it stands on; what is reached by way of those is left out. */
export function picture() {
  const rooms = graph()
  const heights = new Map()
  const heightOf = (room, way = []) => {
    if (way.includes(room)) throw new Error(`a circle: ${[...way, room].join(' → ')}`)
    const known = heights.get(room)
    if (known !== undefined) return known
    const below = [...(rooms.get(room) ?? [])].map((r) => heightOf(r, [...way, room]))
    const height = below.length === 0 ? 0 : Math.max(...below) + 1
    heights.set(room, height)
    return height
  }
  for (const room of rooms.keys()) heightOf(room)
  const names = [...heights].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
  const width = Math.max(...names.map(([name]) => name.length))
  const lines = names.map(([name, height], i) => {
    const on = [...(rooms.get(name) ?? [])]
      .filter((to, _, all) => !all.some((other) => reached(rooms, other).has(to)))
      .toSorted((a, b) => heights.get(b) - heights.get(a) || (a < b ? -1 : 1))
    const floor = names[i - 1]?.[1] === height ? '  ' : String(height).padStart(2)
    return `${floor}  ${name.padEnd(width)}${on.length === 0 ? '' : `  → ${on.join(', ')}`}`.trimEnd()
  })
  return `\`\`\`text\n${lines.join('\n')}\n\`\`\``
}

/** CONTRIBUTING.md with the picture as it is now. */
export const drawn = (text) =>
  text.replace(BLOCK, (_, begin, end) => `${begin}\n${picture()}\n\n${end}`)

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = readFileSync(page, 'utf8')
  if (!BLOCK.test(text)) throw new Error('CONTRIBUTING.md: no markers for the floors')
  writeFileSync(page, drawn(text))
}
