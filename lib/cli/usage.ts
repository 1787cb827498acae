import { COMMANDS, OPTIONS, type Command, type CommandName, type Option, type OptionName } from './options.ts'
import { wrap } from '#lib/analysis/wrap.ts'
import { STEERING } from '#lib/topology/text.ts'

/** What the person at the terminal got wrong: one line, exit status 2. */
export class UsageError extends Error {}

/** A line for a terminal: what would steer it is written out, since names of files and what is in them are not ours. */
export function plain(line: string): string {
  return line.replace(new RegExp(STEERING, 'gu'), (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Longer than a person reads: its beginning says where, its end says the remedy. */
export function short(line: string): string {
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 101)}…${line.slice(-100)}`
}
const LONGEST = 280

/** Written down here too, so that help need not build them; a test compares. */
export const WORLDS = ['docker-bridge', 'flannel-udp', 'flannel-vxlan', 'flannel-host-gw', 'vpc-cni']

/** What `packet-walk --help` prints. */
export const HELP = `packet-walk: how a packet travels, computed from tables

${Object.entries(COMMANDS).map(([name, c]) => `  packet-walk ${name} ${c.usage}\n${wrap(c.says, '      ').join('\n')}`).join('\n')}
  packet-walk <command> --help
  packet-walk --version

worlds: ${WORLDS.join(' ')}
a cluster file to begin with: public/example.yaml

to begin: packet-walk trace flannel-vxlan --flow ping
`

/** What `packet-walk COMMAND --help` prints. */
export function helpOf(name: CommandName): string {
  const c: Command = COMMANDS[name]
  const left = (o: OptionName): string => optionText(o, OPTIONS[o])
  const wide = Math.max(...c.options.map((o) => left(o).length))
  const options = c.options.flatMap((o) => {
    const lines = wrap(OPTIONS[o].says, ' '.repeat(wide + 4))
    return lines.map((line, i) => (i === 0 ? `  ${left(o).padEnd(wide)}${line.slice(wide + 2)}` : line))
  })
  return [
    `packet-walk ${name} ${c.usage}`, ...wrap(c.says, ''), '', ...options,
    ...(c.notes === undefined ? [] : ['', ...c.notes.flatMap((n) => wrap(n, ''))]),
    ...(c.examples === undefined ? [] : ['', 'examples', ...c.examples.map((x) => `  ${x}`)]),
    '', `exit status: ${c.exit}`, '',
  ].join('\n')
}

function optionText(name: string, o: Option): string {
  return `${o.short === undefined ? '' : `-${o.short}, `}--${name}${o.value === undefined ? '' : ` ${o.value}`}`
}

export const LAB_HELP = helpOf('lab')
