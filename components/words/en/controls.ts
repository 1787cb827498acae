import type { Detail } from '#lib/index.ts'
import { AWAY, type Away } from './away.ts'

/** What a figure says of itself: its menus, buttons and keys, what is told of a step, how a walk ends, and what of a link could not be taken. */

/** Lines of the help. */
export type KeyLine =
  | 'step'
  | 'decision'
  | 'ends'
  | 'packet'
  | 'play'
  | 'speed'
  | 'answer'
  | 'detail'
  | 'compare'
  | 'follow'
  | 'copy'
  | 'undo'
  | 'help'
  | 'boxes'
  | 'box'
  | 'guess'
const KEY_LINES: Readonly<Record<KeyLine, string>> = {
  step: 'Next, previous step',
  decision: 'Next, previous decision',
  ends: 'First, last step',
  packet: 'To the end of this packet',
  play: 'Play, pause',
  speed: 'Slower, faster',
  answer: 'The answer, and back',
  detail: 'Story, network, kernel',
  compare: 'Compare with another network',
  follow: 'In a chapter: follow the text',
  copy: 'Copy the link to this step',
  undo: 'Take a change back, make it again',
  help: 'This list',
  boxes: 'In the picture: from box to box',
  box: 'In the picture: open the box, leave it',
  guess: 'In a chapter: answer its open question',
}
/** What the drawer tells. */
export type Drawn = 'Why' | 'Bytes' | 'Tables' | 'Seen by' | 'Steps' | 'Cost'

/** What happens at a stop, where a question is asked there. */
export type TickWord =
  | 'route'
  | 'rule'
  | 'nat'
  | 'group'
  | 'acl'
  | 'check'
  | 'vpcRoute'
  | 'mtu'
  | 'ttl'
  | 'socket'
const TICKS: Readonly<Record<TickWord, string>> = {
  route: 'route',
  rule: 'rule',
  nat: 'NAT',
  group: 'group',
  acl: 'ACL',
  check: 'check',
  vpcRoute: 'VPC route',
  mtu: 'MTU',
  ttl: 'TTL',
  socket: 'socket',
}

export const controls = {
  // The figure, and above the picture
  figureOf: (title: string): string => `Packet walk: ${title}`,
  back: 'Back to the text',
  follow: 'Follow the text',
  ownWalk: 'Back to what is',
  network: 'Network',
  sent: 'What is sent',
  compareWith: (world: string): string => `Compare with ${world}`,
  compareEnd: 'End the comparison',
  keys: 'Keys',
  keyLine: (line: KeyLine): string => KEY_LINES[line],
  keysWhen: 'They work while the figure has the focus.',
  shortNames:
    'The picture leaves out of a name what all names share: web-app-frontend-1 is frontend-1 there.',
  close: 'Close',
  notMade: (why: string): string => `An edit could not be made: ${why}`,
  worldMissing: (why: Away): string => `This network is missing: ${AWAY[why]}.`,
  linkCopied: 'Link to this step copied',

  // Buttons and slider
  previous: 'Previous step',
  /** Of a button that says *back*: its name begins with what is seen. */
  backStep: '← back: previous step',
  play: 'Play',
  pause: 'Pause',
  next: 'Next step',
  endOfPacket: 'To the end of this packet',
  speed: (times: number): string => `Speed ${times} times; change`,
  times: (times: number): string => `Speed ${times}×`,
  step: 'Step',
  tick: (word: TickWord): string => TICKS[word],
  stepOf: (step: number, count: number, text: string): string =>
    `Step ${step} of ${count}: ${text}`,
  stepSaid: (packet: string, step: number, count: number): string =>
    `${packet}, step ${step} of ${count}.`,

  count: (step: number, count: number): string => `${step} of ${count}`,
  countInPart: (step: number): string => `step ${step}`,
  steps: 'Steps',
  thumbBack: '← back',
  thumbBytes: 'bytes',
  thumbChange: 'change',
  thumbNext: 'next →',

  // The line above the picture
  change: (changed: number): string => (changed === 0 ? 'Change' : `Change · ${changed} on`),
  undo: 'Undo',
  redo: 'Redo',
  more: 'More',
  bytesAndHeaders: 'Bytes and headers',
  inSandbox: 'Open in the sandbox',

  // The drawer
  about: 'About this step',
  tab: (tab: Drawn): string => tab,
  tablesHere: (name: string): string => `**${name}**: its tables at this step`,
  looking: 'Looking…',
  printsMissing: (why: Away): string => `What prints this is missing: ${AWAY[why]}.`,
  drawerMissing: (why: Away): string => `What tells it is missing: ${AWAY[why]}.`,

  packets: 'Packets of this flow',
  told: 'How much is told',
  detail: (detail: Detail): string => detail,
  drawAgain: 'It draws again',
  inWords: 'The walk in words',
  arp: (label: string, steps: number): string => `ARP: ${label} (${steps} steps)`,
  andMore: (count: number): string => `and ${count} more`,
  leavesOut: 'What this leaves out',
  leavesOutVpc:
    'How the VPC wraps packets between hosts is not published by AWS: that part is hatched and has no bytes.',

  // The end of a walk
  ends: (end: string): string =>
    `${end.charAt(0).toUpperCase()}${end.slice(1).replace(/\.$/, '')}.`,
  delivered: (networks: number): string =>
    `delivered · ${networks} ${networks === 1 ? 'network' : 'networks'} deep`,
  deliveredBroken: 'delivered, but a promise is broken',
  dropped: 'dropped',
  droppedFor: (why: string): string => `dropped: ${why}`,
  /** It arrived, nobody listened, and the sender was told; or its loss was reported. */
  refused: 'refused',
  reported: (why: string): string => `not delivered: ${why}`,
  noAnswer: 'no answer',
  /** While a question about it is open. */
  yours: 'that is yours to guess first',
  endWith: (end: string, broken: readonly string[]): string =>
    `${end.replace(/\.$/, '')}: ${broken.join('; ')}`,

  // What is sent
  service: (address: string): string => `Service ${address}`,
  flow: (from: string, to: string, port: number): string =>
    port > 0 ? `${from} → ${to}:${port}` : `${from} → ${to}, ping`,
  flowUdp: (flow: string): string => `${flow}, udp`,
  flowSize: (flow: string, bytes: number): string => `${flow}, ${bytes} bytes`,
  flowTtl: (flow: string, ttl: number): string => `${flow}, TTL ${ttl}`,
  flowApart: (flow: string, key: string): string => `${flow} (${key})`,
}
