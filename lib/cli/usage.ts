import {
  COMMANDS,
  OPTIONS,
  type Command,
  type CommandName,
  type Option,
  type OptionName,
} from './options.ts'
import { wrap } from '#lib/analysis/print/wrap.ts'
import { WORLD_IDS } from '#lib/worlds/index.ts'
import { cli } from './words.ts'
import { STEERING } from '#lib/topology/text.ts'

/** What the person at the terminal got wrong: one line, exit status 2. */
export class UsageError extends Error {}

/** The line to print for a mistake of the person's; null for a fault of ours. */
export function foreseen(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  const ours = error instanceof RangeError && !error.message.includes('call stack')
  const told =
    ours ||
    error instanceof UsageError ||
    error.name === 'EditError' ||
    error.name === 'ClusterError'
  return told ? (error.message.split('\n')[0] ?? error.message) : null
}

/** A line for a terminal: what would steer it is written out, since names of files and what is in them are not ours. */
export function plain(line: string): string {
  return line.replace(
    new RegExp(STEERING, 'gu'),
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Longer than a person reads: its beginning says where, its end says the remedy. */
export function short(line: string): string {
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 101)}…${line.slice(-100)}`
}
const LONGEST = 280

/** What `packet-walk` can be asked to do, in the order of its help. */
export const COMMAND_NAMES = Object.keys(COMMANDS) as readonly CommandName[]

/** What `packet-walk --help` prints. */
export function help(): string {
  const words = cli()
  return `${words.about}

${COMMAND_NAMES.map(
  (name) =>
    `  packet-walk ${name} ${COMMANDS[name].usage}\n${wrap(words.commands[name].says, '      ').join('\n')}`,
).join('\n')}
  packet-walk <command> --help
  packet-walk --version

${wrap(words.worlds(WORLD_IDS), '').join('\n')}
${words.fileToBegin}

${words.toBegin}
`
}
/** What `packet-walk COMMAND --help` prints. */
export function helpOf(name: CommandName): string {
  const c: Command = COMMANDS[name]
  const words = cli()
  const { says, notes, exit } = words.commands[name]
  const left = (o: OptionName): string => optionText(o, OPTIONS[o])
  const wide = Math.max(...c.options.map((o) => left(o).length))
  const options = c.options.flatMap((o) => {
    const lines = wrap(words.options[o], ' '.repeat(wide + 4))
    return lines.map((line, i) =>
      i === 0 ? `  ${left(o).padEnd(wide)}${line.slice(wide + 2)}` : line,
    )
  })
  return [
    `packet-walk ${name} ${c.usage}`,
    ...wrap(says, ''),
    '',
    ...options,
    ...(notes.length === 0 ? [] : ['', ...notes.flatMap((n) => wrap(n, ''))]),
    ...(c.examples === undefined ? [] : ['', words.examples, ...c.examples.map((x) => `  ${x}`)]),
    '',
    words.exitStatus(exit),
    '',
  ].join('\n')
}

function optionText(name: string, o: Option): string {
  return `${o.short === undefined ? '' : `-${o.short}, `}--${name}${o.value === undefined ? '' : ` ${o.value}`}`
}
