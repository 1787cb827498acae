import type { SentAs } from '#lib/trace/saying.ts'
import type { Bytes } from '#lib/wire/addr.ts'
import {
  ACK,
  FIN,
  NO_BYTES,
  PROTO,
  PSH,
  SYN,
  type Packet,
  type Tcp,
  type TcpOption,
  wholeIp,
} from '#lib/wire/packet.ts'
import { pathMtu } from '#lib/run/exceptions.ts'
import { defaultTtl, pathMtuDiscovery } from '#lib/lookup/sysctl.ts'
import { bottomHalvesOff, later } from '#lib/run/clock.ts'
import { message, record } from '#lib/run/record.ts'
import type { Here } from '#lib/run/run.ts'
import { skb } from '#lib/run/skb.ts'
import { seed, type Conn, type Ends, type Range, type Sent, type Tcb } from './ends.ts'

/* What one end of a TCP connection sends: net/ipv4/tcp_output.c in small. */

const CLOCK = 1000
/** ip_default_advmss(): no IP packet is longer, whatever lo's MTU says, and an MSS is at least ip_rt_min_advmss. */
const LARGEST_MTU = 65535
const LEAST_ADVERTISED = 256
const HEADERS = 40
const TIMESTAMPS = 12
/** TCP_MIN_SND_MSS. */
const LEAST_MSS = 48
/** TCP_MSS_DEFAULT: smaller windows are not halved. */
const SMALL_WINDOW = 536
/** Half of tcp_rmem[1], what a socket has room for at first; a window field holds one byte less. */
const ROOM = 65536
const SCALE = 7
/** TCP_INIT_CWND. */
const FIRST_WINDOW = 10
/** How many bytes of SACK blocks go beside the timestamps: three blocks. */
const MOST_BLOCKS = 3

export function newTcb(here: Here, ends: Ends): Tcb {
  return {
    clamp: SMALL_WINDOW,
    window: 0,
    largest: 0,
    pmtu: knownMtu(here, ends),
    data: NO_BYTES,
    base: 0,
    next: 0,
    una: 0,
    cwnd: FIRST_WINDOW,
    sent: [],
    sends: 0,
    owned: false,
    backlog: [],
    ahead: [],
    quick: 0,
    acked: 0,
  }
}

function knownMtu(here: Here, { ip: src, peer: dst }: Ends): number {
  return Math.min(pathMtu(here, { src, dst }), LARGEST_MTU)
}

/** dst_metric_advmss(): the MSS that this end offers. */
function advertised(here: Here, ends: Ends): number {
  return Math.min(Math.max(knownMtu(here, ends) - HEADERS, LEAST_ADVERTISED), LARGEST_MTU - HEADERS)
}

/** tcp_select_initial_window(): whole segments of what there is room for. The answer to a SYN knows already that timestamps take 12 bytes of each.
 *  Linux 6.18: 64240 and 65160 for an MSS of 1460, 65535 where the MSS divides 65536. */
export function firstWindow(here: Here, ends: Ends, answer: boolean): number {
  const mss = advertised(here, ends) - (answer ? TIMESTAMPS : 0)
  return Math.min(Math.floor(ROOM / mss) * mss, 0xffff)
}

/** tcp_sync_mss(): what the path carries and the peer takes, less the timestamps, and no more than half of the largest window the peer had (tcp_bound_to_half_wnd). */
function sendMss(t: Tcb): number {
  const mss = Math.max(Math.min(t.pmtu - HEADERS, t.clamp), LEAST_MSS) - TIMESTAMPS
  const half = t.largest > SMALL_WINDOW ? t.largest >>> 1 : t.largest
  return half > 0 && mss > half ? half : mss
}

/** The window of a segment that came, by its scale; a SYN's has none. */
export function seesWindow(t: Tcb, tcp: Tcp): void {
  t.window = tcp.flags & SYN ? tcp.window : tcp.window << SCALE
  t.largest = Math.max(t.largest, t.window)
}

/** tcp_packets_in_flight() */
function inFlight(t: Tcb): number {
  return t.sent.filter((x) => !x.sacked && (!x.lost || x.again)).length
}

