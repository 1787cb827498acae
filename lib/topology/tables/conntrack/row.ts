import { PROTO, type IpProto } from '#lib/wire/packet.ts'
import type { Address } from '#lib/wire/addr.ts'
import type { Table } from '../../table.ts'
import { words } from '../../text.ts'

/** Ports are the ICMP id for ICMP (both fields), and 0 for what has neither. */
export interface Tuple {
  readonly src: Address
  readonly dst: Address
  readonly sport: number
  readonly dport: number
}

/** enum tcp_conntrack, without NONE, which no entry has. */
export const TCP_STATES = [
  'SYN_SENT',
  'SYN_RECV',
  'ESTABLISHED',
  'FIN_WAIT',
  'CLOSE_WAIT',
  'LAST_ACK',
  'TIME_WAIT',
  'CLOSE',
] as const

/** One connection, as `conntrack -L` lists it: both directions, each as its own packets have it. */
export interface Conntrack {
  readonly proto: IpProto
  readonly original: Tuple
  readonly reply: Tuple
  readonly mark: number
  /** Has the reply direction been seen? `conntrack -L` prints [UNREPLIED] until then. */
  readonly replied: boolean
  /** TCP only, as conntrack names it. In TIME_WAIT and CLOSE both ends have closed, so a SYN begins anew (nf_conntrack_tcp_packet() asks who closed first). */
  readonly state?: (typeof TCP_STATES)[number]
  /** The kernel has freed it: not looked up or listed any more. The row stays, so that what refers to a row number stays true. */
  readonly gone?: boolean
}

/** How long the kernel keeps an entry after a packet, in seconds (nf_conntrack_*_timeout): the model has no clock. */
const TIMEOUT = {
  udp: 30,
  icmp: 30,
  ipencap: 600,
  gre: 30,
  SYN_SENT: 120,
  SYN_RECV: 60,
  ESTABLISHED: 432_000,
  FIN_WAIT: 120,
  CLOSE_WAIT: 60,
  LAST_ACK: 30,
  TIME_WAIT: 120,
  CLOSE: 10,
} as const

/** What `conntrack -L` calls a protocol that it knows nothing of but the number. */
const NAMES: { readonly [P in IpProto]?: string } = { ipencap: 'unknown' }

export function timeoutOf(c: Conntrack): number {
  return TIMEOUT[c.proto === 'tcp' ? (c.state ?? 'ESTABLISHED') : c.proto]
}

/** nf_conntrack_tcp_packet(): set when the handshake is complete. UDP gets it only from traffic after two seconds. */
export function assured(c: Conntrack): boolean {
  return c.proto === 'tcp' && c.replied && c.state !== 'SYN_SENT' && c.state !== 'SYN_RECV'
}

/** Is it told apart by ports? */
export const hasPorts = ({ proto }: Pick<Conntrack, 'proto'>): boolean =>
  proto === 'tcp' || proto === 'udp'

/** A connection as `conntrack -L` prints it. */
export function conntrackText(c: Conntrack): string {
  const l4 = (t: Tuple, type: number): string | false =>
    c.proto === 'icmp'
      ? `type=${type} code=0 id=${t.sport}`
      : c.proto === 'gre'
        ? 'srckey=0x0 dstkey=0x0'
        : hasPorts(c) && `sport=${t.sport} dport=${t.dport}`
  const tuple = (t: Tuple, type: number): string => words(`src=${t.src} dst=${t.dst}`, l4(t, type))
  return words(
    `${(NAMES[c.proto] ?? c.proto).padEnd(8)} ${PROTO[c.proto]} ${timeoutOf(c)}`,
    c.state,
    tuple(c.original, 8),
    !c.replied && '[UNREPLIED]',
    tuple(c.reply, 0),
    assured(c) && '[ASSURED]',
    `mark=${c.mark} use=1`,
  )
}

export const conntrack: Table<Conntrack, 'netns'> = { in: 'netns', born: [], text: conntrackText }
