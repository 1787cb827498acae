import { plural, type FormField, type Shape } from '#lib/index.ts'

/** What stands in the reference beside what the engine says of itself. It is put in when pages are built, in the language of the engine's own comments. */

/** A page of the reference. */
export type Part = 'devices' | 'headers' | 'tables' | 'drops' | 'worlds' | 'commands' | 'formats'

const PARTS: { readonly [P in Part]: { readonly title: string; readonly says: string } } = {
  devices: {
    title: 'Devices',
    says: 'Every kind of network device: what it does with a frame, and its fields.',
  },
  headers: {
    title: 'Headers',
    says: 'Every header, bit by bit, with the bytes of a packet that one of our worlds sends.',
  },
  tables: {
    title: 'Tables',
    says: 'Every table of a machine and of a VPC: its columns, who writes its rows, and how its tool prints them.',
  },
  drops: {
    title: 'Drop reasons',
    says: 'Every way in which a packet ends: what the kernel and AWS call it, how to see it, and where it happens here.',
  },
  worlds: {
    title: 'Worlds',
    says: 'Every network that ships: its flows, its what-ifs, what its model leaves out, and which kernels agreed.',
  },
  commands: {
    title: 'Command line',
    says: 'What packet-walk can be asked in a terminal, as its own help says it.',
  },
  formats: {
    title: 'Names and formats',
    says: 'Files, links and messages that others may rely on.',
  },
}

/** Texts by the code of what a file is told where one does not fit. */
const TEXTS: Readonly<Record<string, string>> = {
  device: 'the name of a device',
  mac: 'a MAC address',
  cidr: 'an address and its length, such as 10.1.0.0/16',
  ipv4: 'an IPv4 address',
  'route-table': '`main`, `local`, `default` or a number',
  chain: 'the name of a chain',
  pattern: 'the name of a device, with + at the end for all that begin so',
  space: 'the name of a machine, pod or VPC',
  program: 'the name of a program',
}
/** What a person is told to write, without being told to. */
const told = (hint: string): string => hint.replace(/^(?:write|take|use) /, '')

/** What a value is, in a few words. */
function shape(of: Shape): string {
  switch (of.kind) {
    case 'flag':
      return 'yes or no'
    case 'null':
      return 'nothing'
    case 'words':
      return of.words.map((w) => `\`${w}\``).join(', ')
    case 'list':
      return `a list of: ${shape(of.of)}`
    case 'group':
      return of.fields.map(named).join('; ')
    case 'either':
      return of.of.map(shape).join('; or ')
    case 'text':
      return TEXTS[of.code] ?? told(of.hint)
    case 'number':
      return told(of.hint)
  }
}
const named = (f: FormField): string =>
  `\`${f.name}\`${f.optional ? ' (may be left out)' : ''}: ${shape(f.shape)}`

export const reference = {
  title: 'Reference',
  lead: 'Everything here is read out of the engine when the site is built: its tables, its layouts, its walks, its own comments and its own help.',
  part: (of: Part): string => PARTS[of].title,
  says: (of: Part): string => PARTS[of].says,
  parts: 'Parts of the reference',
  entries: 'On this page',
  shape,
  field: 'Field',
  holds: 'What stands there',
  means: 'What it means',
  // Devices
  allHave: 'What every device has',
  ownFields: 'Its own fields',
  apart: 'What sets it apart',
  trait: (name: string, value: unknown): string =>
    typeof value === 'string' ? `\`${name}: ${value}\`` : `\`${name}\``,
  plainDevice: 'Nothing: it is an Ethernet device like others.',
  made: 'How one makes it',
  shown: 'How it is shown',
  inWorld: (world: string, space: string): string => `From ${world}, in ${space}.`,
  note: (text: string): string => `Note: ${text}.`,
  // Headers
  bits: 'Bits',
  at: 'Byte',
  bytes: 'Bytes',
  value: 'Value',
  drawing: (header: string): string => `${header}, 32 bits in a row`,
  long: (bits: number): string => plural('en', bits, { one: '1 bit', other: `${bits} bits` }),
  headerLength: (bytes: number): string => `${bytes} bytes without options.`,
  seenAt: (world: string, flow: string): string => `These bytes: ${world}, flow ${flow}.`,
  seeStep: 'See that step',
  unseen: 'No packet of our worlds has one.',
  // Tables
  ofNetns: 'Tables of a machine',
  ofVpc: 'Tables of a VPC',
  writers: 'Who writes its rows',
  nobody: 'In our worlds nobody does.',
  walked: (who: string): string => `${who}, while packets travel`,
  noRows: 'None of our worlds has a row of it as it ships.',
  columns: (table: string): string => `Columns of ${table}`,
  devices: 'Its columns are those of each kind of [device](/reference/devices/).',
  // Drops
  kernelName: 'The kernel',
  awsName: 'AWS',
  noName: 'has no name for it',
  see: 'See it with',
  decided: 'Decided in',
  happens: 'Happens in',
  inNone: 'none of our worlds',
  inFigure: (world: string, flow: string, whatIf: string | undefined): string =>
    `${world}, ${flow}${whatIf === undefined ? '' : ` with ${whatIf}`}`,
  passing: (where: string): string => `${where}: to a copy, not to the packet itself`,
  // Worlds
  flows: 'Flows',
  whatIfs: 'What-ifs',
  ends: 'How it ends',
  delivered: 'delivered',
  leavesOut: 'What the model leaves out',
  sources: 'Where its rows come from',
  kernels: 'Which kernels agreed',
  agreed: (kernel: string, agree: number, all: number): string =>
    `Linux ${kernel}: ${agree} of ${plural('en', all, { one: '1 run', other: `${all} runs` })} are the same, frame by frame`,
  rest: (rest: number): string => `${rest} could not be asked of it`,
  differ: (count: number): string => `${count} differ`,
  open: 'Open it',
  flow: 'Flow',
  sends: 'What it sends',
  whatIf: 'What-if',
  question: 'Question',
  // Commands
  general: 'packet-walk --help',
}
