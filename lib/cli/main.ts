import { readFile } from 'node:fs/promises'
import { instead, shown } from './near.ts'
import { COMMANDS, type CommandName } from './options.ts'
import { read, type Read } from './read.ts'
import { HELP, helpOf, plain, short, UsageError, WORLDS } from './usage.ts'

type Out = (s: string) => void

/** What each command does with its line; its file is loaded when it is asked for. */
const RUN: { readonly [C in CommandName]: (r: Read, out: Out, argv: readonly string[]) => number | Promise<number> } = {
  list: async (r, out) => (await import('./list.ts')).list(r, out),
  trace: async (r, out) => (await import('./trace.ts')).trace(r, out),
  validate: async (r, out) => (await import('./validate.ts')).validate(r, out),
  lab: async (_, out, argv) => (await import('./lab.ts')).lab(argv, out),
  verify: async (r, out) => (await import('./verify.ts')).verify(r, out),
  completion: async (r, out) => (await import('./completion.ts')).completion(r, out),
}

/** The command line: picks the command, turns every foreseen mistake into one line on standard error and exit status 2. */
export async function main(argv: readonly string[]): Promise<number> {
  const out = (s: string): void => { process.stdout.write(s) }
  try {
    return await run(argv, out)
  } catch (error) {
    const line = foreseen(error)
    if (line === null) throw error
    process.stderr.write(`packet-walk: ${short(plain(line))}\n`)
    return 2
  }
}

async function run([first, ...rest]: readonly string[], out: Out): Promise<number> {
  if (first === undefined) { process.stderr.write(HELP); return 2 }
  if (first === '--version' || first === '-V' || first === 'version') { out(await version()); return 0 }
  const help = first === '--help' || first === '-h' || first === 'help'
  if (help && rest[0] === undefined) { out(HELP); return 0 }
  const name = commandOf(help ? rest[0]! : first)
  if (help) { out(helpOf(name)); return 0 }
  const r = read(name, rest)
  if (r.has('help')) { out(helpOf(name)); return 0 }
  if (r.has('version')) { out(await version()); return 0 }
  return await RUN[name](r, out, rest)
}

function commandOf(word: string): CommandName {
  if (Object.hasOwn(COMMANDS, word)) return word as CommandName
  const names = Object.keys(COMMANDS)
  if (WORLDS.includes(word) || /\.(ya?ml|json)$/.test(word)) throw new UsageError(`${shown(word)}: no such command; to walk a packet in it write packet-walk trace ${shown(word)}`)
  if (word.startsWith('-')) throw new UsageError(`${shown(word)}: the command comes first; there are ${names.join(', ')}`)
  throw new UsageError(`${shown(word)}: no such command; ${instead(word, names)}`)
}

async function version(): Promise<string> {
  const about = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string }
  return `packet-walk ${about.version}\n`
}

/** The line to print for a mistake of the person's; null for a fault of ours. */
function foreseen(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  const ours = error instanceof RangeError && !error.message.includes('call stack')
  const told = ours || error instanceof UsageError || error.name === 'EditError' || error.name === 'ClusterError'
  return told ? error.message.split('\n')[0] ?? error.message : null
}
