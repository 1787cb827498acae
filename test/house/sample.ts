import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/*
 * A sample is something that a newcomer adds: the folder test/house/NAME. In `new/` stand its files, at the paths where they belong and with
 * `.txt` behind their names, so that nobody takes them for files of this project; `sample.json` says what it is a sample of and which lines
 * it adds to files that are there; `probe.ts.txt` is run in a copy of the project that has it, and throws unless it works.
 */

export const top = fileURLToPath(new URL('../..', import.meta.url))

/** Text added to a file that is there: as lines behind the only line that reads `after`, or within a line behind the only place that reads `behind`. */
export type Added = { readonly in: string; readonly add: string } & (
  | { readonly after: string }
  | { readonly behind: string }
)
/** What README's table calls it. */
type Kind =
  | 'device'
  | 'table'
  | 'header'
  | 'world'
  | 'network plugin'
  | 'drop reason'
  | 'chapter'
  | 'language'
export interface Sample {
  readonly name: string
  readonly of: Kind
  readonly edits: readonly Added[]
  /** Tests of the project that it must pass in a copy. */
  readonly tests?: readonly string[]
}

/** How many files outside its own may have to know it: README says the same. */
export const MOST: { readonly [K in Sample['of']]: number } = {
  device: 1,
  table: 2,
  header: 4,
  world: 1,
  'network plugin': 1,
  'drop reason': 8,
  chapter: 1,
  language: 1,
}

const here = join(top, 'test/house')
export function samples(): Sample[] {
  return readdirSync(here)
    .filter((name) => existsSync(join(here, name, 'sample.json')))
    .map((name) => ({
      ...(JSON.parse(readFileSync(join(here, name, 'sample.json'), 'utf8')) as Omit<
        Sample,
        'name'
      >),
      name,
    }))
}

/** The paths of its new files, from the top of the project; a drop reason has none. */
export function newFiles(s: Sample): string[] {
  const root = join(here, s.name, 'new')
  const below = (dir: string): string[] =>
    readdirSync(dir).flatMap((f) => {
      const path = join(dir, f)
      return statSync(path).isDirectory() ? below(path) : [relative(root, path).slice(0, -4)]
    })
  return existsSync(root) ? below(root) : []
}

/** Files that are there already and that it adds lines to. */
export function outside(s: Sample): string[] {
  return [...new Set(s.edits.map((e) => e.in))]
}

/** A copy of what is type-checked, without what takes long to copy and nobody imports. */
export function copyTo(copy: string): void {
  for (const part of ['lib', 'components', 'app', 'content', 'scripts', 'test'])
    cpSync(join(top, part), join(copy, part), {
      recursive: true,
      filter: (path) => !/\/(golden|captures|house)$|\.png$/.test(path),
    })
  for (const file of ['package.json', 'tsconfig.json', 'next.config.mjs', 'contract.md'])
    cpSync(join(top, file), join(copy, file))
  if (existsSync(join(top, 'next-env.d.ts')))
    cpSync(join(top, 'next-env.d.ts'), join(copy, 'next-env.d.ts'))
  symlinkSync(join(top, 'node_modules'), join(copy, 'node_modules'))
}

/** Puts a sample into a copy; its probe stands at `probe/NAME.ts` there. RangeError for a file that is there already, or a line that is not. */
export function putInto(copy: string, s: Sample): void {
  const put = (from: string, to: string): void => {
    if (existsSync(join(copy, to))) throw new RangeError(`${to} is there already`)
    mkdirSync(dirname(join(copy, to)), { recursive: true })
    cpSync(join(here, s.name, from), join(copy, to))
  }
  for (const file of newFiles(s)) put(`new/${file}.txt`, file)
  put('probe.ts.txt', `probe/${s.name}.ts`)
  for (const e of s.edits) {
    const [place, add] = 'after' in e ? [`\n${e.after}\n`, `${e.add}\n`] : [e.behind, e.add]
    const parts = `\n${readFileSync(join(copy, e.in), 'utf8')}`.split(place)
    if (parts.length !== 2)
      throw new RangeError(`${e.in} has ${parts.length - 1} places that read ${place.trim()}`)
    writeFileSync(join(copy, e.in), parts.join(place + add).slice(1))
  }
}
