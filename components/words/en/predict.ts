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
  destination: 'Which destination address does the receiver see?',
  receiver: 'Who receives it?',
  mac: 'Whose MAC address is the frame for?',
  next: 'Where does it go next?',
  log: 'What does the flow log say?',
  port: 'Where does the bridge send the frame?',
  verdict: 'Does it pass?',
  'outer-dst': 'Which address is the new header for?',
  'outer-ttl': 'Which TTL does the new header begin with?',
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
  'main-address':
    'It would be so if a translated source were always the machine’s main address. But it is that of the device it leaves by, as a rule says.',
  'internet-only':
    'It would be so if only the internet made translation necessary. But the rule looks at the destination, and this one is not left out.',
  'marks-ignored':
    'It would be so if a packet left by the interface that has its address. But a rule marks it, and marks are asked about before addresses.',
  'mac-to-the-end':
    'It would be so if the MAC named whom the packet is for. But a frame is for the next hop only.',
  'mac-of-all':
    'It would be so if every frame were for everybody. But only the question who has an address is.',
  'ttl-copied':
    'It would be so if the outer header copied the inner one’s TTL. But this tunnel begins a TTL of its own.',
  'programs-free':
    'It would be so if only kernels counted. But the program routes the packet too, and lowers its TTL.',
  'tunnel-hides':
    'It would be so if nobody touched what is inside a tunnel. But each node routes the inner packet before and after it.',
  'vpc-counts': 'It would be so if the VPC’s router counted. But it leaves the TTL as it is.',
  'no-inner-frame':
    'It would be so if the tunnel carried the packet alone. But it carries a whole frame, with its own Ethernet header.',
  'frame-counted':
    'It would be so if the outermost frame belonged to the packet. But the IP packet begins behind it.',
  'loss-is-silent': 'It would be so if every loss were silent. This one is reported.',
  'nothing-logged':
    'It would be so if AWS wrote nothing down under an overlay. But it writes down what it carries: the outer packet.',
  'log-sees-inside':
    'It would be so if AWS looked into what it carries. But it reads the outermost addresses.',
  'log-names-pods':
    'It would be so if the log named the pod. But an interface writes down its own first address for its own side.',
  'dies-with-its-program':
    'It would be so if packets needed the program that wrote the rows. But the kernel has the rows, and asks nobody.',
  'node-hides':
    'It would be so if a node lent its address to whatever leaves it. But only a rule translates, and none matches here.',
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
      return owned(o.source, o.of)
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
  /** Of a row that was picked: what it says to the packet. */
  rowSays: (says: string): string => `This row: ${says}.`,
  acted: (ends: string): string => `With your answer: ${ends}`,
  /** On the stage, of a walk that is not the true one. */
  ifSo: (says: string): string => `As if it were so: ${says}`,
  yours: (says: string): string => `Your answer: ${says}`,
  seeIt: 'See that walk',
  you: (device: string): string => `You are ${device}.`,
  recall: 'From earlier chapters',
  recalled: (from: string, to: string, world: string): string =>
    `${from} sends to ${to}, in ${world}. The addresses are others than in its chapter.`,
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
