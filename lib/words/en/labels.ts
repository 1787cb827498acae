import type { Failed, Saying, Taker } from '#lib/trace/saying.ts'
import type { Decision } from '#lib/trace/decision.ts'

const SENT: { readonly [S in Extract<Saying, string>]: string } = {
  'echo-request': 'echo request',
  'echo-reply': 'echo reply',
  datagram: 'datagram',
  answer: 'answer',
  syn: 'SYN',
  'syn-ack': 'SYN-ACK',
  ack: 'ACK',
  request: 'request',
  response: 'response',
  fin: 'FIN',
  'last-ack': 'last ACK',
  rst: 'RST',
}
const ERRORS: Readonly<Record<string, string>> = {
  '3/0': 'network unreachable',
  '3/1': 'host unreachable',
  '3/3': 'port unreachable',
  '3/4': 'fragmentation needed',
  '3/13': 'administratively prohibited',
  '5/1': 'redirect',
  '11/0': 'time exceeded',
}
const FAILED: { readonly [F in Failed]: string } = {
  reset: 'reset',
  'connection-refused': 'connection refused',
  'broken-pipe': 'broken pipe',
  'connection-reset': 'connection reset',
}

function saying(says: Saying): string {
  if (typeof says === 'string') return SENT[says]
  if ('icmp' in says) {
    const error = ERRORS[says.icmp] ?? `ICMP ${says.icmp}`
    return says.by === undefined ? error : `${error}, from ${says.by}`
  }
  return says.arp === 'who-has' ? `who-has ${says.ip}` : `${says.ip} is-at ${says.mac}`
}

function taker(who: Taker): string {
  return who === 'client' ? 'the client' : who === 'server' ? 'the server' : who.program
}

/** What packets, calls and sockets are called, in a few words that may stand in a sentence. */
export const labels = {
  /** A packet. */
  packet: saying,
  /** What a program sent, or how its call ended. */
  call: (d: Extract<Decision, { kind: 'app' }>): string =>
    d.did === 'send' ? saying(d.what) : FAILED[d.what],
  /** What became of a packet at a socket. */
  socket(d: Extract<Decision, { kind: 'socket' }>): string {
    switch (d.did) {
      case 'nobody-listens':
        return 'nobody listens'
      case 'no-connection':
        return 'no connection'
      case 'receives-datagram':
        return 'receives the datagram'
      case 'receives-answer':
        return 'receives the answer'
      case 'takes':
        return `${taker(d.taker ?? 'server')} takes it`
    }
  },
}
