import { readFile } from 'node:fs/promises'
import { listedWorld } from '#lib/worlds/index.ts'
import { instead, shown } from './near.ts'
import { COMMANDS, type CommandName } from './options.ts'
import { languageOf } from './language.ts'
import { cli } from './words.ts'
import { read, type Read } from './read.ts'
import { help as wholeHelp, helpOf, foreseen, plain, short, UsageError } from './usage.ts'

type Out = (s: string) => void

/** What each command does with its line; its file is loaded when it is asked for. */
const RUN: {
  readonly [C in CommandName]: (
    r: Read,
    out: Out,
    argv: readonly string[],
  ) => number | Promise<number>
} = {
  list: async (r, out) => (await import('./list.ts')).list(r, out),
  trace: async (r, out) => (await import('./trace.ts')).trace(r, out),
  validate: async (r, out) => (await import('./validate.ts')).validate(r, out),
  lab: async (_, out, argv) => (await import('./lab.ts')).lab(argv, out),
  verify: async (r, out) => (await import('./verify.ts')).verify(r, out),
  check: async (r, out) => (await import('./goals.ts')).check(r, out),
  census: async (r, out) => (await import('./census.ts')).census(r, out),
  completion: async (r, out) => (await import('./completion.ts')).completion(r, out),
}

const ASKS_NO_WALK: readonly CommandName[] = ['list', 'completion']

/** The command line: picks the command, turns every foreseen mistake into one line on standard error and exit status 2. */
export async function main(argv: readonly string[]): Promise<number> {
  const out = (s: string): void => {
    process.stdout.write(s)
  }
  try {
    const rest = await languageOf(argv, process.env)
    return await run(rest, out)
  } catch (error) {
    const line = foreseen(error)
    if (line === null) throw error
    process.stderr.write(`packet-walk: ${short(plain(line))}\n`)
    return 2
  }
}

async function run([first, ...rest]: readonly string[], out: Out): Promise<number> {
  if (first === undefined) {
    process.stderr.write(wholeHelp())
    return 2
  }
  if (first === '--version' || first === '-V' || first === 'version') {
    out(await version())
    return 0
  }
  const help = first === '--help' || first === '-h' || first === 'help'
  if (help && rest[0] === undefined) {
    out(wholeHelp())
    return 0
  }
  const name = commandOf(help ? rest[0]! : first)
  if (help) {
    out(helpOf(name))
    return 0
  }
  const r = read(name, rest)
  if (r.has('help')) {
    out(helpOf(name))
    return 0
  }
  if (r.has('version')) {
    out(await version())
    return 0
  }
  if (!ASKS_NO_WALK.includes(name)) (await import('#lib/link/more.ts')).more()
  return RUN[name](r, out, rest)
}

function commandOf(word: string): CommandName {
  if (Object.hasOwn(COMMANDS, word)) return word as CommandName
  const names = Object.keys(COMMANDS)
  if (listedWorld(word) !== undefined || /\.(ya?ml|json)$/.test(word))
    throw new UsageError(cli().noCommandButWorld(shown(word)))
  if (word.startsWith('-')) throw new UsageError(cli().commandFirst(shown(word), names))
  throw new UsageError(cli().noCommand(shown(word), instead(word, names)))
}

async function version(): Promise<string> {
  const about = JSON.parse(
    await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as { readonly version: string }
  return `packet-walk ${about.version}\n`
}