/** tcp_write_xmit(): bursts of at most half of what the congestion window has (tcp_cwnd_test), as long as both windows have room. */
export function push(c: Conn, says: SentAs): void {
  const { t } = c
  for (;;) {
    const mss = sendMss(t)
    const segments = Math.min(
      t.cwnd - inFlight(t),
      Math.max(t.cwnd >> 1, 1),
      c.here.run.traits.burst,
    )
    const room = Math.min(t.una + t.window, t.data.length) - t.next
    if (segments <= 0 || room <= 0) return
    const whole = t.una + t.window < t.data.length ? Math.floor(room / mss) * mss : room
    const bytes = Math.min(segments * mss, whole)
    if (bytes <= 0) return
    const start = t.next
    t.next += bytes
    burst(c, { start, end: t.next, mss, again: false }, says)
  }
}

/** Data from `start` up to `end`, in segments of `mss` bytes; `again`: it was lost. */
interface Burst {
  readonly start: number
  readonly end: number
  readonly mss: number
  readonly again: boolean
}

/** One packet, cut into segments where it leaves (GSO). tcp_mark_push() sets PSH at the end of a write, __tcp_transmit_skb() on each packet of several
 *  segments: cutting leaves it on the last. */
function burst(c: Conn, { start, end, mss, again }: Burst, says: SentAs): void {
  const { t } = c
  t.sends += 1
  const mine: Sent[] = []
  for (let at = start; at < end; at += mss)
    mine.push({
      start: at,
      end: Math.min(at + mss, end),
      burst: t.sends,
      lost: again,
      sacked: false,
      again,
    })
  t.sent = [...t.sent, ...mine].toSorted((a, b) => a.start - b.start)
  bottomHalvesOff(c.here.run, () => {
    for (const x of mine) {
      const pushed = x.end === t.data.length || (x.end === end && mine.length > 1)
      segment(c, pushed ? PSH | ACK : ACK, {
        says,
        data: t.data.subarray(x.start, x.end),
        seq: (t.base + x.start) >>> 0,
      })
    }
  })
}

/** tcp_ack(): what is acknowledged opens the window by as many segments (slow start); what was sent before something that arrived out of order is lost
 *  after a while (RACK, RFC 8985). */
export function acknowledged(c: Conn, tcp: Tcp, says: SentAs): void {
  const { t } = c
  if (t.data.length === 0) return
  const una = Math.min((tcp.ack - t.base) | 0, t.next)
  if (una > t.una) {
    t.una = una
    t.cwnd += t.sent.filter((x) => x.end <= una && !x.sacked).length
    t.sent = t.sent.filter((x) => x.end > una)
  }
  const blocks = tcp.options
    .flatMap((o) => (o.kind === 'sack' ? o.blocks : []))
    .map(([a, b]): Range => [(a - t.base) | 0, (b - t.base) | 0])
  for (const x of t.sent) if (blocks.some(([a, b]) => a <= x.start && x.end <= b)) x.sacked = true
  const newest = Math.max(0, ...t.sent.filter((x) => x.sacked).map((x) => orderOf(x)))
  const late = t.sent.filter((x) => !x.sacked && !x.lost && orderOf(x) < newest)
  if (late.length > 0)
    later(c.here.run, 1, () => {
      late.forEach((x) => {
        x.lost = true
      })
      resend(c, says)
    })
  resend(c, says)
  push(c, says)
}

/** When it was sent, among the others. */
const orderOf = (x: Sent): number => x.burst * 2 ** 32 + x.start

/** tcp_v4_mtu_reduced(), tcp_simple_retransmit(): packets with segments that no longer fit are lost as a whole, and sent again in smaller ones.
 *  A path MTU that is no smaller than the known one changes nothing. */
export function mtuReduced(c: Conn, says: SentAs): void {
  const { t } = c
  const now = knownMtu(c.here, c.ends)
  if (now >= t.pmtu) return
  t.pmtu = now
  const mss = sendMss(t)
  const most = new Map<number, number>()
  for (const x of t.sent) most.set(x.burst, Math.max(most.get(x.burst) ?? 0, x.end - x.start))
  t.sent = t.sent.map((x) => (most.get(x.burst)! > mss ? { ...x, lost: true, again: false } : x))
  resend(c, says)
}

