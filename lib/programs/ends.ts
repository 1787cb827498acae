import type { Address, Bytes } from '#lib/wire/addr.ts'
import { fnv1a } from '#lib/wire/hash.ts'
import type { Socket } from '#lib/topology/rows.ts'
import type { Here, Job, Run } from '#lib/run/run.ts'
import type { Skb } from '#lib/run/skb.ts'

/* What programs and their sockets keep during a run. */

/** One end of a TCP connection, or the client's socket. */
export interface End {
  readonly role: 'client' | 'server'
  state:
    | 'syn-sent'
    | 'syn-received'
    | 'established'
    | 'fin-wait'
    | 'time-wait'
    | 'close-wait'
    | 'last-ack'
    | 'closed'
  seq: number
  ack: number
  id: number
  /** Payload bytes received so far, and how many are expected. */
  got: number
  readonly want: number
  /** The peer's timestamp to echo. */
  echo: number
  /** TCP only: what it sends by and what it has received. */
  readonly tcp?: Tcb
  /** The program that holds it, where that is neither the flow's client nor a server that answers by itself. */
  readonly program?: Program
  /** UDP only: a socket that is connected, and what becomes of a datagram that comes to it. */
  readonly heard?: (s: Skb) => void
}

/** What happens at one end of a connection, told to a program that relays. */
export interface Program {
  /** Its end as it stands, and the packet that came last. */
  c: Conn
  opened(c: Conn): void
  data(c: Conn): void
  /** The peer sends no more: FIN, or a reset. */
  ended(c: Conn): void
  /** The connection did not come about. */
  failed(c: Conn): void
  /** As `ss -p` names it. */
  readonly name: string
  /** It has closed the socket, whatever the peer still says. */
  readonly gone: boolean
}

export interface Ends {
  readonly ip: Address
  readonly port: number
  readonly peer: Address
  readonly peerPort: number
}

/** An end where it lives, and the packet that makes it speak (`message` null, `step` -1: nothing came). */
export interface Conn {
  readonly here: Here
  readonly end: End
  readonly t: Tcb
  readonly ends: Ends
  readonly leg: 'forward' | 'back'
  readonly message: number | null
  readonly step: number
}

/** A segment that was sent and is not acknowledged. Offsets count data bytes; `burst` is the number of the packet (GSO) it was cut from; `again`: it was sent again since it was lost. */
export interface Sent {
  readonly start: number
  readonly end: number
  readonly burst: number
  lost: boolean
  sacked: boolean
  readonly again: boolean
}

/** struct tcp_sock in small: one write each way, no congestion but slow start. */
export interface Tcb {
  /** rx_opt.mss_clamp: the peer's MSS option. The peer's window, and the largest so far. The path MTU it goes by (icsk_pmtu_cookie). */
  clamp: number
  window: number
  largest: number
  pmtu: number
  /** What is written, from which sequence number on; how far it is sent and acknowledged. */
  data: Bytes
  base: number
  next: number
  una: number
  cwnd: number
  sent: Sent[]
  sends: number
  /** A program is in a system call of this socket: what comes in waits (sk_backlog). */
  owned: boolean
  backlog: Job[]
  /** Received out of order, as offsets of the peer's data: the latest first. Which acknowledgements are due at once, and from where on one is. */
  ahead: Range[]
  quick: number
  acked: number
}
/** Offsets of data: from, and up to without. */
export type Range = readonly [start: number, end: number]

/** What a program that relays calls in turn. */
export type Target = NonNullable<Socket['relay']>

export interface Programs {
  /** Connections and sockets of programs taking part, by `endKey`. */
  readonly ends: Map<string, End>
  /** The namespaces that have an end of a TCP connection. */
  readonly connected: Set<string>
  /** Connections that programs relay and have not ended. */
  relays: number
  /** A program that relays accepts a connection: it takes what comes, and calls `to`. */
  relay(name: string, to: Target): Program
}

/** What the programs of this run keep. */
export function programsOf(run: Run): Programs {
  return run.programs as Programs
}

/** Where an end is found: by protocol and ends, as the kernel's hash tables of sockets. */
export function endKey(ns: string, proto: 'icmp' | 'udp' | 'tcp', e: Ends): string {
  for (let i = 0; i < recent.length; i += 1) {
    const k = recent[i]!
    if (
      k.ns === ns &&
      k.proto === proto &&
      k.ip === e.ip &&
      k.port === e.port &&
      k.peer === e.peer &&
      k.peerPort === e.peerPort
    )
      return k.key
  }
  const { ip, port, peer, peerPort } = e
  const key = `${ns}|${proto}|${ip}|${port}|${peer}|${peerPort}`
  recent[oldest] = { ns, proto, ip, port, peer, peerPort, key }
  oldest = (oldest + 1) % REMEMBERED
  return key
}
/** The last few keys: every segment asks for its two ends', and a new text must be hashed before it can be looked up. */
const REMEMBERED = 4
const recent: (Ends & { readonly ns: string; readonly proto: string; readonly key: string })[] = []
let oldest = 0

/** A UDP socket that is bound and not connected. */
export function boundKey(ns: string, { ip, port }: Pick<Ends, 'ip' | 'port'>): string {
  return `${ns}|udp|${ip}|${port}||0`
}

/** It came here over lo by a route to somebody else's address. */
export function isStrange(s: Skb): boolean {
  return s.way !== null && s.way.type === 'unicast'
}

/** Numbers that a kernel draws: here they follow from a text. */
export function seed(text: string): number {
  return fnv1a(text)
}

/** An end that has neither sent nor heard anything; of a datagram's socket nothing else is asked. */
export function newEnd(role: End['role'], heard?: (s: Skb) => void): End {
  return {
    role,
    state: 'established',
    seq: 0,
    ack: 0,
    id: 0,
    got: 0,
    want: 0,
    echo: 0,
    ...(heard === undefined ? {} : { heard }),
  }
}
