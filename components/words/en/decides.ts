/** What stands in a table that decides: what was asked of it, and what each row says to that. */

/** Whose question a filter of the VPC answers. */
export type Direction = 'ingress' | 'egress'

const rows = (count: number): string => `${count} more ${count === 1 ? 'row' : 'rows'}`

const NO = 'no'
const ANOTHER = 'another address'
const ANOTHER_MAC = 'another MAC'
const OTHERS = 'other addresses'

const PREDICATES: Readonly<Record<string, string>> = {
  [NO]: 'does not fit',
  [ANOTHER]: `is of ${ANOTHER}`,
  [ANOTHER_MAC]: `is of ${ANOTHER_MAC}`,
  [OTHERS]: `has ${OTHERS}`,
}

export const decides = {
  // Columns, for those who hear them
  row: 'Row',
  leads: 'What it says',
  answer: 'Does it decide?',
  empty: 'the table is empty',
  /** Rows that are not shown: those that were asked and did not decide, and those behind the one that did. */
  left: (none: number, behind: number): string =>
    [
      none === 0 ? '' : `${rows(none)} ${none === 1 ? 'does' : 'do'} not decide`,
      behind === 0 ? '' : `${none === 0 ? rows(behind) : behind} not asked`,
    ]
      .filter((x) => x !== '')
      .join('; '),
  asPrinted: 'as the tool prints it',
  prints: (command: string, where: string): string => `${command} in ${where}`,
  cut: (count: number): string => `… ${count} more`,
  notAsked: 'is not asked any more: one before it had the answer',
  /** What a row says as the end of a sentence that begins with the row. */
  predicate: (says: string): string => PREDICATES[says] ?? says,

  // Prefixes
  whoHolds: (ip: string): string => `who holds ${ip}?`,
  wayBack: (ip: string): string => `where is ${ip}?`,
  bits: (count: number): string => `fixes ${count} of 32 bits`,
  holdsNot: 'does not hold it',
  beaten: (bits: number): string => `holds it: ${bits} bits, beaten`,
  beatenBy: (metric: number): string => `holds it, but its metric ${metric} is beaten`,
  down: (dev: string): string => `holds it, but ${dev} is down`,
  longest: (bits: number): string => `holds it: ${bits} bits, wins`,
  alone: (bits: number): string => `holds it: ${bits} bits, the only one`,
  everything: 'holds everything: wins, as nothing else holds it',
  refuses: (type: string): string => `holds it, and is of type ${type}`,
  nobodyHolds: 'no row holds it',
  noRoute: 'no route: it goes no further',
  vpcLocal: 'inside the VPC',
  vpcLocalOwn: 'the VPC’s own range: holds it, wins',
  inside: 'own range',
  leasesOf: (daemon: string): string => `${daemon}’s leases`,
  leasedHere: 'holds it, but this is the node itself',
  noLease: 'no lease holds it: it goes no further',

  // Policy rules
  whichTable: 'which table is asked?',
  anyPacket: 'all packets',
  ruleNo: NO,
  ruleNothing: (table: string): string => `fits, but table ${table} has no row for it`,
  ruleYes: (table: string): string => `yes → table ${table}`,
  noRule: 'no rule has an answer',
  ruleTable: (table: string): string => `table ${table}`,

  // Own addresses
  ownAddress: (ip: string): string => `is ${ip} one of its own?`,
  another: ANOTHER,
  own: 'its own: the packet stays here',

  // Neighbours, ports
  whoHas: (ip: string): string => `who has ${ip}?`,
  has: 'has it',
  nobodyHas: 'nobody is written down: ask everyone (ARP)',
  nobodyAnswered: 'asked three times, and nobody answered',
  whereIs: (mac: string): string => `where is ${mac}?`,
  anotherMac: ANOTHER_MAC,
  thisPort: (port: string): string => `this one: out of ${port}`,
  thisRemote: (remote: string): string => `this one: wrap it for ${remote}`,
  samePort: 'this one, but it came from there: it does not go back',
  ownMac: 'its own MAC: up to the node',
  flooded: 'not learned: out of every other port',
  broadcast: 'for everybody: out of every other port',
  noPort: 'no row, no port: it goes no further',
  anyMac: 'any MAC',
  self: 'itself',

  // Sockets, connections, settings
  whoListens: (proto: string, port: number): string => `who listens on ${proto} ${port}?`,
  anotherPort: 'another port',
  anotherAddress: 'another address',
  listens: (program: string): string => `${program} takes it`,
  ownConnection: 'a connection it opened itself: no row is needed',
  nobodyListens: 'nobody listens: refused',
  noConnection: 'no such connection: refused',
  whichServer: (service: string): string => `which real server of ${service}?`,
  served: (did: 'request' | 'answer'): string =>
    did === 'request' ? 'this connection goes to it' : 'its answer, as the service’s',
  anotherServer: 'has another turn',
  noServer: 'no real server: refused',
  whichConnection: 'is its connection known?',
  anotherConnection: 'another connection',
  connection: (state: 'new' | 'established' | 'related' | 'invalid', translated: boolean): string =>
    ({
      new: 'written down now: NEW',
      established: 'known: ESTABLISHED',
      related: 'an error about it: RELATED',
      invalid: 'no packet of it: INVALID',
    })[state] + (translated ? ', translated as then' : ''),
  notConnected: (state: 'new' | 'established' | 'related' | 'invalid'): string =>
    ({
      new: 'not seen before: NEW',
      established: 'known: ESTABLISHED',
      related: 'an error about one that is known: RELATED',
      invalid: 'no connection can be told: INVALID',
    })[state],
  setting: (key: string): string => `what is ${key}?`,
  is: (value: number): string => `it is ${value}`,

  // Chains
  chain: (hook: string): string => `what do the rules say at ${hook}?`,
  no: NO,
  passing: 'decides nothing here',
  cameBack: 'came back, undecided',
  unasked: 'not asked',
  jumped: (chain: string): string => `yes → chain ${chain}`,
  drawnOver: (value: string, probability: string): string =>
    `no: the draw ${value} is not below ${probability}`,
  did: (target: string): string => `yes → ${target}`,
  becomes: (target: string, to: string): string => `yes → ${target}: ${to}`,
  returned: 'yes: back out of this chain, nothing decided',
  onward: 'yes, and on',
  policy: (chain: string): string => `policy of ${chain}`,
  policyDrops: 'no rule accepted it: the policy decides',
  noRuleObjects: 'no rule objects',
  knownTranslation: (to: string): string => `known: ${to}, no rule is asked`,

  // The VPC
  mayPass: (what: string, direction: Direction): string =>
    `may ${what} ${direction === 'ingress' ? 'come in' : 'go out'}?`,
  traffic: (proto: string, ports: string): string =>
    proto === 'all' ? 'all traffic' : `${proto}${ports === '' ? '' : ` ${ports}`}`,
  peer: (peer: string, direction: Direction): string =>
    direction === 'ingress' ? `from ${peer}` : `to ${peer}`,
  otherProtocol: (its: string, wanted: string): string => `does not fit: ${its}, not ${wanted}`,
  otherPort: (its: number): string => `does not fit: port number ${its}`,
  otherPeer: (direction: Direction): string =>
    direction === 'ingress' ? 'does not fit: not from there' : 'does not fit: not to there',
  notNeeded: 'fits too: one is enough',
  allows: 'fits: allowed',
  nothingAllows: 'no rule allows it: dropped',
  anythingElse: 'anything else',
  tracked: 'the flow began with leave: it goes on',
  anotherFlow: 'another flow',
  flowsTracked: (eni: string): string => `flows that ${eni} let begin`,
  aclNo: NO,
  aclSays: (action: 'allow' | 'deny'): string => `yes → ${action}`,
  aclDefault: 'every packet is allowed',
  aclLast: 'none of the rules above: denied',
  ownOf: (ip: string, eni: string): string => `is ${ip} one of ${eni}’s?`,
  ownAddressOf: 'yes: the check passes',
  notOwn: 'not in the list: dropped',
  checkOff: 'not in the list, but the check is off',
  primary: 'primary',
  secondary: 'secondary',
  otherAddresses: 'every other address',
  whichInterface: (ip: string): string => `which interface has ${ip}?`,
  otherInterface: OTHERS,
  mapped: 'has it: it is carried there',
  unmapped: 'no interface has it',
  peerHas: 'is there: it is carried there',
  whichPeer: (id: string): string => `whom does ${id} lead to?`,
  more: (first: string, count: number): string => (count === 0 ? first : `${first} + ${count}`),
}
