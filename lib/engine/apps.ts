import type { Ipv4 } from '#lib/wire/addr.ts'
import { fnv1a, pickPort } from '#lib/wire/hash.ts'
import { find, PROTO, type Packet } from '#lib/wire/packet.ts'
import type { Flow } from '#lib/trace/flow.ts'
import { cachedMtu, lookupRoute } from '#lib/lookup/route.ts'
import { lookupSocket } from '#lib/lookup/socket.ts'
import { defaultTtl } from '#lib/lookup/sysctl.ts'
import { asProcess, device, live, message, nextId, record, skb, wake, type End, type Live, type Run, type Skb } from '#lib/devices/run.ts'
import { localOut, sourceAddress } from './output.ts'
import { connect } from './tcp.ts'

/** Linux's ip_local_port_range. */
const EPHEMERAL = [32768, 60999] as const

export function endKey(ns: string, proto: string, ip: string, port: number, peer: string, peerPort: number): string {
  return `${ns}|${proto}|${ip}|${port}|${peer}|${peerPort}`
}

/** A UDP socket that is bound and not connected. */
export function boundKey(ns: string, ip: string, port: number): string {
  return endKey(ns, 'udp', ip, port, '', 0)
}

/** Payload bytes a capture can be read by: 0, 1, 2 … */
export function pattern(length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let i = 0; i < length; i += 1) bytes[i] = i & 255
  return bytes
}

/** The program at the flow's start makes its call. */
export function start(run: Run): void {
  const { flow } = run
  const l = live(run, flow.from)
  const own = flow.src === undefined ? sourceAddress(l, flow.to) : { src: flow.src, route: null }
  if (own.src === null) {
    const m = message(run, 'flow', 'forward', labelOf(flow), null)
    const s = skb({ headers: [{ kind: 'ipv4', src: '0.0.0.0', dst: flow.to, ttl: flow.ttl, id: 0, df: false, mf: false, offset: 0, tos: 0, proto: PROTO[flow.proto] }], payload: new Uint8Array(0) }, m)
    record(run, s, l.n.name, null, 'route-out', { kind: 'route', dst: flow.to, rule: null, matched: null, rejected: [], local: false, dev: null, via: null, src: null }, [], own.drop)
    return
  }
  const { src, route } = own
  const sport = flow.sport ?? (flow.proto === 'icmp' ? 1 : pickPort(`${flow.from}|${flow.to}|${flow.dport}`, EPHEMERAL[0], EPHEMERAL[1]))
  if (flow.proto === 'tcp') return asProcess(run, () => connect(run, l, src, sport))
  const end: End = { role: 'client', state: 'established', seq: 0, ack: 0, id: 0, got: 0, want: 0, echo: 0 }
  // A datagram's socket is bound, not connected: it takes what comes to its port, whoever sent it.
  run.ends.set(flow.proto === 'udp' ? boundKey(l.n.name, src, sport) : endKey(l.n.name, flow.proto, src, sport, flow.to, 0), end)
  const mtu = pathMtu(l, src, flow.to)
  const payload = pattern(flow.size)
  const length = 28 + flow.size
  const fits = length <= mtu
  const want = flow.proto === 'udp' && flow.df === undefined
  const df = flow.df === true || (want && fits)
  for (let i = 0; i < (flow.proto === 'icmp' ? flow.count ?? 1 : 1); i += 1) {
    const id = flow.id === undefined ? (flow.df === true ? 0 : nextId(l)) : flow.id + i
    const packet: Packet = {
      headers: [{ kind: 'ipv4', src, dst: flow.to, ttl: flow.ttl, id, df, mf: false, offset: 0, tos: flow.tos ?? 0, proto: PROTO[flow.proto] },
        flow.proto === 'icmp' ? { kind: 'icmp', type: 8, code: 0, rest: ((sport << 16) | ((flow.seq ?? 1) + i)) >>> 0 } : { kind: 'udp', sport, dport: flow.dport }],
      payload,
    }
    const m = message(run, 'flow', 'forward', labelOf(flow), null)
    const s = skb(packet, m)
    if (flow.df === true && !fits) {
      record(run, s, l.n.name, null, 'app', { kind: 'app', did: 'send', what: labelOf(flow) }, [], { reason: 'message-size', mtu, size: length })
      return
    }
    record(run, s, l.n.name, null, 'app', { kind: 'app', did: 'send', what: labelOf(flow) })
    // Without DF a datagram that exceeds a learned path MTU is cut here already.
    if (!fits) s.fragMax = mtu
    // raw_sendmsg(), udp_sendmsg(): what was looked up without a source is the way; only connect() asks again with the one it got.
    asProcess(run, () => { localOut(run, l, s, null, route) })
  }
}

export function labelOf(flow: Flow): string {
  return { icmp: 'echo request', udp: 'datagram', tcp: 'SYN' }[flow.proto]
}

/** The MTU a sender knows for a destination: a learned path MTU, the route's, or the device's. */
export function pathMtu(l: Live, src: Ipv4, dst: Ipv4): number {
  const r = lookupRoute(l.n, dst, { src })
  const mtu = r.mtu ?? (r.dev === null ? 1500 : device(l, r.dev)?.mtu ?? 1500)
  const learned = l.pmtu?.get(dst) ?? cachedMtu(l.n, dst)
  return learned === undefined || learned === null ? mtu : Math.min(mtu, learned)
}

/** A datagram reached a program. The server answers when it next runs; the client is done. */
export function udpReceived(run: Run, l: Live, s: Skb, isClient: boolean): void {
  if (isClient) { run.done = true; return }
  const answer = run.flow.answer ?? 32
  if (answer === 0) { run.done = true; return }
  const ip = find(s.packet, 'ipv4')!
  const udp = find(s.packet, 'udp')!
  wake(run, 'program', () => {
    const leg = run.messages[s.message]?.leg === 'forward' ? 'back' : 'forward'
    const m = message(run, 'flow', leg, 'answer', s.message)
    // A server bound to no address answers from the one its way back has.
    const bound = l.n.sockets[lookupSocket(l.n, 'udp', ip.dst, udp.dport)]?.addr
    const own = bound === undefined || bound === '0.0.0.0' ? sourceAddress(l, ip.src) : { src: bound, route: null }
    const src = own.src ?? ip.dst
    const df = 28 + answer <= pathMtu(l, src, ip.src)
    const packet: Packet = {
      headers: [{ kind: 'ipv4', src, dst: ip.src, ttl: defaultTtl(l.n), id: nextId(l), df, mf: false, offset: 0, tos: 0, proto: PROTO.udp }, { kind: 'udp', sport: udp.dport, dport: udp.sport }],
      payload: pattern(answer),
    }
    const r = skb(packet, m, s.step)
    record(run, r, l.n.name, null, 'app', { kind: 'app', did: 'send', what: 'answer' })
    asProcess(run, () => { localOut(run, l, r, null, own.src === null ? null : own.route) })
  })
}

export function seed(text: string): number {
  return fnv1a(text)
}
