import { ACK, FIN, RST, SYN } from '#lib/wire/packet.ts'
import type { Conntrack } from '#lib/topology/rows.ts'
import { TCP_STATES } from '#lib/topology/tables/conntrack/row.ts'

/* TCP's states as connection tracking sees them (net/netfilter/nf_conntrack_proto_tcp.c, tcp_conntracks): what Linux 6.18 answered when
   test/facts/conntrack-tcp.py asked, in sequence and in window. Sequence numbers and windows (tcp_in_window, which calls what is outside INVALID)
   are not looked at. Nor is a simultaneous open: SYN_SENT2 is taken for SYN_SENT. */

export type TcpState = NonNullable<Conntrack['state']>
export type Direction = 'original' | 'reply'
export const STATES = ['NONE', ...TCP_STATES] as const
export const SEGMENTS = ['SYN', 'SYN-ACK', 'ACK', 'FIN', 'RST', 'RST-ACK'] as const
export type Segment = (typeof SEGMENTS)[number]

/** Direction and segment, then the state after it for each state before, in the order of STATES. `GONE`: the entry is freed. */
export const TABLE: Readonly<Record<Direction, Readonly<Record<Segment, string>>>> = {
  original: {
    SYN: 'SYN_SENT    SYN_SENT    SYN_RECV    ESTABLISHED FIN_WAIT    CLOSE_WAIT  LAST_ACK    SYN_SENT    SYN_SENT',
    'SYN-ACK':
      'invalid     invalid     SYN_RECV    invalid     invalid     invalid     invalid     invalid     invalid',
    ACK: 'ESTABLISHED invalid     ESTABLISHED ESTABLISHED CLOSE_WAIT  CLOSE_WAIT  TIME_WAIT   TIME_WAIT   CLOSE',
    FIN: 'invalid     invalid     FIN_WAIT    FIN_WAIT    LAST_ACK    LAST_ACK    LAST_ACK    TIME_WAIT   CLOSE',
    RST: 'invalid     GONE        CLOSE       CLOSE       CLOSE       CLOSE       CLOSE       CLOSE       CLOSE',
    'RST-ACK':
      'invalid     invalid     CLOSE       CLOSE       CLOSE       CLOSE       CLOSE       CLOSE       CLOSE',
  },
  reply: {
    SYN: 'SYN_SENT    SYN_SENT2   invalid     invalid     invalid     invalid     invalid     SYN_SENT    invalid',
    'SYN-ACK':
      'invalid     SYN_RECV    SYN_RECV    ESTABLISHED FIN_WAIT    CLOSE_WAIT  LAST_ACK    TIME_WAIT   CLOSE',
    ACK: 'ESTABLISHED SYN_SENT    SYN_RECV    ESTABLISHED CLOSE_WAIT  CLOSE_WAIT  TIME_WAIT   TIME_WAIT   CLOSE',
    FIN: 'invalid     invalid     FIN_WAIT    FIN_WAIT    LAST_ACK    LAST_ACK    LAST_ACK    TIME_WAIT   CLOSE',
    RST: 'invalid     GONE        CLOSE       CLOSE       CLOSE       CLOSE       CLOSE       CLOSE       CLOSE',
    'RST-ACK':
      'invalid     GONE        CLOSE       CLOSE       CLOSE       CLOSE       CLOSE       CLOSE       CLOSE',
  },
}

export type Next = TcpState | 'GONE' | 'invalid'
const read = (cells: string): readonly Next[] =>
  cells.replace('SYN_SENT2', 'SYN_SENT').split(/ +/) as Next[]
const rowsOf = (dir: Direction): Readonly<Record<Segment, readonly Next[]>> =>
  Object.fromEntries(SEGMENTS.map((s) => [s, read(TABLE[dir][s])])) as Record<
    Segment,
    readonly Next[]
  >
const CELLS = { original: rowsOf('original'), reply: rowsOf('reply') } as const

/** get_conntrack_index(); null for flags that no segment has. Data is an ACK. */
export function segmentOf(flags: number): Segment | null {
  if (flags & RST) return flags & ACK ? 'RST-ACK' : 'RST'
  if (flags & SYN) return flags & ACK ? 'SYN-ACK' : 'SYN'
  if (flags & FIN) return 'FIN'
  return flags & ACK ? 'ACK' : null
}

/** What a segment makes of a connection. Nothing known: only a SYN begins one, or, unless nf_conntrack_tcp_loose is 0, what looks like the middle of one. */
export function nextState(
  dir: Direction,
  flags: number,
  { state, loose }: { readonly state: TcpState | 'NONE'; readonly loose: boolean },
): Next {
  const segment = segmentOf(flags)
  if (segment === null || (state === 'NONE' && segment === 'ACK' && !loose)) return 'invalid'
  return CELLS[dir][segment][STATES.indexOf(state)]!
}
