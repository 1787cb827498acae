import type { Hand, Row } from '#components/hands/hands.ts'

const HANDS: { readonly [H in Hand]: string } = {
  runtime: 'runtime',
  flannel: 'flannel',
  bridge: 'bridge',
  'host-local': 'host-local',
  portmap: 'portmap',
}
const ROWS: { readonly [T in Row['table']]: string } = {
  devices: 'device',
  addresses: 'address',
  routes: 'route',
  rules: 'rule',
  sysctls: 'setting',
  files: 'file',
}

/** What stands in a chapter beside its own text, in the language of that text: it is put in when the page is built. */
export const prose = {
  recap: 'Recap',
  takeAway: 'To take with you',
  sources: 'Sources',
  table: (heads: string): string => `Table: ${heads}`,
  lessons: 'Lessons',
  scene: (n: string, of: string): string => `${n} of ${of}`,
  permalink: (heading: string): string => `Link to “${heading}”`,
  minutes: (minutes: number): string => `${minutes} min to read`,
  answer: 'The answer',
  answerTo: (heading: string): string => `The answer: ${heading}`,
  answerPicture: 'What becomes of the packet',
  backTo: (chapter: string): string => `Back to “${chapter}”`,
  // The lines of a flow log
  flowLog: 'Records of the flow log, shortened',
  // Every row of a network taken away in turn
  censusOf: (world: string): string => `What each row is good for: ${world}`,
  census: (lost: number, rows: number, silent: number): string =>
    `Of ${rows} rows, ${lost} stop the packet when they alone are missing; ${silent} of these without a word.`,
  keptBy: (keepers: readonly (readonly [who: string | null, rows: number])[]): string =>
    `Who keeps those: ${keepers.map(([who, rows]) => `${who ?? 'nobody said'} ${rows}`).join(', ')}.`,
  censusRows: 'Which rows, and who keeps them',
  fates: {
    silent: 'lost in silence',
    told: 'lost, and told',
    wrong: 'arrives, and breaks a promise',
    harmless: 'arrives',
    stays: 'cannot be taken away',
  },
  // A traceroute, as its tool prints it: a line for each probe
  probes: 'What each probe is told',
  ttl: 'TTL',
  endsAt: 'It ends at',
  toldBy: 'Who answers',
  send: (ttl: number): string => `Send TTL ${ttl}`,
  nobody: '* nobody',
  programOf: (program: string, node: string): string => `${program}, ${node}`,
  packetAt: (step: string): string => `The packet at ${step}`,
  // The frames around one packet
  frames: 'The frames that carried the packet, and the packet',
  what: 'what',
  from: 'from',
  to: 'to',
  frame: (n: number): string => `frame ${n}`,
  packetIn: (n: number): string => `packet in frame ${n}`,
  packetAlways: 'packet, all the way',
  // CNI plugins, call by call
  hand: (hand: Hand): string => HANDS[hand],
  rowOf: (table: Row['table']): string => ROWS[table],
  deed: (deed: 'changed' | 'gone', table: Row['table']): string =>
    deed === 'gone' ? `${ROWS[table]} gone` : `${ROWS[table]} changed`,
  calls: (verb: string): string => `${verb}, call by call`,
  previousCall: '← Back',
  nextCall: 'Next call →',
  rows: 'rows',
  left: 'what is left',
  isCalled: (verb: string): string => `is called: ${verb}`,
  goesOn: (hand: Hand, verb: 'ADD' | 'DEL'): string =>
    hand !== 'runtime'
      ? 'goes on'
      : verb === 'ADD'
        ? 'makes the namespace'
        : 'takes the namespace away',
  fromSource: 'from its source',
  conflist: 'The conflist that the runtime has read',
  environment: 'Environment',
  handed: 'Standard input: what it is handed',
  saysBack: 'Standard output: what it says',
  writesNothing: 'It writes nothing.',
  moreRows: (rows: number): string => (rows === 1 ? 'one more row' : `${rows} more rows`),
  recordedOf: (version: string): string =>
    `Recorded from Debian’s containernetworking-plugins ${version}; flannel’s own calls are from its source.`,
  fromSourceOf: (who: string): string =>
    `From the source of ${who}, as the world of its chapter has them.`,
  survives: {
    asks: 'The pod is deleted, and it was the only one here. Mark the rows that stay.',
    run: 'Call DEL',
    stays: 'stays',
    goes: 'goes',
    of: '# of # right.',
    answer: 'What stays',
  },
  lease: {
    given: 'Addresses given so far',
    free: 'given back',
    asks: (last: string, back: string): string =>
      `You are host-local. You gave ${last} last, and ${back} came back. Another pod starts. Which address does it get?`,
    right: 'Right.',
    wrong: 'Not so.',
    why: 'It is free, but host-local goes on from the last one that it gave.',
    answer: 'The answer',
  },
  answers: {
    name: 'What the bridge plugin answers',
    verb: 'verb',
    answer: 'answer',
  },
}
