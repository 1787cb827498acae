import type { Ipv4 } from '#lib/wire/addr.ts'
import { ACK, FIN, find, NO_BYTES, PROTO, PSH, RST, SYN, type Packet, type TcpOption } from '#lib/wire/packet.ts'
import { asProcess, bottomHalvesOff, message, record, skb, wake, type End, type Live, type Run, type Skb } from '#lib/devices/run.ts'
import { endKey, pathMtu, pattern, seed } from './apps.ts'
import { defaultTtl } from '#lib/lookup/sysctl.ts'
import { localOut } from './output.ts'

/** A connection as Linux opens, uses and closes it in the quiet case: every segment of data is acknowledged at once; nothing is retransmitted (stated in the contract). */
interface Ends { readonly ip: Ipv4; readonly port: number; readonly peer: Ipv4; readonly peerPort: number }
const ANSWER = 22
const WINDOW = 64240
const CLOCK = 1000
/** ip_default_advmss(): no IP packet is longer, whatever lo's MTU says. */
const LARGEST_MTU = 65535

/** tcp_v4_connect() */
export function connect(run: Run, l: Live, src: Ipv4, sport: number): void {
  const { flow } = run
  const ends = { ip: src, port: sport, peer: flow.to, peerPort: flow.dport }
  const end: End = { role: 'client', state: 'syn-sent', seq: seed(`${src}:${sport}`), ack: 0, id: flow.id ?? ((seed(`${src}|${flow.to}|${sport}`) & 0x7fff) + 1), got: 0, want: flow.answer ?? ANSWER, echo: 0 }
  run.ends.set(keyOf(l, ends), end)
  segment(run, l, end, ends, SYN, NO_BYTES, 'SYN', null, -1, 'forward')
}

function keyOf(l: Live, e: Ends): string {
  return endKey(l.n.name, 'tcp', e.ip, e.port, e.peer, e.peerPort)
}

/** tcp_rcv_state_process() and tcp_rcv_established() in small. */
export function tcpReceive(run: Run, l: Live, s: Skb, known: End | undefined): void {
  const ip = find(s.packet, 'ipv4')!
  const tcp = find(s.packet, 'tcp')!
  const ends: Ends = { ip: ip.dst, port: tcp.dport, peer: ip.src, peerPort: tcp.sport }
  const leg = run.messages[s.message]?.leg === 'forward' ? 'back' : 'forward'
  const reply = (end: End, flags: number, label: string): void => segment(run, l, end, ends, flags, NO_BYTES, label, s.message, s.step, leg)
  const stamp = tcp.options.find((o) => o.kind === 'timestamps')
  if (known === undefined) {
    const end: End = { role: 'server', state: 'syn-received', seq: seed(`${ip.dst}:${tcp.dport}|${tcp.sport}`), ack: (tcp.seq + 1) >>> 0, id: 0, got: 0, want: run.flow.size, echo: stamp?.value ?? 0 }
    run.ends.set(keyOf(l, ends), end)
    return reply(end, SYN | ACK, 'SYN-ACK')
  }
  if (stamp !== undefined) known.echo = stamp.value
  if (tcp.flags & RST) {
    known.state = 'closed'
    record(run, s, l.n.name, null, 'app', { kind: 'app', did: 'error', what: 'connection refused' })
    return
  }
  const bytes = s.packet.payload.length
  if (known.state === 'syn-sent' && tcp.flags & SYN) {
    known.state = 'established'
    known.ack = (tcp.seq + 1) >>> 0
    reply(known, ACK, 'ACK')
    wake(run, 'when quiet', () => asProcess(run, () => send(run, l, known, ends, run.flow.size, 'request', s, leg)))
    return
  }
  if (known.state === 'syn-received' && tcp.flags & ACK) known.state = 'established'
  if (bytes > 0) {
    known.ack = (tcp.seq + bytes) >>> 0
    known.got += bytes
    reply(known, ACK, 'ACK')
    if (known.got < known.want) return
    if (known.role === 'server') wake(run, 'program', () => asProcess(run, () => send(run, l, known, ends, run.flow.answer ?? ANSWER, 'response', s, leg)))
    else wake(run, 'program', () => asProcess(run, () => { known.state = 'fin-wait'; reply(known, FIN | ACK, 'FIN') }))
    return
  }
  if (tcp.flags & FIN) {
    known.ack = (tcp.seq + 1) >>> 0
    if (known.role === 'client') { known.state = 'closed'; return reply(known, ACK, 'last ACK') }
    wake(run, 'program', () => asProcess(run, () => { known.state = 'last-ack'; reply(known, FIN | ACK, 'FIN') }))
    return
  }
  if (known.state === 'last-ack') { known.state = 'closed'; run.done = true }
}

/** tcp_sendmsg(): data in segments of what the path carries, cut from one large packet (GSO) and so sent in one go. No more than the first window of ten are modelled. */
function send(run: Run, l: Live, end: End, ends: Ends, bytes: number, label: string, s: Skb, leg: 'forward' | 'back'): void {
  const most = Math.min(pathMtu(l, ends.ip, ends.peer), LARGEST_MTU) - 52
  const data = pattern(bytes)
  bottomHalvesOff(run, () => {
    for (let at = 0; at < bytes; at += most) segment(run, l, end, ends, bytes - at > most ? ACK : PSH | ACK, data.subarray(at, at + most), label, s.message, s.step, leg)
  })
}

/** __tcp_transmit_skb(): SYN-ACK has IP id 0, every other segment of a connection counts on; DF always. */
function segment(run: Run, l: Live, end: End, ends: Ends, flags: number, payload: Uint8Array, label: string, cause: number | null, from: number, leg: 'forward' | 'back'): void {
  const syn = (flags & SYN) !== 0
  const synAck = flags === (SYN | ACK)
  const stamps: TcpOption = { kind: 'timestamps', value: (seed(ends.ip) % 1_000_000) + CLOCK + run.now, echo: end.echo }
  const options: TcpOption[] = syn
    ? [{ kind: 'mss', value: Math.min(pathMtu(l, ends.ip, ends.peer), LARGEST_MTU) - 40 }, { kind: 'sack-permitted' }, stamps, { kind: 'nop' }, { kind: 'window-scale', shift: 7 }]
    : [{ kind: 'nop' }, { kind: 'nop' }, stamps]
  if (end.id === 0 && !synAck) end.id = (seed(`${ends.ip}|${ends.port}`) & 0x7fff) + 1
  // The flow says what its own socket was told; the other end's has the defaults.
  const [ttl, tos] = end.role === 'client' ? [run.flow.ttl, run.flow.tos ?? 0] : [defaultTtl(l.n), 0]
  const packet: Packet = {
    headers: [{ kind: 'ipv4', src: ends.ip, dst: ends.peer, ttl, id: synAck ? 0 : end.id, df: true, mf: false, offset: 0, tos, proto: PROTO.tcp },
      { kind: 'tcp', sport: ends.port, dport: ends.peerPort, seq: end.seq, ack: flags & ACK ? end.ack : 0, flags, window: syn ? WINDOW : 502, options }],
    payload,
  }
  if (!synAck) end.id = (end.id & 0xffff) % 0xffff + 1
  end.seq = (end.seq + payload.length + (syn ? 1 : 0) + (flags & FIN ? 1 : 0)) >>> 0
  const s = skb(packet, message(run, 'flow', leg, label, cause), from)
  record(run, s, l.n.name, null, 'app', { kind: 'app', did: 'send', what: label })
  localOut(run, l, s)
}
