import type { Ipv4 } from '#lib/wire/addr.ts'
import { ACK, FIN, find, RST, SYN, type Tcp } from '#lib/wire/packet.ts'
import { asProcess, later, record, wake, type End, type Live, type Range, type Run, type Skb } from '#lib/devices/run.ts'
import { endKey, pattern, seed } from './apps.ts'
import { acknowledged, firstWindow, mtuReduced, newTcb, push, seesWindow, segment, type Conn, type Ends } from './tcp-output.ts'

/* A connection as Linux opens, uses and closes it. Data is sent again when an ICMP error says that it was too large, or when something later arrives;
   nothing is because of time alone (stated in the contract). Not modelled: losses' effect on the congestion window. */

const ANSWER = 22
/** TCP_MAX_QUICKACKS: so many segments are acknowledged one by one at first. */
const QUICK = 16
/** TCP_DELACK_MIN, ms. */
const DELAYED_ACK = 40

/** tcp_v4_connect() */
export function connect(run: Run, l: Live, src: Ipv4, sport: number): void {
  const { flow } = run
  const ends = { ip: src, port: sport, peer: flow.to, peerPort: flow.dport }
  const t = newTcb(l, ends)
  const id = flow.id ?? ((seed(`${src}|${flow.to}|${sport}`) & 0x7fff) + 1)
  const end: End = { role: 'client', state: 'syn-sent', seq: seed(`${src}:${sport}`), ack: 0, id, got: 0, want: flow.answer ?? ANSWER, echo: 0, tcp: t }
  run.ends.set(keyOf(l, ends), end)
  segment({ run, l, end, t, ends, leg: 'forward', message: null, step: -1 }, SYN, 'SYN')
}

function keyOf(l: Live, e: Ends): string {
  return endKey(l.n.name, 'tcp', e.ip, e.port, e.peer, e.peerPort)
}

/** tcp_v4_rcv(): a listener makes a connection of a SYN; what comes while a program holds the socket waits until it lets go. */
export function tcpReceive(run: Run, l: Live, s: Skb, known: End | undefined): void {
  const ip = find(s.packet, 'ipv4')!
  const tcp = find(s.packet, 'tcp')!
  const ends: Ends = { ip: ip.dst, port: tcp.dport, peer: ip.src, peerPort: tcp.sport }
  const at = { run, l, ends, leg: run.messages[s.message]?.leg === 'forward' ? 'back' : 'forward', message: s.message, step: s.step } as const
  if (known?.tcp !== undefined) {
    const c: Conn = { ...at, end: known, t: known.tcp }
    if (c.t.owned) { c.t.backlog.push(() => established(c, s, tcp)); return }
    return established(c, s, tcp)
  }
  const t = newTcb(l, ends)
  const seq = seed(`${ip.dst}:${tcp.dport}|${tcp.sport}`)
  const end: End = { role: 'server', state: 'syn-received', seq, ack: (tcp.seq + 1) >>> 0, id: 0, got: 0, want: run.flow.size, echo: 0, tcp: t }
  run.ends.set(keyOf(l, ends), end)
  opened({ ...at, end, t }, tcp, true)
  segment({ ...at, end, t }, SYN | ACK, 'SYN-ACK')
}

/** What a SYN says of its sender. tcp_incr_quickack(): half of the own window in segments are acknowledged at once, at most. */
function opened(c: Conn, tcp: Tcp, answer: boolean): void {
  const mss = tcp.options.find((o) => o.kind === 'mss')
  if (mss !== undefined) c.t.clamp = mss.value
  const stamp = tcp.options.find((o) => o.kind === 'timestamps')
  if (stamp !== undefined) c.end.echo = stamp.value
  seesWindow(c.t, tcp)
  const largest = Math.min(c.t.clamp, c.t.pmtu)
  c.t.quick = Math.min(Math.floor(firstWindow(c.l, c.ends, answer) / (2 * largest)) || 2, QUICK)
}

