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
  // The lines of a flow log
  flowLog: 'Records of the flow log, shortened',
  // A traceroute, as its tool prints it: a line for each probe
  probes: 'What each probe is told',
  ttl: 'TTL',
  endsAt: 'It ends at',
  toldBy: 'Who answers',
  send: (ttl: number): string => `Send TTL ${ttl}`,
  nobody: '* nobody',
  programOf: (program: string, node: string): string => `${program}, ${node}`,
  packetAt: (step: string): string => `The packet at ${step}`,
}
