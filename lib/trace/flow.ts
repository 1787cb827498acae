import type { Address } from '#lib/wire/addr.ts'
import { shortest } from '#lib/wire/payload.ts'

/** What the reader asks to send. No port: ICMP echo. TCP is a whole connection: open, one request, one response, close. */
export interface Flow {
  /** Name of the namespace it starts in. */
  readonly from: string
  readonly to: Address
  readonly proto: 'icmp' | 'udp' | 'tcp'
  /** Destination port; 0 for ICMP. */
  readonly dport: number
  /** Source port; for ICMP the echo id. Chosen by hash when left out. */
  readonly sport?: number
  /** Source address, when the program bound one. */
  readonly src?: Address
  /** L4 payload in bytes: 56 for an echo, the request of a TCP connection. */
  readonly size: number
  readonly ttl: number
  /** True is IP_PMTUDISC_DO (`ping -M do`): DF, IP id 0. ICMP without it has no DF. UDP: false is DONT (no DF), left out is the default WANT (DF, id not 0). TCP always sets DF. */
  readonly df?: boolean
  readonly tos?: number
  /** IP id of the first packet, ICMP sequence number, response size: what a lab may fix. */
  readonly id?: number
  readonly seq?: number
  /** ICMP: echo requests sent one right after the other; id and sequence number count on. 1 when left out. */
  readonly count?: number
  /** What random rules draw from: the same number always chooses the same endpoint, another one may choose another. 0 when left out. */
  readonly draw?: number
  /** L4 payload of the answer (TCP response, UDP answer). */
  readonly answer?: number
}

const QUESTION = { icmp: 56, udp: 32, tcp: 33 } as const
const ANSWER = { icmp: 0, udp: 32, tcp: 22 } as const

/** L4 payload of a question when nobody says how large: as short as it may be on that port. */
export function questionSize(f: Pick<Flow, 'proto' | 'dport'>): number {
  return Math.max(QUESTION[f.proto], shortest(f, false))
}

/** L4 payload of the answer to a flow (an echo's is the question). */
export function answerSize(f: Flow): number {
  return f.answer ?? Math.max(ANSWER[f.proto], shortest(f, true))
}