/** tcp_rcv_state_process() and tcp_rcv_established() in small. */
function established(c: Conn, s: Skb, tcp: Tcp): void {
  const { run, l, end, t } = c
  if (tcp.flags & RST) {
    end.state = 'closed'
    record(run, s, l.n.name, null, 'app', { kind: 'app', did: 'error', what: 'connection refused' })
    return
  }
  if (end.state === 'syn-sent' && tcp.flags & SYN) {
    end.state = 'established'
    end.ack = (tcp.seq + 1) >>> 0
    opened(c, tcp, false)
    segment(c, ACK, 'ACK')
    return wake(run, 'when quiet', () => write(c, run.flow.size))
  }
  if (end.state === 'closed' || end.state === 'syn-sent') return
  const bytes = s.packet.payload.length
  const stamp = tcp.options.find((o) => o.kind === 'timestamps')
  // tcp_replace_ts_recent(): only what comes in order is echoed.
  if (stamp !== undefined && ((tcp.seq - end.ack) | 0) <= 0) end.echo = stamp.value
  if (tcp.flags & ACK) { seesWindow(t, tcp); acknowledged(c, tcp, nameOf(end)) }
  if (end.state === 'syn-received' && tcp.flags & ACK) {
    end.state = 'established'
    // Nothing is asked of it: it speaks first.
    if (end.want === 0) answerOf(c)
  }
  if (bytes > 0) data(c, (tcp.seq - end.ack) | 0, bytes)
  else if (tcp.flags & FIN) finished(c, tcp)
  else if (end.state === 'last-ack' && tcp.ack === end.seq) { end.state = 'closed'; run.done = true }
}

const nameOf = (end: End): string => (end.role === 'client' ? 'request' : 'response')

/** tcp_data_queue(): what is next goes to the program, what is ahead waits and is told (SACK, RFC 2018), what was here already is told too
 *  (DSACK, RFC 2883). `off`: bytes from the next one expected. */
function data(c: Conn, off: number, bytes: number): void {
  const { end, t, run } = c
  const [from, to] = [end.got + off, end.got + off + bytes]
  const seqOf = (at: number): number => (end.ack - end.got + at) >>> 0
  const say = (first: readonly Range[]): void => {
    const sack = [...first, ...t.ahead].map(([a, b]): Range => [seqOf(a), seqOf(b)])
    t.acked = end.got
    segment(c, ACK, 'ACK', { sack })
  }
  if (to <= end.got) return say([[from, to]])
  if (from > end.got) {
    const touches = t.ahead.filter(([a, b]) => a <= to && from <= b)
    t.ahead = [[Math.min(from, ...touches.map(([a]) => a)), Math.max(to, ...touches.map(([, b]) => b))], ...t.ahead.filter((x) => !touches.includes(x))]
    return say([])
  }
  const start = end.got
  let reach = to
  // tcp_ofo_queue(): what waited may be in order now; where both had it, it came twice.
  let twice: Range | null = null
  for (const x of t.ahead.toSorted((a, b) => a[0] - b[0])) if (x[0] <= reach) {
    if (x[0] < to) twice = [x[0], Math.min(x[1], to)]
    reach = Math.max(reach, x[1])
  }
  t.ahead = t.ahead.filter(([a]) => a > reach)
  end.ack = (end.ack + reach - start) >>> 0
  end.got = reach
  const whole = end.got >= end.want
  t.quick -= 1
  const due = t.quick >= 0 || whole || twice !== null || t.ahead.length > 0 || end.got - t.acked > bytes
  if (due) say(twice === null ? [] : [twice])
  // tcp_delack_timer()
  else later(run, DELAYED_ACK, () => { if (t.acked < end.got) say([]) })
  if (!whole) return
  if (end.role === 'server') answerOf(c)
  else close(c)
}

function answerOf(c: Conn): void {
  wake(c.run, 'program', () => write(c, c.run.flow.answer ?? ANSWER))
}

function close(c: Conn): void {
  wake(c.run, 'program', () => asProcess(c.run, () => { c.end.state = 'fin-wait'; segment(c, FIN | ACK, 'FIN') }))
}

/** tcp_sendmsg() and release_sock(): what came meanwhile is looked at when the call is over. A client that wants no answer closes behind it. */
function write(c: Conn, bytes: number): void {
  const { t, end } = c
  t.data = pattern(bytes)
  t.base = end.seq
  asProcess(c.run, () => owning(c, () => push(c, nameOf(end))))
  if (end.role === 'client' && end.want === 0) close(c)
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
  const { end, run } = c
  if (tcp.seq !== end.ack) return
  end.ack = (tcp.seq + 1) >>> 0
  if (end.role === 'client') { end.state = 'closed'; return segment(c, ACK, 'last ACK') }
  wake(run, 'program', () => asProcess(run, () => { end.state = 'last-ack'; segment(c, FIN | ACK, 'FIN') }))
}

/** tcp_v4_err(): the path carries less than was thought. */
export function tcpTooBig(run: Run, l: Live, s: Skb, quoted: { readonly ends: Ends; readonly end: End }): void {
  const { ends, end } = quoted
  const t = end.tcp
  if (t === undefined) return
  const c: Conn = { run, l, end, t, ends, leg: end.role === 'client' ? 'forward' : 'back', message: s.message, step: s.step }
  if (t.owned) t.backlog.push(() => mtuReduced(c, nameOf(end)))
  else mtuReduced(c, nameOf(end))
}
