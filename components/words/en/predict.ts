import {
  dropTitle,
  labelOf,
  type Asks,
  type BeliefId,
  type Outcome,
  type Promised,
} from '#lib/index.ts'

/** Questions about a packet's way, their answers, and which belief leads to a wrong one. */

const ASKS: { readonly [A in Asks]: string } = {
  ends: 'Where does the packet end?',
  told: 'What is the sender told?',
  row: 'Which row decides?',
  ttl: 'With which TTL does it arrive?',
  bytes: 'How many bytes is the packet where it is largest?',
  source: 'Which source address does the receiver see?',
}

const BELIEVES: { readonly [B in BeliefId]: string } = {
  'no-default':
    'It would be so if a missing route meant an error. But the default route holds every address that no longer prefix holds.',
  'no-source-check':
    'It would be so if AWS carried whatever a machine sends. But each interface may only send from addresses of its own.',
  'pods-unknown':
    'It would be so if AWS knew only the first address of an interface. But pods have the others, and AWS knows them all.',
  'main-only':
    'It would be so if the main table decided alone. But policy rules say first which table is asked.',
  'loss-is-told': 'It would be so if every loss were reported. Many are not.',
  'loss-is-refused':
    '“Refused” is what one is told when the packet arrives and nobody listens. What is lost on the way is refused by nobody.',
  'first-row':
    'It would be so if the first row that holds the address won. But the longest prefix wins, wherever it stands.',
  'looks-alike': 'It reads alike. But this row’s prefix does not hold the address.',
  'all-count':
    'It would be so if bridges counted too. But only who routes a packet lowers its TTL.',
  'nobody-counts':
    'It would be so if the nodes did not count. But each of them routes the packet, and lowers its TTL.',
  'always-translated':
    'It would be so if whatever leaves a device left under that device’s address. But only a rule that matches translates.',
  'never-translated': 'It would be so if nobody translated. But here a rule does.',
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

function outcome(o: Outcome): string {
  switch (o.ask) {
    case 'ends':
      return ends(o)
    case 'told':
      return told(o)
    case 'row':
      return o.row ?? 'None.'
    case 'ttl':
      return String(o.ttl)
    case 'bytes':
      return `${o.bytes} B`
    case 'source':
      return o.of === null ? o.source : `${o.source}, ${o.of}’s`
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
  believes: (belief: BeliefId): string => BELIEVES[belief],
  unchanged: 'It is so as long as nothing is changed. But this change makes a difference.',
  whatIf: (title: string): string => `It is so after another change: ${title}.`,
  world: (title: string): string => `It is so in another network: ${title}.`,
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
