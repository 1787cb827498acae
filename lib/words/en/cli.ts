/*
 * What the command says. Names, words of the person's own and lists of names come as they are to be shown; `instead` is what
 * to write in place of a word that names nothing, as `instead()` below says it.
 */

/** As many names as fit a line, and how many are left out. */
export interface Listed {
  readonly names: readonly string[]
  readonly more: number
}
const some = ({ names, more }: Listed): string =>
  more === 0 ? names.join(', ') : `${names.join(', ')} and ${more} more`
const either = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`

/** Why a file cannot be read, by the code that the system has for it. */
const UNREADABLE: Readonly<Record<string, string>> = {
  EISDIR: 'it is a folder; name a file in it',
  EACCES: 'this user may not read it; ask for the right, or copy it',
  ENOTDIR: 'a part of its path is no folder',
}
const ONE = {
  world: 'one world or file',
  file: 'one file',
  shell: 'one shell',
  goals: 'goals and files',
}

const NO_NOTES: readonly string[] = []

export const cli = {
  // Help
  about: 'packet-walk: how a packet travels, computed from tables',
  worlds: (names: readonly string[]): string => `worlds: ${names.join(' ')}`,
  fileToBegin: 'a cluster file to begin with: public/example.yaml',
  toBegin: 'to begin: packet-walk trace flannel-vxlan --flow ping',
  examples: 'examples',
  exitStatus: (says: string): string => `exit status: ${says}`,
  helpOnHelp: 'what each command is for',
  options: {
    from: 'pod, node or host that sends',
    to: 'no port: an ICMP echo; a port: a whole TCP connection; a Service’s name stands for its ClusterIP',
    flow: 'a named flow of the world, instead of --from and --to and what goes with them',
    proto:
      'udp with a port: one datagram, answered with one by a listener; icmp or tcp say what --to says already',
    sport:
      'the sender’s port, with TCP or UDP; left out, one is chosen that follows from both ends',
    size: 'L4 payload (56 for an echo)',
    ttl: 'the sender’s TTL (64)',
    df: 'set DF on an echo or a datagram (TCP always has it)',
    draw: 'what random rules draw from (0): another number may choose another endpoint of a Service',
    warm: 'neighbours and bridge FDB are known already',
    'what-if': 'change the world first by a what-if of it; may be given more than once',
    detail:
      'story (the default, one screen), network (every device, and the rows that decided) or kernel (every step)',
    pcap: 'also write the frames of every device to FILE, as pcapng for Wireshark',
    kernel:
      'running: this machine’s, as root; uml: User-Mode Linux, which needs no root; auto (the default): running, or uml where running cannot be asked',
    json: 'print JSON, version 1',
    help: 'this text',
    version: 'the version',
  },
  commands: {
    list: {
      says: 'the worlds, their flows and what-ifs, and every reason for a drop',
      notes: NO_NOTES,
      exit: '0 printed, 2 bad input',
    },
    trace: {
      says: 'walk a packet and tell what decided each step',
      notes: [
        'A line begins with the numbers of the steps it stands for, as --json counts them (n).',
        'Colours: where the terminal has them; NO_COLOR=1 turns them off, FORCE_COLOR=1 on.',
      ],
      exit: '0 delivered, 1 not delivered, 2 bad input',
    },
    validate: {
      says: 'check a cluster or topology file; prints every problem',
      notes: [
        'public/example.yaml is a cluster file to begin with; contract.md says all that may stand in one.',
      ],
      exit: '0 nothing is wrong, 2 bad input, with a line for each problem of the file',
    },
    lab: {
      says: 'print a script that builds it of network namespaces',
      notes: [
        'The script, as root (needs iproute2, iptables, python3): “bash lab.sh” builds the namespaces, one for each pod, node and host; “bash lab.sh down” takes them away.',
        'PREFIX=pw- stands before their names; RUN=DIR holds the programs and what was made.',
      ],
      exit: '0 printed, 2 bad input',
    },
    verify: {
      says: 'build it, send the flow, compare every frame with the kernel’s',
      notes: [
        'On Linux: builds the world of network namespaces that only this command sees, sends the flow with real sockets, captures every device of every pod, node and host, and compares with the walk frame by frame.',
        'Without --from and --to or --flow: every flow of a world; of a file its flows, a ping from every pod to every other pod and host, and each Service, 64 in all at most.',
        'Without root, or where the running kernel lacks a kind of device, it starts a kernel of its own, User-Mode Linux (on Debian: apt-get install user-mode-linux kmod), and says so.',
      ],
      exit: '0 all agree, 1 something differs, 2 bad input, 3 this machine cannot be asked',
    },
    check: {
      says: 'hold networks against goals: what reaches what, seen as whom, by which way; prints what each goal comes to in each file or world',
      notes: [
        'GOALS is a file of goals (contract.md); public/goals.yaml is one to begin with. A goal that does not hold names the first walk that shows it.',
        'Goals about rows compare with the start that GOALS names, a world or a file beside it.',
        'What is wrong with a network is told below its name, what it lacks below the goal that asks for it; all else is marked.',
      ],
      exit: '0 all goals hold in all files, 1 some do not, 2 bad input',
    },
    census: {
      says: 'take away every row in turn and walk the flow again: which single rows it hangs on, and who keeps them',
      notes: [
        'Without --from and --to or --flow: the first flow of the world. It must arrive as the network is.',
      ],
      exit: '0 printed, 2 bad input',
    },
    completion: {
      says: 'print what makes the shell complete commands, options and names',
      notes: [
        'It completes the word packet-walk; where the command is run by npx, let that word stand for it: alias packet-walk="npx packet-walk".',
      ],
      exit: '0 printed, 2 bad input',
    },
  },

  // Names
  instead: (near: readonly string[], all: Listed): string =>
    near.length > 0
      ? `did you mean ${either(near)}?`
      : all.names.length === 0
        ? 'there are none'
        : `there are ${some(all)}`,

  // The command and its options
  commandFirst: (word: string, commands: readonly string[]): string =>
    `${word}: the command comes first; there are ${commands.join(', ')}`,
  noCommand: (word: string, instead: string): string => `${word}: no such command; ${instead}`,
  noCommandButWorld: (word: string): string =>
    `${word}: no such command; to walk a packet in it write packet-walk trace ${word}`,
  noOption: (option: string, command: string, instead: string): string =>
    `${option}: packet-walk ${command} has no such option; ${instead}`,
  optionOfOthers: (commands: readonly string[]): string =>
    `${either(commands)} ${commands.length === 1 ? 'has' : 'have'} it`,
  noValueTaken: (option: string, value: string): string =>
    `${option}=${value}: it takes no value; leave out what is behind the name`,
  valueMissing: (option: string, value: string): string =>
    `${option}: its value is missing; write ${option} ${value}`,
  twice: (option: string, first: string, second: string): string =>
    `${option}: given twice, ${first} and ${second}; leave one of them out`,
  noWords: (command: string, word: string): string =>
    `${command}: it takes no words, but ${word} stands there; leave it out`,
  oneWord: (command: string, kind: keyof typeof ONE, word: string): string =>
    `${command}: ${ONE[kind]}, not also ${word}; leave one of them out`,
  noValue: (option: string, value: string, instead: string): string =>
    `${option} ${value}: ${instead}`,
  outOfRange: (option: string, value: string, range: readonly [number, number]): string =>
    `${option} ${value}: not in its range; write a whole number from ${range[0]} to ${range[1]}`,
  noLanguage: (tag: string, instead: string): string =>
    `--lang ${tag}: no such language; ${instead}`,

  // Worlds and files
  whichWorld: (command: string, worlds: Listed): string =>
    `${command}: which world or file? Worlds are ${some(worlds)}; a file to begin with is public/example.yaml`,
  whichFile: 'validate: which file? One to begin with is public/example.yaml',
  worldIsNoFile: (world: string): string =>
    `validate: ${world} is a world of this program, not a file; name a file`,
  whichGoals: 'check: which goals? A file to begin with is public/goals.yaml',
  whichNetwork: (goals: string): string =>
    `check: which network is held against ${goals}? Name worlds or files behind it`,
  noStart: (goals: string): string =>
    `${goals}: start: missing; goals about rows compare with it, so name a world, or a file beside this one`,
  whichShell: (shells: Listed): string => `completion: which shell? There are ${some(shells)}`,
  noShell: (word: string, instead: string): string =>
    `completion ${word}: no such shell; ${instead}`,
  inFile: (file: string, problem: string): string => `${file}: ${problem}`,
  inFileAndMore: (file: string, problem: string, more: number): string =>
    `${file}: ${problem} (and ${more} more)`,
  inFileAndMoreTold: (file: string, problem: string, more: number): string =>
    `${file}: ${problem} (and ${more} more: packet-walk validate ${file})`,
  tooLarge: (file: string, mebibytes: number): string =>
    `${file}: more than the ${mebibytes} MiB that a file may have; write a large cluster with count`,
  unreadable: (file: string, code: string): string =>
    `${file}: cannot be read (${code}): ${UNREADABLE[code] ?? 'name a file that is there and yours to read'}`,
  noFile: (name: string, instead: string): string => `${name}: no such world or file; ${instead}`,
  worldsAre: (worlds: Listed): string => `worlds are ${some(worlds)}`,
  unwritable: (file: string, code: string): string =>
    `--pcap ${file}: cannot be written (${code}); name a file in a folder that is there and yours to write`,
  unknownError: 'unknown error',

  // Flows
  flowSaysAll: (options: readonly string[], flow: string): string =>
    `${options.join(', ')}: --flow ${flow} says all of the flow already; leave --flow out and name --from and --to, or leave out ${options.join(', ')}`,
  noFlow: (flow: string, world: string, instead: string): string =>
    `--flow ${flow}: ${world} has no such flow; ${instead}`,
  whichFlow: (world: string, flows: Listed): string =>
    `--from and --to are needed, or --flow; the flows of ${world} are ${some(flows)}`,
  whichFlowDraw: (world: string, flows: Listed): string =>
    `--draw says not which flow: --from and --to are needed, or --flow; the flows of ${world} are ${some(flows)}`,
  noFrom: '--from is missing: who sends? Name a pod, node or host',
  noTo: '--to is missing: where does it go? Name a pod, node, host or Service, or an address, with :PORT for TCP',
  ipv6: (option: string, said: string): string =>
    `--${option} ${said}: IPv6 is not modelled; write a name, or an IPv4 address`,
  nobodySends: (from: string, instead: string): string =>
    `--from ${from}: no pod, node or host has that name; ${instead}`,
  nobodySendsAtPort: (from: string, instead: string): string =>
    `--from ${from}: no pod, node or host has that name, and a port belongs to --to; ${instead}`,
  nobodyReceives: (to: string, instead: string): string =>
    `--to ${to}: no pod, node, host or Service has that name; ${instead}`,
  echoHasNoPort: (to: string): string =>
    `--proto icmp: an echo has no port, and --to ${to} has one; leave out the port, or choose udp or tcp`,
  tcpSetsDf: '--df: TCP sets DF always, so it would change nothing; leave it out',
  jsonHasAll: '--detail: --json has every step, whatever the detail; leave one of them out',

  // What-ifs
  noWhatIfs: (id: string, file: string): string =>
    `--what-if ${id}: ${file} has no what-ifs; write the change into the file, under edits`,
  whatIfMissing: '--what-if: a name is missing beside a comma; write NAME,NAME',
  noWhatIf: (id: string, world: string, instead: string): string =>
    `--what-if ${id}: ${world} has no such what-if; ${instead}`,
  whatIfsMeet: (id: string, error: string): string =>
    `--what-if ${id}: it changes what another what-if has changed already (${error}); leave one of them out`,

  // While it works
  progress: (what: string, seconds: string): string => `packet-walk: ${what}, ${seconds} s`,
  reading: (file: string): string => `reading ${file}`,
  walking: (file: string): string => `walking ${file}`,
  walkingPacket: 'walking the packet',
  writing: 'writing it down',
  sending: (flow: number, of: number, name: string): string => `flow ${flow} of ${of}, ${name}`,

  // What it found
  notMarked: (problem: string): string => `not marked: ${problem}`,
  nothingWrong: (file: string, count: number): string =>
    `${file}: nothing wrong; ${count} pods, nodes, hosts and VPCs`,
  dropReasons: 'reasons for a drop',
  flows: 'flows',
  whatIf: 'what-if',

  // The census
  censusOf: (world: string, flow: string, rows: number): string =>
    `${world}, ${flow}: ${rows} rows, each taken away in turn`,
  mustArrive: (world: string, flow: string): string =>
    `census: ${flow} does not arrive in ${world} as it is, so no row can be said to matter; choose another flow, or a what-if with which it does`,
  fates: {
    harmless: 'it arrives as before',
    wrong: 'it arrives, and breaks a promise that it kept',
    told: 'it is lost, and the sender hears of it',
    silent: 'it is lost, and nobody says so',
    stays: 'Linux or AWS does not let the row go',
  },
  censusAsked: (count: number): string =>
    `       ${count} of the harmless ones are asked on the way; the others matter to other flows only`,
  keptBy: (keepers: readonly string[]): string =>
    keepers.length === 0
      ? 'no single row stops it'
      : `who keeps the rows that stop it: ${keepers.join(', ')}`,
  lostAt: (reason: string, place: string): string => `${reason} at ${place}`,
  nobodySaid: 'nobody says who',

  // Kernels
  noKernel: (kernel: string, kernels: readonly string[]): string =>
    `--kernel ${kernel}: no such kernel; there are ${kernels.join(', ')}`,
  cannotBeAsked: (why: string): string => `this machine cannot be asked: ${why}`,
  inVerify: (line: string): string => `verify: ${line}`,
  somePairs: (sent: number, of: number): string =>
    `${sent} of ${of} pairs; choose others with --from and --to`,
  askingUml: (running: string, why: string, uml: string): string =>
    `the running kernel, ${running}: ${why}; asking User-Mode Linux ${uml}`,
  umlWouldDo: (why: string, cannot: string): string =>
    `${why}; User-Mode Linux would do, but ${cannot}`,
  needsLinux: 'needs Linux',
  needsRoot: 'needs root',
  noNamespaces: (why: string): string => `cannot make network namespaces: ${why}`,
  unshareFailed: 'unshare failed',
  umlNotInstalled: (install: string): string => `User-Mode Linux is not installed: ${install}`,
  notInstalled: (tools: readonly string[]): string => `${tools.join(', ')}: not installed`,
  umlEnded: (said: string): string => `User-Mode Linux ended: ${said}`,
  umlNotUp: (said: string): string => `User-Mode Linux did not come up: ${said}`,
  labEnded: 'the lab ended',
  noAnswer: (seconds: number, said: string): string =>
    `no answer from the lab within ${seconds} s: ${said}`,
  inLab: (error: string): string => `the lab: ${error}`,
  noDevices: (place: string, kind: string): string =>
    `${place}: this kernel has no devices of kind ${kind}`,
  noIpvs: 'virtual services: ip_vs is not loaded, or ipvsadm not installed',
  noIpset: 'sets: ip_set is not loaded, or ipset not installed',
  noBrNetfilter: 'net.bridge.bridge-nf-call-iptables: br_netfilter is not loaded',

  // Verdicts
  verdict: ({ world, flow, verdict, frames, beyond, twice, kernel }: Verdict): string =>
    `${world}, ${flow}: ${verdict}, ${frames === 1 ? '1 frame' : `${frames} frames`} compared${beyond > 0 ? `, ${beyond} beyond AWS’s drop` : ''}${twice ? ', asked twice' : ''} (Linux ${kernel})`,
  marks: '= both, + only the kernel, - only the walk, ≠ both, but:',
  allowed: (count: number, rule: string, text: string): string =>
    `allowed ${count} × ${rule}: ${text}`,
  notVerified: (what: string): string => `not verified: ${what}`,
}

/** What came of one flow that a kernel was asked about. */
export interface Verdict {
  readonly world: string
  readonly flow: string
  readonly verdict: 'agrees' | 'differs' | 'not verified'
  readonly frames: number
  readonly beyond: number
  readonly twice: boolean
  readonly kernel: string
}
