import { dropTitle, labelOf, type Asks, type Outcome, type Promised } from '#lib/index.ts'

/** Questions about a packet's way, their answers. */

const ASKS: { readonly [A in Asks]: string } = {
  ends: 'Where does the packet end?',
  told: 'What is the sender told?',
  row: 'Which row decides?',
  ttl: 'With which TTL does it arrive?',
  bytes: 'How many bytes is the packet where it is largest?',
  source: 'Which source address does the receiver see?',
  destination: 'Which destination address does the receiver see?',
  receiver: 'Who receives it?',
  mac: 'Whose MAC address is the frame for?',
  next: 'Where does it go next?',
  log: 'What does the flow log say?',
  port: 'Where does the bridge send the frame?',
  verdict: 'Does it pass?',
  'outer-dst': 'Which address is the new header for?',
  'outer-ttl': 'Which TTL does the new header begin with?',
  crossings: 'How often does it go between kernel and a program on the way?',
}

const PROMISED: { readonly [P in Promised]: string } = {
  'kubernetes-1': 'It arrives, but not from the address that the sender calls its own.',
  'kubernetes-2': 'It arrives, but translated on the way from pod to pod.',
  'kubernetes-3': 'It arrives, but translated on the way from node to pod.',
  answer: 'It arrives, but the answer comes from an address that nobody asked.',
}

const error = (icmp: `${number}/${number}`): string => labelOf({ says: { icmp } })

function ends(o: Extract<Outcome, { ask: 'ends' }>): string {
  if (o.ends === 'arrives') return o.broken[0] === undefined ? 'It arrives.' : PROMISED[o.broken[0]]
  if (o.ends === 'waits') return 'It waits, and nothing comes.'
  if (o.reason === 'ttl-exceeded')
    return `It goes round and round until its TTL is gone, at ${o.in}.`
  const why = dropTitle(o.reason)
  return o.at === 'vpc'
    ? `AWS drops it: ${why}.`
    : `It dies ${o.at === 'node' ? 'on' : 'in'} ${o.in}: ${why}.`
}

function told(o: Extract<Outcome, { ask: 'told' }>): string {
  switch (o.told) {
    case 'answer':
      return 'The answer it asked for.'
    case 'refused':
      return 'Connection refused.'
    case 'nothing':
      return 'Nothing at all.'
    case 'error':
      return `“${error(o.icmp)}”, by ${o.by}.`
  }
}

const owned = (address: string, of: string | null): string =>
  of === null ? address : `${address}, ${of}’s`

const PROTOCOLS: Readonly<Record<string, string>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP' }

/** Records in short: who, to whom, to which port number, and what became of it. Two ends that say the same say it once. */
function logged(records: readonly string[]): string {
  const said = records.map((r) => {
    const [, src = '', dst = '', , port = '', proto = '', action = ''] = r.split(' ')
    return `${src} → ${dst}, ${PROTOCOLS[proto] ?? proto} ${port}: ${action}`
  })
  return said.length === 0 ? 'Nothing.' : [...new Set(said)].join('; ')
}

function outcome(o: Outcome): string {
  switch (o.ask) {
    case 'ends':
      return ends(o)
    case 'told':
      return told(o)
    case 'row':
      return o.row ?? 'None of them.'
    case 'ttl':
      return String(o.ttl)
    case 'bytes':
      return `${o.bytes} B`
    case 'source':
      return o.source === null ? 'None: it does not arrive.' : owned(o.source, o.of)
    case 'destination':
      return owned(o.destination, o.of)
    case 'receiver':
      return o.receiver
    case 'mac':
      return o.of === null ? o.mac : `${o.mac}, that of ${o.of}`
    case 'next':
      return o.next
    case 'log':
      return logged(o.records)
    case 'port':
      if (o.up) return 'Up, to its own machine.'
      return o.ports.length === 0 ? 'Nowhere.' : `Out by ${o.ports.join(', ')}.`
    case 'verdict':
      return o.passes ? 'It passes.' : 'It is dropped.'
    case 'outer-dst':
    case 'outer-ttl':
      return String(o.value)
    case 'crossings':
      return o.crossings === 0 ? 'Never.' : `${o.crossings} times.`
  }
}

export const predict = {
  asks: (ask: Asks): string => ASKS[ask],
  outcome,
  options: 'Your guess',
  guessed: 'your guess',
  right: 'Right.',
  wrong: 'Not so.',
  answer: (says: string): string => `The answer: ${says}`,
  unchanged: 'That is what happens without the change.',
  whatIf: (title: string): string => `It is so after another change: ${title}.`,
  world: (title: string): string => `It is so in another network: ${title}.`,
  /** Of a row that was picked: what it says to the packet. */
  rowSays: (says: string): string => `This row ${says}.`,
  nextRule: 'So the next rule is asked.',
  acted: (ends: string): string => `With your answer: ${ends}`,
  /** On the stage, of a walk that is not the true one. */
  ifSo: (says: string): string => `As if it were so: ${says}`,
  yours: (says: string): string => `Your answer: ${says}`,
  seeIt: 'See that walk',
  you: (device: string): string => `You are ${device}.`,
  /** `sends`: a ping's bytes as a packet, null for what opens a conversation; `to` with its port number, if it has one. `changes`: what was changed before. */
  recalled: (
    [from, to]: readonly [from: string, to: string],
    sends: { readonly ping: number } | null,
    { world, changes }: { readonly world: string; readonly changes: readonly string[] },
  ): string => {
    const changed = changes.length === 0 ? '' : ` What was changed: ${changes.join('; ')}.`
    const packet =
      sends === null
        ? `${from} sends to ${to}.`
        : `${from} pings ${to}: a packet of ${sends.ping} bytes.`
    return `The network is one that you know, with other addresses: ${world}.${changed} ${packet}`
  },
  /** Which device is asked about. */
  recalledAt: (place: string): string => `It is at ${place}.`,
  recallShown: 'From an earlier chapter, on other addresses.',
  seeRecalled: 'See it on the stage',
  showMe: 'Show me',
  keys: (options: number): string => `Keys 1 to ${options} answer, Escape shows.`,
  before: (how: 'right' | 'wrong' | 'skipped'): string =>
    ({
      right: 'You had this right before.',
      wrong: 'You had another guess before.',
      skipped: 'You had this shown before.',
    })[how],
  loading: 'The packet is on its way.',
  withoutScript: 'The answer',
}
