import { DETAILS } from '#lib/analysis/read/detail.ts'

/* Every command and option of the terminal, once: what is read, what help says and what a shell completes derive from here. */

/** What a value names, so that a shell can complete it. */
export type Takes = 'name' | 'target' | 'flow' | 'what-if' | 'file' | 'number' | readonly string[]

export interface Option {
  readonly short?: string
  /** What its value is called in help; an option without one is a flag. */
  readonly value?: string
  readonly takes?: Takes
  /** May be given more than once. */
  readonly many?: true
}

export const PROTOS = ['icmp', 'udp', 'tcp'] as const
/** What `verify` may ask. */
export const KERNELS = ['auto', 'running', 'uml'] as const
export const SHELLS = ['bash', 'zsh', 'fish'] as const

export const OPTIONS = {
  from: { value: 'NAME', takes: 'name' },
  to: {
    value: 'NAME|IP[:PORT]',
    takes: 'target',
  },
  flow: {
    value: 'NAME',
    takes: 'flow',
  },
  proto: {
    value: 'PROTO',
    takes: PROTOS,
  },
  sport: {
    value: 'PORT',
    takes: 'number',
  },
  size: { value: 'BYTES', takes: 'number' },
  ttl: { value: 'N', takes: 'number' },
  df: {},
  draw: {
    value: 'N',
    takes: 'number',
  },
  warm: {},
  'what-if': {
    value: 'NAME[,NAME]',
    takes: 'what-if',
    many: true,
  },
  detail: {
    value: 'LEVEL',
    takes: DETAILS,
  },
  pcap: {
    value: 'FILE',
    takes: 'file',
  },
  kernel: {
    value: 'KERNEL',
    takes: KERNELS,
  },
  json: {},
  help: { short: 'h' },
  version: { short: 'V' },
} as const satisfies Readonly<Record<string, Option>>
export type OptionName = keyof typeof OPTIONS

export interface Command {
  /** What stands behind the name on the line that says how it is used. */
  readonly usage: string
  /** What its one word is, if it takes one. */
  readonly word: 'world' | 'file' | 'shell' | 'goals' | null
  readonly options: readonly OptionName[]
  readonly examples?: readonly string[]
}

const FLOW: readonly OptionName[] = [
  'from',
  'to',
  'flow',
  'proto',
  'sport',
  'size',
  'ttl',
  'df',
  'draw',
]
const ALWAYS: readonly OptionName[] = ['help', 'version']

export const COMMANDS = {
  list: {
    usage: '[--json]',
    word: null,
    options: ['json', ...ALWAYS],
  },
  trace: {
    usage: '<world | file> --from NAME --to NAME|IP[:PORT] [options]',
    word: 'world',
    options: [...FLOW, 'warm', 'what-if', 'detail', 'pcap', 'json', ...ALWAYS],
    examples: [
      'packet-walk trace flannel-vxlan --flow ping',
      'packet-walk trace flannel-vxlan --from web-app-frontend-1 --to backend:80 --what-if delete-fdb',
      'packet-walk trace public/example.yaml --from web --to api:8080 --detail kernel',
    ],
  },
  validate: {
    usage: '<file>',
    word: 'file',
    options: ALWAYS,
  },
  lab: {
    usage: '<world | file> [--what-if NAME] > lab.sh',
    word: 'world',
    options: ['what-if', ...ALWAYS],
  },
  verify: {
    usage: '<world | file> [options]',
    word: 'world',
    options: [...FLOW, 'what-if', 'kernel', 'json', ...ALWAYS],
  },
  check: {
    usage: '<goals> <world | file>… [--what-if NAME]',
    word: 'goals',
    options: ['what-if', 'json', ...ALWAYS],
    examples: ['packet-walk check public/goals.yaml flannel-vxlan public/example.yaml'],
  },
  census: {
    usage: '<world | file> [options]',
    word: 'world',
    options: [...FLOW, 'what-if', 'json', ...ALWAYS],
    examples: ['packet-walk census flannel-vxlan', 'packet-walk census vpc-cni --flow node-port'],
  },
  completion: {
    usage: 'bash | zsh | fish',
    word: 'shell',
    options: ALWAYS,
    examples: [
      'source <(packet-walk completion bash)',
      'source <(packet-walk completion zsh)',
      'packet-walk completion fish | source',
    ],
  },
} as const satisfies Readonly<Record<string, Command>>
export type CommandName = keyof typeof COMMANDS
