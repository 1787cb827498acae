import { AWAY, type Away } from './away.ts'

/** What a figure says: picture, packet, reasons, observers, comparison, and how it is taken along. */

/** Why a text could not be copied. */
export type Uncopied = 'insecure' | 'refused'
/** What could not be taken along: the script that makes it did not come. */
export type Taken = 'picture' | 'capture' | 'walk'
/** A line of what two walks are compared by. */
export type CostLine =
  | 'headers'
  | 'bytes'
  | 'wrapping'
  | 'lookups'
  | 'crossings'
  | 'room'
  | 'vpcSaw'
  | 'toldApart'
  | 'needs'
/** Bytes of a packet, of the MTU it has to fit, of its wrapping, and of its frame where it has one. */
export interface Filled {
  readonly length: number
  readonly mtu: number
  readonly wrapped: number
  readonly frame: number | null
}
/** By its number on the way. */
const PLACES = [
  'in the sender',
  'on the sender’s node',
  'between the nodes',
  'on the receiver’s node',
  'at the receiver',
]

export const figure = {
  // The picture
  zoom: 'Zoom of the picture',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  zoomWhole: 'Whole picture',
  zoomMissing: (why: Away): string => `What zooms is missing: ${AWAY[why]}.`,
  routing: (device: string): string => ` / routing (${device})`,
  moreNodes: (nodes: number | 'many'): string =>
    nodes === 'many' ? 'more nodes' : `${nodes} more ${nodes === 1 ? 'node' : 'nodes'}`,
  /** `title` where it says more than the label. */
  box: (label: string, sub: string, title: string | null): string =>
    `${label}${sub === '' ? '' : ` ${sub}`}${title === null ? '' : `, ${title}`}`,
  boxWithPacket: (label: string, sub: string, title: string | null): string =>
    `${label}${sub === '' ? '' : ` ${sub}`}${title === null ? '' : `, ${title}`}, the packet is here`,
  morePods: (count: number): string => `${count} more ${count === 1 ? 'pod' : 'pods'}`,
  morePodsOf: (count: number, node: string): string =>
    `${count} ${count === 1 ? 'pod' : 'pods'} more of ${node}`,
  ipLayer: 'routing',
  ipLayerOf: (node: string): string => `${node}: the IP layer of the kernel`,
  outerOf: (node: string): string =>
    `${node}: the IP layer of the kernel again, asked about what is outermost`,
  program: 'a program',
  onNode: 'on the node',
  vpc: (aws: boolean): string => (aws ? 'AWS VPC' : 'VPC'),
  lan: 'one link',
  vpcRouter: 'VPC router',
  vpcRouterOf: (vpc: string): string => `${vpc}: where the VPC routes and finds the next interface`,
  eni: 'ENI',
  outside: 'outside',
  gateway: 'internet gateway',
  peering: 'peering',
  peered: 'peered VPC',
  /** Above and below the line between what programs do and what the kernel does. */
  pods: 'pods',
  kernel: 'kernel',
  /** What the VPC adds, in lines that fit. */
  hatched: (aws: boolean): readonly string[] => [
    `hatched: ${aws ? 'AWS’s' : 'its'} wrapping,`,
    'its format not published',
  ],
  /** What a gate asks. */
  asks: (question: 'source' | 'destination' | 'acl' | 'group'): string =>
    ({ source: 'source', destination: 'destination', acl: 'ACL', group: 'group' })[question],
  newPacketFrom: (name: string): string => `new packet from ${name}`,
  echo: 'echo',
  fragment: 'fragment',

  // The packet
  payload: 'payload',
  newHere: 'new here',
  bytesAlone: (length: number, wrapped: number, frame: number | null): string =>
    `${length} bytes count against an MTU${wrapped > 0 ? `, ${wrapped} of them wrapping` : ''}${frame === null ? '' : `; a frame of ${frame}`}`,
  bytesOfMtu: ({ length, mtu, wrapped, frame }: Filled): string =>
    `**${length}** of the ${mtu} bytes of the MTU here${wrapped > 0 ? `, ${wrapped} of them wrapping` : ''}${frame === null ? '' : `; a frame of ${frame}`}`,
  pointAtBytes: (length: number): string => `${length} bytes. Point at a byte or a field.`,
  bytesInHex: (length: number): string => `${length} bytes in hexadecimal`,
  fieldIsByte: (field: string, value: string, at: number): string =>
    `${field} = ${value}, byte ${at}`,
  fieldIsBytes: (field: string, value: string, bytes: readonly [number, number]): string =>
    `${field} = ${value}, bytes ${bytes[0]} to ${bytes[1]}`,
  right: '✓ right',
  wrong: '✗ wrong',
  was: (value: string): string => `was ${value}`,
  payloadBytes: (length: number): string => `Payload: ${length} bytes.`,

  // Why
  noName: (seeItWith: string): string => `It has no name of its own. See it with \`${seeItWith}\`.`,
  awsName: (name: string, seeItWith: string): string =>
    `AWS calls it \`${name}\`. See it with \`${seeItWith}\`.`,
  kernelName: (name: string, seeItWith: string): string =>
    `The kernel calls it \`${name}\`. See it with \`${seeItWith}\`.`,
  whatIf: 'What if…',

  // Those who watch
  vpcSees: 'The security group and the VPC see',
  arpInVpc: 'An ARP question: the VPC answers it itself.',
  insideUnseen: (from: string, to: string): string =>
    `The packet inside, ${from} → ${to}, is payload to them: no rule can match it, no log names it.`,
  noTcpdump: 'Nobody can run tcpdump here.',
  captureIn: (namespace: string): string => `A capture in ${namespace} shows`,
  captureOn: (device: string): string => `A capture on ${device} shows`,
  betweenDevices:
    'The packet is between devices: a capture sees it where it enters and where it leaves.',
  earlier: (count: number): string => `… ${count} earlier`,
  nothingYet: 'Nothing yet.',
  flowLog: 'The VPC flow log has so far',
  flowLogEmpty: 'Nothing: no packet has crossed an interface of the VPC.',
  flowLogDefault: 'default format (version 2; the account and the times are stand-ins)',
  flowLogCustom: (fields: string): string => `custom format: ${fields}`,
  tracer: 'A kernel tracer names',
  tracerOutside: 'Nothing: this happens outside every kernel you can trace.',
  tracerProgram: 'Nothing: this happens in a program.',
  tracerName: (name: string): string => `\`${name}\`, as pwru prints it.`,
  noDropReason: 'No drop reason of the kernel’s own.',
  dropReason: (name: string): string => `kfree_skb with reason \`SKB_DROP_REASON_${name}\`.`,

  // Two on one clock
  together: (place: number): string =>
    `Both packets are **${PLACES[place]}**. The one with fewer steps there waits for the other.`,
  apart: (place: number): string => `One packet is **${PLACES[place]}**. The other waits.`,
  comparedWith: 'Compared with',
  whichOfTwo: 'Which of the two is seen',
  pictureOf: (title: string, where: string): string => `${title}. The packet is at ${where}.`,
  cost: 'What it has cost so far',
  soFar: 'So far',
  costLine: (line: CostLine): string =>
    ({
      headers: 'Headers, now and at most',
      bytes: 'Bytes of the packet',
      wrapping: 'Wrapping, now and at most',
      lookups: 'Lookups of all kinds',
      crossings: 'Crossings between kernel and program, both ends’ included',
      room: 'Least room below an MTU',
      vpcSaw: 'The VPC saw',
      toldApart: 'Security groups tell apart',
      needs: 'Had to be right',
    })[line],
  notSent: 'not sent yet',
  nothingSeen: 'nothing yet',
  podsApart: 'the pods',
  nodesApart: 'the nodes only',
  things: (count: number): string => `${count} things`,
  thingsLast: (count: number, last: string): string => `${count} things; last ${last}`,

  // Taken along
  take: 'Share, save',
  takeLink: 'Copy link to this step',
  takeFrame: 'Copy frame for a web page',
  takeSvg: 'Picture as SVG',
  takePng: 'Picture as PNG',
  takeJson: 'Walk as JSON',
  takeCapture: 'Capture for Wireshark',
  takePrint: 'Print as a storyboard',
  linkCopied: 'Link copied',
  frameCopied: 'Frame copied',
  saved: 'Saved',
  savedWith: (notes: readonly string[]): string => ['Saved.', ...notes].join(' '),
  notSavedMissing: (what: Taken, why: Away): string =>
    ({
      picture: `Not saved: what draws the picture is missing, ${AWAY[why]}.`,
      capture: `Not saved: what writes the capture is missing, ${AWAY[why]}.`,
      walk: `Not saved: what writes the walk is missing, ${AWAY[why]}.`,
    })[what],
  notSavedNoPicture: 'Not saved: there is no picture here.',
  notSaved: (error: string): string => `Not saved: ${error}.`,
  notPainted: 'the picture could not be painted',
  notCopied: (why: Uncopied): string =>
    ({
      insecure:
        'Not copied: a page that did not come over https has no clipboard. It is selected here: copy it with Ctrl+C, or ⌘C.',
      refused:
        'Not copied: the browser does not let this page, or the frame it is in, use the clipboard. It is selected here: copy it with Ctrl+C, or ⌘C.',
    })[why],
  close: 'Close',
}
