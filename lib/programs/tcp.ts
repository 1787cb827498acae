import { payload } from '#lib/wire/payload.ts'
import { answerSize } from '#lib/trace/flow.ts'
import { ACK, FIN, find, RST, SYN, type Tcp } from '#lib/wire/packet.ts'
import { asProcess, later, wake } from '#lib/run/clock.ts'
import { answerLeg, record } from '#lib/run/record.ts'
import type { Here } from '#lib/run/run.ts'
import type { Skb } from '#lib/run/skb.ts'
import {
  endKey,
  programsOf,
  seed,
  type Conn,
  type End,
  type Ends,
  type Program,
  type Range,
} from './ends.ts'
import {
  acknowledged,
  firstWindow,
  mtuReduced,
  newTcb,
  push,
  seesWindow,
  segment,
} from './tcp-output.ts'

/* A connection as Linux opens, uses and closes it. Data is sent again when an ICMP error says that it was too large, or when something later arrives;
   nothing is because of time alone (stated in the contract). Not modelled: losses' effect on the congestion window. */

/** TCP_MAX_QUICKACKS: so many segments are acknowledged one by one at first. */
const QUICK = 16
/** TCP_DELACK_MIN, ms. */
const DELAYED_ACK = 40

/** tcp_v4_connect(): for the flow's sender, or for a program that relays, with what made it. */
export function connect(
  here: Here,
  ends: Ends,
  { program, by = NOTHING }: { readonly program?: Program; readonly by?: Caused } = {},
): void {
  const { flow } = here.run
  const t = newTcb(here, ends)
  const chosen = program === undefined ? flow.id : undefined
  const id = chosen ?? (seed(`${ends.ip}|${ends.peer}|${ends.port}`) & 0x7fff) + 1
  const end: End = {
    role: 'client',
    state: 'syn-sent',
    seq: seed(`${ends.ip}:${ends.port}`),
    ack: 0,
    id,
    got: 0,
    want: answerSize(flow),
    echo: 0,
    tcp: t,
    ...(program === undefined ? {} : { program }),
  }
  remember(here, ends, end)
  const { message, step } = by
  const c: Conn = { here, end, t, ends, leg: 'forward', message, step }
  if (program !== undefined) program.c = c
  segment(c, SYN, { says: 'syn' })
}
/** The packet that makes an end speak. */
type Caused = Pick<Conn, 'message' | 'step'>
const NOTHING: Caused = { message: null, step: -1 }

function remember(here: Here, ends: Ends, end: End): void {
  const programs = programsOf(here.run)
  programs.ends.set(endKey(here.in, 'tcp', ends), end)
  programs.connected.add(here.in)
}

/** tcp_v4_do_rcv(): what comes to a connection; while a program holds the socket it waits until it lets go. */
export function tcpReceive(here: Here, s: Skb, { end, ends }: Pick<Conn, 'end' | 'ends'>): void {
  const tcp = find(s.packet, 'tcp')!
  const c = spokenTo(here, s, { end, ends })
  if (c.t.owned) c.t.backlog.push(() => established(c, s, tcp))
  else established(c, s, tcp)
}

/** tcp_conn_request(): a listener makes a connection of a SYN; `program`: the one that relays, where the socket is its. */
export function tcpAccept(
  here: Here,
  s: Skb,
  { ends, program }: { readonly ends: Ends; readonly program: Program | null },
): void {
  const tcp = find(s.packet, 'tcp')!
  const end: End = {
    role: 'server',
    state: 'syn-received',
    seq: seed(`${ends.ip}:${ends.port}|${ends.peerPort}`),
    ack: (tcp.seq + 1) >>> 0,
    id: 0,
    got: 0,
    want: here.run.flow.size,
    echo: 0,
    tcp: newTcb(here, ends),
    ...(program === null ? {} : { program }),
  }
  remember(here, ends, end)
  const c = spokenTo(here, s, { end, ends })
  if (program !== null) program.c = c
  opened(c, tcp, true)
  segment(c, SYN | ACK, { says: 'syn-ack' })
}

/** An end that this packet came to. */
function spokenTo(here: Here, s: Skb, { end, ends }: Pick<Conn, 'end' | 'ends'>): Conn {
  const leg = answerLeg(here.run, s)
  return { here, end, t: end.tcp!, ends, leg, message: s.message, step: s.step }
}

/** What a SYN says of its sender. tcp_incr_quickack(): half of the own window in segments are acknowledged at once, at most. */
function opened(c: Conn, tcp: Tcp, answer: boolean): void {
  const mss = tcp.options.find((o) => o.kind === 'mss')
  if (mss !== undefined) c.t.clamp = mss.value
  const stamp = tcp.options.find((o) => o.kind === 'timestamps')
  if (stamp !== undefined) c.end.echo = stamp.value
  seesWindow(c.t, tcp)
  const largest = Math.min(c.t.clamp, c.t.pmtu)
  c.t.quick = Math.min(Math.floor(firstWindow(c.here, c.ends, answer) / (2 * largest)) || 2, QUICK)
}

