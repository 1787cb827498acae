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

/** A line added to a file that is there, behind the only line that reads `after`. */
export interface AddedLine {
  readonly in: string
  readonly after: string
  readonly add: string
}
export interface Sample {
  readonly name: string
  readonly of: 'device' | 'table' | 'world' | 'chapter' | 'language'
  readonly edits: readonly AddedLine[]
}

/** How many files outside its own may have to know it: README says the same. */
export const MOST: { readonly [K in Sample['of']]: number } = {
  device: 1,
  table: 2,
  world: 1,
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

/** The paths of its new files, from the top of the project. */
export function newFiles(s: Sample): string[] {
  const root = join(here, s.name, 'new')
  const below = (dir: string): string[] =>
    readdirSync(dir).flatMap((f) => {
      const path = join(dir, f)
      return statSync(path).isDirectory() ? below(path) : [relative(root, path).slice(0, -4)]
    })
  return below(root)
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
  for (const file of ['package.json', 'tsconfig.json', 'next.config.mjs'])
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
    const lines = readFileSync(join(copy, e.in), 'utf8').split('\n')
    const at = lines.indexOf(e.after)
    if (at < 0 || lines.indexOf(e.after, at + 1) >= 0)
      throw new RangeError(`${e.in} has not one line that reads ${e.after}`)
    writeFileSync(join(copy, e.in), lines.toSpliced(at + 1, 0, e.add).join('\n'))
  }
}
