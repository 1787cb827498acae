import { DETAILS } from '#lib/analysis/detail.ts'

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
  readonly says: string
}

export const PROTOS = ['icmp', 'udp', 'tcp'] as const
/** What `verify` may ask. */
export const KERNELS = ['auto', 'running', 'uml'] as const
export const SHELLS = ['bash', 'zsh', 'fish'] as const

export const OPTIONS = {
  from: { value: 'NAME', takes: 'name', says: 'pod, node or host that sends' },
  to: { value: 'NAME|IP[:PORT]', takes: 'target', says: 'no port: an ICMP echo; a port: a whole TCP connection; a Service’s name stands for its ClusterIP' },
  flow: { value: 'NAME', takes: 'flow', says: 'a named flow of the world, instead of --from and --to and what goes with them' },
  proto: { value: 'PROTO', takes: PROTOS, says: 'udp with a port: one datagram, answered with one by a listener; icmp or tcp say what --to says already' },
  size: { value: 'BYTES', takes: 'number', says: 'L4 payload (56 for an echo)' },
  ttl: { value: 'N', takes: 'number', says: 'the sender’s TTL (64)' },
  df: { says: 'set DF on an echo or a datagram (TCP always has it)' },
  draw: { value: 'N', takes: 'number', says: 'what random rules draw from (0): another number may choose another endpoint of a Service' },
  warm: { says: 'neighbours and bridge FDB are known already' },
  'what-if': { value: 'NAME[,NAME]', takes: 'what-if', many: true, says: 'change the world first by a what-if of it; may be given more than once' },
  detail: { value: 'LEVEL', takes: DETAILS, says: 'story (the default, one screen), network (every device, and the rows that decided) or kernel (every step)' },
  pcap: { value: 'FILE', takes: 'file', says: 'also write the frames of every device to FILE, as pcapng for Wireshark' },
  kernel: { value: 'KERNEL', takes: KERNELS, says: 'running: this machine’s, as root; uml: User-Mode Linux, which needs no root; auto (the default): running, or uml where running cannot be asked' },
  json: { says: 'print JSON, version 1' },
  help: { short: 'h', says: 'this text' },
  version: { short: 'V', says: 'the version' },
} as const satisfies Readonly<Record<string, Option>>
export type OptionName = keyof typeof OPTIONS

export interface Command {
  /** What stands behind the name on the line that says how it is used. */
  readonly usage: string
  /** What its one word is, if it takes one. */
  readonly word: 'world' | 'file' | 'shell' | null
  readonly says: string
  readonly options: readonly OptionName[]
  /** What else help says, a paragraph each. */
  readonly notes?: readonly string[]
  readonly examples?: readonly string[]
  readonly exit: string
}

const FLOW: readonly OptionName[] = ['from', 'to', 'flow', 'proto', 'size', 'ttl', 'df', 'draw']
const ALWAYS: readonly OptionName[] = ['help', 'version']

export const COMMANDS = {
  list: {
    usage: '[--json]', word: null, says: 'the worlds, their flows and what-ifs, and every reason for a drop',
    options: ['json', ...ALWAYS], exit: '0 printed, 2 bad input',
  },
  trace: {
    usage: '<world | file> --from NAME --to NAME|IP[:PORT] [options]', word: 'world', says: 'walk a packet and tell what decided each step',
    options: [...FLOW, 'warm', 'what-if', 'detail', 'pcap', 'json', ...ALWAYS],
    notes: [
      'A line begins with the numbers of the steps it stands for, as --json counts them (n).',
      'Colours: where the terminal has them; NO_COLOR=1 turns them off, FORCE_COLOR=1 on.',
    ],
    examples: [
      'packet-walk trace flannel-vxlan --flow ping',
      'packet-walk trace flannel-vxlan --from web-app-frontend-1 --to backend:80 --what-if delete-fdb',
      'packet-walk trace public/example.yaml --from web --to api:8080 --detail kernel',
    ],
    exit: '0 delivered, 1 not delivered, 2 bad input',
  },
  validate: {
    usage: '<file>', word: 'file', says: 'check a cluster or topology file; prints every problem',
    options: ALWAYS, notes: ['public/example.yaml is a cluster file to begin with; contract.md says all that may stand in one.'], exit: '0 nothing is wrong, 2 bad input, with a line for each problem of the file',
  },
  lab: {
    usage: '<world | file> [--what-if NAME] > lab.sh', word: 'world', says: 'print a script that builds it of network namespaces',
    options: ['what-if', ...ALWAYS],
    notes: [
      'The script, as root (needs iproute2, iptables, python3): “bash lab.sh” builds the namespaces, one for each pod, node and host; “bash lab.sh down” takes them away.',
      'PREFIX=pw- stands before their names; RUN=DIR holds the programs and what was made.',
    ],
    exit: '0 printed, 2 bad input',
  },
  verify: {
    usage: '<world | file> [options]', word: 'world', says: 'build it, send the flow, compare every frame with the kernel’s',
    options: [...FLOW, 'what-if', 'kernel', 'json', ...ALWAYS],
    notes: [
      'On Linux: builds the world of network namespaces that only this command sees, sends the flow with real sockets, captures every device of every pod, node and host, and compares with the walk frame by frame.',
      'Without --from and --to or --flow: every flow of a world; of a file its flows, a ping from every pod to every other pod and host, and each Service, 64 in all at most.',
      'Without root, or where the running kernel lacks a kind of device, it starts a kernel of its own, User-Mode Linux (on Debian: apt-get install user-mode-linux kmod), and says so.',
    ],
    exit: '0 all agree, 1 something differs, 2 bad input, 3 this machine cannot be asked',
  },
  completion: {
    usage: 'bash | zsh | fish', word: 'shell', says: 'print what makes the shell complete commands, options and names',
    options: ALWAYS,
    notes: ['It completes the word packet-walk; where the command is run by npx, let that word stand for it: alias packet-walk="npx packet-walk".'],
    examples: ['source <(packet-walk completion bash)', 'source <(packet-walk completion zsh)', 'packet-walk completion fish | source'],
    exit: '0 printed, 2 bad input',
  },
} as const satisfies Readonly<Record<string, Command>>
export type CommandName = keyof typeof COMMANDS