/** tcp_reset(): ECONNREFUSED, EPIPE, ECONNRESET. */
function wasReset(c: Conn, s: Skb): void {
  const { here, end } = c
  const { state: was, program } = end
  const what =
    was === 'syn-sent'
      ? 'connection-refused'
      : was === 'close-wait'
        ? 'broken-pipe'
        : 'connection-reset'
  record(here.l.here, s, {
    stage: 'app',
    decision: {
      kind: 'app',
      did: 'error',
      what,
      ...(program === undefined ? {} : { program: program.name }),
    },
  })
  end.state = 'closed'
  if (was === 'syn-sent') program?.failed(c)
  else if (was !== 'close-wait') program?.ended(c)
}

/** tcp_rcv_state_process() and tcp_rcv_established() in small. */
function established(c: Conn, s: Skb, tcp: Tcp): void {
  const { here, end, t } = c
  const { run } = here
  if (tcp.flags & RST) return wasReset(c, s)
  if (end.state === 'syn-sent' && tcp.flags & SYN) {
    end.state = 'established'
    end.ack = (tcp.seq + 1) >>> 0
    opened(c, tcp, false)
    segment(c, ACK, { says: 'ack' })
    if (end.program !== undefined) return end.program.opened(c)
    return wake(run, 'when quiet', () => write(c, run.flow.size))
  }
  if (end.state === 'closed' || end.state === 'syn-sent') return
  const bytes = s.packet.payload.length
  const stamp = tcp.options.find((o) => o.kind === 'timestamps')
  // tcp_replace_ts_recent(): only what comes in order is echoed.
  if (stamp !== undefined && ((tcp.seq - end.ack) | 0) <= 0) end.echo = stamp.value
  if (tcp.flags & ACK) {
    seesWindow(t, tcp)
    acknowledged(c, tcp, nameOf(end))
  }
  if (end.state === 'syn-received' && tcp.flags & ACK) {
    end.state = 'established'
    // Nothing is asked of it: it speaks first.
    if (end.program !== undefined) end.program.opened(c)
    else if (end.want === 0) answerOf(c)
  }
  // tcp_time_wait(): the FIN is acknowledged and the peer's is not there yet, and no program holds the socket.
  if (
    end.state === 'fin-wait' &&
    end.program?.gone !== false &&
    tcp.ack === end.seq &&
    (tcp.flags & FIN) === 0
  )
    end.state = 'time-wait'
  if (bytes > 0) data(c, (tcp.seq - end.ack) | 0, bytes)
  else if (tcp.flags & FIN) finished(c, tcp)
  else if (end.state === 'last-ack' && tcp.ack === end.seq) {
    end.state = 'closed'
    const programs = programsOf(run)
    if (end.program !== undefined) programs.relays -= 1
    // A connection behind a program that relays is not yet the flow's.
    run.done = end.role === 'server' && programs.relays === 0
  }
}

const nameOf = (end: End): 'request' | 'response' =>
  end.role === 'client' ? 'request' : 'response'

/** tcp_data_queue(): what is next goes to the program, what is ahead waits and is told (SACK, RFC 2018), what was here already is told too
 *  (DSACK, RFC 2883). `off`: bytes from the next one expected. */
function data(c: Conn, off: number, bytes: number): void {
  const { end, t } = c
  const { run } = c.here
  const [from, to] = [end.got + off, end.got + off + bytes]
  const seqOf = (at: number): number => (end.ack - end.got + at) >>> 0
  const say = (first: readonly Range[]): void => {
    const sack = [...first, ...t.ahead].map(([a, b]): Range => [seqOf(a), seqOf(b)])
    t.acked = end.got
    segment(c, ACK, { says: 'ack', sack })
  }
  if (to <= end.got) return say([[from, to]])
  if (from > end.got) {
    const touches = t.ahead.filter(([a, b]) => a <= to && from <= b)
    t.ahead = [
      [Math.min(from, ...touches.map(([a]) => a)), Math.max(to, ...touches.map(([, b]) => b))],
      ...t.ahead.filter((x) => !touches.includes(x)),
    ]
    return say([])
  }
  const start = end.got
  let reach = to
  // tcp_ofo_queue(): what waited may be in order now; where both had it, it came twice.
  let twice: Range | null = null
  for (const x of t.ahead.toSorted((a, b) => a[0] - b[0]))
    if (x[0] <= reach) {
      if (x[0] < to) twice = [x[0], Math.min(x[1], to)]
      reach = Math.max(reach, x[1])
    }
  t.ahead = t.ahead.filter(([a]) => a > reach)
  end.ack = (end.ack + reach - start) >>> 0
  end.got = reach
  const whole = end.got >= end.want
  t.quick -= 1
  const due =
    t.quick >= 0 || whole || twice !== null || t.ahead.length > 0 || end.got - t.acked > bytes
  if (due) say(twice === null ? [] : [twice])
  // tcp_delack_timer()
  else
    later(run, DELAYED_ACK, () => {
      if (t.acked < end.got) say([])
    })
  if (end.program !== undefined) return end.program.data(c)
  if (!whole) return
  if (end.role === 'server') answerOf(c)
  else close(c)
}