/** tcp_xmit_retransmit_queue(): each lost packet once more, cut anew by what fits now. */
function resend(c: Conn, says: SentAs): void {
  const { t } = c
  for (;;) {
    const first = t.sent.find((x) => x.lost && !x.sacked && !x.again)
    const segments = t.cwnd - inFlight(t)
    if (first === undefined || segments <= 0) return
    const mss = sendMss(t)
    let { end } = first
    for (const x of t.sent)
      if (x.start === end && x.burst === first.burst && x.lost && !x.sacked && !x.again)
        ({ end } = x)
    end = Math.min(end, first.start + segments * mss)
    // What is left of a segment that was cut stays to be sent.
    t.sent = t.sent.flatMap((x) =>
      x.end <= first.start || x.start >= end ? [x] : x.end > end ? [{ ...x, start: end }] : [],
    )
    burst(c, { start: first.start, end, mss, again: true }, says)
  }
}

/** What a segment is called and carries beside its flags; `seq` if it is not the next one. */
interface Carries {
  readonly says: SentAs
  readonly data?: Bytes
  readonly seq?: number
  readonly sack?: readonly Range[]
  readonly timeWait?: boolean
}

/** tcp_syn_options(), tcp_established_options(), padded to whole words. */
function optionsOf({ here, end, ends }: Conn, syn: boolean, sack: readonly Range[]): TcpOption[] {
  const stamps: TcpOption = {
    kind: 'timestamps',
    value: (seed(ends.ip) % 1_000_000) + CLOCK + here.run.now,
    echo: end.echo,
  }
  const options: TcpOption[] = syn
    ? [
        { kind: 'mss', value: advertised(here, ends) },
        { kind: 'sack-permitted' },
        stamps,
        { kind: 'nop' },
        { kind: 'window-scale', shift: SCALE },
      ]
    : [{ kind: 'nop' }, { kind: 'nop' }, stamps]
  if (sack.length > 0)
    options.push(
      { kind: 'nop' },
      { kind: 'nop' },
      { kind: 'sack', blocks: sack.slice(0, MOST_BLOCKS) },
    )
  return options
}

/** __tcp_transmit_skb(): SYN-ACK, and what a connection says that is only remembered (tcp_v4_timewait_ack), have DF and IP id 0 whatever ip_no_pmtu_disc says, every other segment of a connection counts on. */
export function segment(
  c: Conn,
  flags: number,
  { says, data = NO_BYTES, seq = c.end.seq, sack = [], timeWait = false }: Carries,
): void {
  const { here, end, ends } = c
  const { run, l } = here
  const syn = (flags & SYN) !== 0
  const synAck = flags === (SYN | ACK)
  if (end.id === 0 && !synAck) end.id = (seed(`${ends.ip}|${ends.port}`) & 0x7fff) + 1
  // The flow says what its own socket was told; the other end's has the defaults.
  const [ttl, tos] =
    end.role === 'client' && end.program === undefined
      ? [run.flow.ttl, run.flow.tos ?? 0]
      : [defaultTtl(l.n), 0]
  const df = synAck || timeWait || pathMtuDiscovery(l.n) === 0
  const packet: Packet = {
    headers: [
      wholeIp({
        src: ends.ip,
        dst: ends.peer,
        ttl,
        id: synAck || timeWait ? 0 : end.id,
        df,
        tos,
        proto: PROTO.tcp,
      }),
      {
        kind: 'tcp',
        sport: ends.port,
        dport: ends.peerPort,
        seq,
        ack: flags & ACK ? end.ack : 0,
        flags,
        window: syn ? firstWindow(here, ends, synAck) : 502,
        options: optionsOf(c, syn, sack),
      },
    ],
    payload: data,
  }
  if (!synAck) end.id = ((end.id & 0xffff) % 0xffff) + 1
  if (seq === end.seq)
    end.seq = (end.seq + data.length + (syn ? 1 : 0) + (flags & FIN ? 1 : 0)) >>> 0
  const m = message(run, { kind: 'flow', leg: c.leg, says, cause: c.message })
  const s = skb(packet, m, c.step)
  const program = end.program?.name
  record(l.here, s, {
    stage: 'app',
    decision: {
      kind: 'app',
      did: 'send',
      what: says,
      ...(program === undefined ? {} : { program }),
    },
  })
  run.ports.localOut(l.here, s)
}
