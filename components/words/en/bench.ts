import type { Backend, HourId, RegisterEvent, TalkId, Unread } from '#lib/index.ts'

/** What is done by hand in a chapter: a night, two talks, three piles, a register. They come when the reader does. */

const HOUR: { readonly [H in HourId]: string } = {
  stops: 'flanneld on node-1 stops.',
  forgets: 'What was learned is forgotten: answers to ARP, MACs behind bridge ports.',
  pod: 'A pod is made on node-1.',
  node: 'A third node joins.',
  lease: 'node-1’s lease was not renewed, and ends.',
  starts: 'flanneld on node-1 starts again.',
}

const TALK: { readonly [T in TalkId]: string } = {
  there: 'frontend-1 to node-2',
  back: 'node-2 to frontend-1',
  home: 'frontend-1 to its own node',
  'new-pod': 'the new pod to node-2',
  'to-new-node': 'frontend-1 to node-3',
  others: 'node-2 to node-3',
}

const BACKEND: { readonly [B in Backend]: string } = {
  udp: 'udp',
  vxlan: 'vxlan',
  'host-gw': 'host-gw',
}

const EVENT: { readonly [E in RegisterEvent['does']]: (team: string) => string } = {
  starts: (team) => `Team ${team} starts its container. Where, and under which number?`,
  moves: (team) => `Team ${team} has to leave its node. Where to, and under which number?`,
  copies: (team) => `Team ${team} needs a second container. Where, and under which number?`,
  crashes: (team) => `Team ${team}’s container crashes, and starts again.`,
}

const UNREAD: { readonly [W in Exclude<Unread['why'], 'unknown'>]: string } = {
  'no-json': 'This is no JSON: no plugin is called, and the pod does not start.',
  'no-name': 'The network has no name: write "name".',
  'no-version': 'Which version of CNI? Write "cniVersion".',
  'no-list': '"plugins" is to be a list of plugins, each in braces.',
  'no-network': 'The list is empty: nobody makes a network for the pod.',
  chained:
    'portmap comes first, and is handed no result of anybody: it says so, and the pod does not start.',
}

const two = (n: number): string => String(n).padStart(2, '0')
/** A time of day, `at` minutes after three. */
const clock = (at: number): string => `${two((3 + Math.floor(at / 60)) % 24)}:${two(at % 60)}`

const NEVER = 'not in this night'

export const bench = {
  guess: 'choose',
  right: 'Right.',
  wrong: 'Not so.',
  night: {
    asks: 'When does web-app-frontend-1 lose the backend on node-2?',
    hour: (at: number, id: HourId): string => `${clock(at)}, ${HOUR[id]}`,
    clock,
    never: NEVER,
    backend: (b: Backend): string => BACKEND[b],
    run: 'Let the night pass',
    of: (right: number, all: number): string => `${right} of ${all} right.`,
    lost: 'lost',
    dark: (b: Backend, is: string, guess: string | null): string =>
      guess === null || guess === is
        ? `${BACKEND[b]}: ${is}`
        : `${BACKEND[b]}: ${is}, not ${guess === NEVER ? 'never' : `at ${guess}`}`,
    hours: 'Hours of that night',
    who: 'who talks',
    talk: (t: TalkId): string => TALK[t],
    arrives: 'goes on',
    lostAt: (where: string): string => `lost: ${where}`,
    see: (b: Backend, t: TalkId): string => `See it: ${TALK[t]}, by ${BACKEND[b]}`,
    shows: (b: Backend, at: number): string => `By ${BACKEND[b]}, at ${clock(at)}`,
  },
  twins: {
    asks: 'Find two talks that leave the same records, from two different pods.',
    network: 'Network',
    first: 'One talk',
    second: 'Another',
    records: 'Its records',
    same: 'The same records.',
    differ: (fields: string): string => `They differ: ${fields}.`,
    mine: 'But both are of the same pod: take another.',
    one: 'That is one talk, twice.',
    found: 'Found: two pods, and AWS cannot tell their talks apart.',
    none: 'no record: no interface of the VPC is passed',
    nothing: 'No record at all: nothing to confuse. Choose pods that leave the node.',
  },
  piles: {
    asks: 'Who says so?',
    of: (n: number, all: number): string => `${n} of ${all}`,
    next: 'Next',
    again: 'Once more',
    score: (right: number, all: number): string => `${right} of ${all} on their pile.`,
    source: 'Where it stands',
    isOn: (pile: string): string => `It belongs to: ${pile}.`,
  },
  conflist: {
    asks: 'The conflist',
    toggles: 'Write, or take out',
    toggle: {
      flannel: 'flannel',
      isDefaultGateway: 'isDefaultGateway',
      hairpinMode: 'hairpinMode',
      portmap: 'portmap',
      portMappings: 'portMappings',
    },
    run: 'Start the pods',
    stale: 'Changed since: start the pods again.',
    unread: (u: Unread): string =>
      u.why === 'unknown'
        ? `No plugin on this node is called ${u.type === '' ? 'by no name' : u.type}: write flannel or portmap.`
        : UNREAD[u.why],
    rows: (who: string, where: string, n: number): string =>
      `${who}, in ${where}: ${n} ${n === 1 ? 'row' : 'rows'}`,
    takenOut: (what: string): string => `Without ${what}, which goes dark? Name one.`,
    darkWithout: (what: string, goals: readonly string[]): string =>
      `Dark without ${what}: ${goals.join('; ')}.`,
    another: 'Take out another',
  },
  register: {
    asks: (n: number, all: number): string => `Event ${n} of ${all}`,
    event: (does: RegisterEvent['does'], team: string): string => EVENT[does](team),
    node: 'node',
    number: 'port number',
    write: 'Write it down',
    taken: (node: string, number: number, team: string): string =>
      `${node} has ${number} already: team ${team}’s. The container does not start.`,
    not: (node: string): string => `${node} is full: choose another.`,
    kept: 'Nothing to write: it comes back where it was, and its rules with it.',
    on: 'Go on',
    register: 'Your register',
    team: 'team',
    callers: (n: number): string =>
      n === 0 ? 'No caller had to be changed.' : `${n} callers had to be changed so far.`,
    done: (lines: number, callers: number): string =>
      `A quiet week: ${lines} lines to keep, ${callers} callers changed by hand. With an address for each container, and 80 for all: 0 and 0.`,
    reach: (team: string, ok: boolean): string =>
      ok
        ? `Who calls team ${team}’s line reaches team ${team}.`
        : `Who calls team ${team}’s line does not reach it.`,
  },
}