function answerOf(c: Conn): void {
  wake(c.here.run, 'program', () => write(c, answerSize(c.here.run.flow)))
}

function close(c: Conn): void {
  wake(c.here.run, 'program', () =>
    asProcess(c.here.run, () => {
      c.end.state = 'fin-wait'
      segment(c, FIN | ACK, { says: 'fin' })
    }),
  )
}

/** tcp_sendmsg() and release_sock(): what came meanwhile is looked at when the call is over. A client that wants no answer closes behind it. */
export function write(c: Conn, bytes: number): void {
  const { t, end } = c
  if (end.state === 'closed') return
  if (t.data.length === 0) t.base = end.seq
  // What is relayed comes in parts, of the same whole.
  const answers = end.role === 'server'
  const whole =
    end.program === undefined ? bytes : answers ? answerSize(c.here.run.flow) : c.here.run.flow.size
  t.data = payload(c.here.run.flow, answers, whole).subarray(0, t.data.length + bytes)
  asProcess(c.here.run, () => owning(c, () => push(c, nameOf(end))))
  if (end.role === 'client' && end.want === 0 && end.program === undefined) close(c)
}

function owning(c: Conn, job: () => void): void {
  const { t } = c
  t.owned = true
  job()
  for (let next = t.backlog.shift(); next !== undefined; next = t.backlog.shift()) next()
  t.owned = false
}

/** tcp_fin(). Who has all it asked for closes too. */
function finished(c: Conn, tcp: Tcp): void {
  const { end } = c
  const { run } = c.here
  if (tcp.seq !== end.ack) return
  end.ack = (tcp.seq + 1) >>> 0
  const { program } = end
  if (program !== undefined) {
    const over = end.state === 'fin-wait'
    end.state = over ? 'closed' : 'close-wait'
    if (over) segment(c, ACK, { says: 'last-ack' })
    else if (c.t.data.length === 0) segment(c, ACK, { says: 'ack' })
    return program.ended(c)
  }
  if (end.role === 'client' && end.state === 'established') {
    // Nothing more comes: the program says what it had to say, and closes.
    end.state = 'close-wait'
    segment(c, ACK, { says: 'ack' })
    return wake(run, 'when quiet', () => {
      if (end.state === 'close-wait') shut(c)
    })
  }
  if (end.role === 'client') {
    const timeWait = end.state === 'time-wait'
    end.state = 'closed'
    return segment(c, ACK, { says: 'last-ack', timeWait })
  }
  // __tcp_ack_snd_check(): who has not answered anything yet (no ping-pong) acknowledges at once, else with the own FIN.
  if (end.got === 0) segment(c, ACK, { says: 'ack' })
  end.state = 'close-wait'
  wake(run, 'program', () => shut(c))
}

/** shutdown(): a FIN, and with it the last of an end whose peer has sent its own. */
export function shut(c: Conn): void {
  asProcess(c.here.run, () => {
    c.end.state = c.end.state === 'close-wait' ? 'last-ack' : 'fin-wait'
    segment(c, FIN | ACK, { says: 'fin' })
  })
}

/** tcp_close() with something unread: a reset instead of a FIN. */
export function reset(c: Conn): void {
  asProcess(c.here.run, () => {
    c.end.state = 'closed'
    segment(c, RST | ACK, { says: 'rst' })
  })
}

/** tcp_v4_err(): the path carries less than was thought. */
export function tcpTooBig(here: Here, s: Skb, { ends, end }: Pick<Conn, 'end' | 'ends'>): void {
  const t = end.tcp
  if (t === undefined) return
  const leg = end.role === 'client' ? 'forward' : 'back'
  const c: Conn = { here, end, t, ends, leg, message: s.message, step: s.step }
  if (t.owned) t.backlog.push(() => mtuReduced(c, nameOf(end)))
  else mtuReduced(c, nameOf(end))
}

/** tcp_v4_err(): what a program that relays hears of while it connects ends that. */
export function tcpUnreachable(
  here: Here,
  s: Skb,
  { ends, end }: Pick<Conn, 'end' | 'ends'>,
): void {
  const { tcp: t, program } = end
  if (t === undefined || program === undefined || end.state !== 'syn-sent') return
  end.state = 'closed'
  program.failed({ here, end, t, ends, leg: 'forward', message: s.message, step: s.step })
}
