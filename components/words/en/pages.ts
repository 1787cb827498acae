import { plural } from '#lib/index.ts'

/** The text of the pages that are no chapters, and what search engines and tabs show of them. */

/** A change of the first page, to be guessed about. */
interface Broken {
  readonly title: string
  readonly text: string
}
export type BreakId = 'stop-flanneld' | 'delete-fdb' | 'delete-rule-512'
const breaks: { readonly [B in BreakId]: Broken } = {
  'stop-flanneld': { title: 'Stop flanneld on node-1', text: 'No program, no flannel0.' },
  'delete-fdb': {
    title: 'Delete one FDB row',
    text: 'flannel with VXLAN. The route is there, the neighbour is there.',
  },
  'delete-rule-512': {
    title: 'Delete ip rule 512',
    text: 'VPC CNI. The receiver is a pod on the same node.',
  },
}

export const pages = {
  title: 'Packet Walk: Kubernetes networking you can step through',
  description:
    'An interactive tutorial: step a Kubernetes packet through veth pairs, bridges, flannel and the AWS VPC, computed from real tables, in real header bytes.',
  lessons: 'Chapters',
  length: (minutes: number, scenes: number): string =>
    `${minutes} min · ${plural('en', scenes, { one: '1 scene', other: `${scenes} scenes` })}`,
  read: (read: number, scenes: number): string =>
    read === scenes ? 'read' : `${read} of ${scenes} read`,
  homeTitle: 'Same two pods. Two very different trips.',
  homeLead:
    'One program calls another on the next machine. Watch every table it asks on the way, then delete a row and guess where it dies.',
  send: (way: 'resting' | 'running' | 'paused', sent: boolean): string =>
    way === 'running'
      ? 'Pause'
      : way === 'paused'
        ? 'Go on'
        : sent
          ? 'Send it again'
          : 'Send the packet',
  begin: 'Start chapter 1',
  arrived: 'The packet has arrived in both networks.',
  trips: {
    'flannel-udp': ['flannel: hide the pods', 'a packet inside a packet'],
    'vpc-cni': ['VPC CNI: tell AWS about pods', 'no disguise'],
  },
  bytes: (bytes: string): string => `${bytes} B`,
  bytesFor: (own: string): string => `on the wire for ${own}`,
  lookups: 'route lookups',
  crossings: 'crossings into or out of a program',
  sees: { nodes: 'node → node', pods: 'pod → pod' },
  seen: 'what AWS sees',
  breakTitle: 'Break it. Where does the packet die?',
  breaks,
  tryText:
    'In the [sandbox](/sandbox/) you choose the network, add nodes and pods, change any row of any table, and the walk follows.',
  teachTitle: 'Teach with it',
  teachText:
    'Goals, beliefs, exercises with solutions, and workshops: [for teachers](/teach/). What things are called and how they look: the [reference](/reference/) and the [glossary](/glossary/).',
  teachFrame: (example: string): string => `Put a figure into your own page: \`${example}\``,
  frameTitle: 'A packet through flannel',
  teachTerminal: (example: string): string => `Or print a walk in a terminal: \`${example}\``,

  sandboxTitle: 'Sandbox',
  sandboxPromise:
    'Choose a network, add nodes and pods, delete any row of any table, and follow the packet.',
  sandboxLead: 'Choose a network. Change it. The packet goes where the tables now send it.',

  lostTitle: 'No route to this page',
  lostText: 'There is nothing at this address. From here a packet reaches:',
  lostHome: 'Home: one packet through both networks',
}
