import { DATAGRAM_HEADERS, find, ipOf, PROTO, type Packet, wholeIp } from '#lib/wire/packet.ts'
import { payload } from '#lib/wire/payload.ts'
import { answerSize } from '#lib/trace/flow.ts'
import { defaultTtl, pathMtuDiscovery } from '#lib/lookup/sysctl.ts'
import { pathMtu } from '#lib/run/exceptions.ts'
import { mtuOf } from '#lib/run/mtu.ts'
import { chosenSource } from '#lib/ip/output.ts'
import { asProcess, wake } from '#lib/run/clock.ts'
import { nextId } from '#lib/run/live.ts'
import { answerLeg, message, record, ref } from '#lib/run/record.ts'
import type { At, Here } from '#lib/run/run.ts'
import { skb, type Skb } from '#lib/run/skb.ts'
import { boundKey, endKey, isStrange, programsOf } from './ends.ts'
import { relayDatagram } from './relay.ts'

const PORT_UNREACHABLE = { type: 3, code: 3 } as const

/** udp_rcv(): a socket that is connected before one that is bound (__udp4_lib_lookup). */
export function udpRcv(at: At, s: Skb): void {
  const { run, l } = at
  const ip = ipOf(s.packet)!
  const { sport, dport: port } = find(s.packet, 'udp')!
  const { ends } = programsOf(run)
  const heard = ends.get(
    endKey(at.in, 'udp', { ip: ip.dst, port, peer: ip.src, peerPort: sport }),
  )?.heard
  const client = ends.get(boundKey(at.in, { ip: ip.dst, port }))
  const row = heard === undefined ? run.asks.socket(l.n, 'udp', { ip: ip.dst, port }) : -1
  if (client === undefined && heard === undefined && row < 0) {
    record(at, s, {
      stage: 'socket',
      decision: { kind: 'socket', matched: null, proto: 'udp', port, did: 'nobody-listens' },
      drop: { reason: 'no-socket', proto: 'udp', port },
    })
    // icmp_route_lookup(): the error's source would be an address of nobody here.
    if (!isStrange(s)) run.ports.error(at, s, PORT_UNREACHABLE)
    return
  }
  const isAnswer = client !== undefined || heard !== undefined
  record(at, s, {
    stage: 'socket',
    decision: {
      kind: 'socket',
      matched: ref(at.in, 'sockets', client === undefined ? row : null),
      proto: 'udp',
      port,
      did: isAnswer ? 'receives-answer' : 'receives-datagram',
    },
  })
  if (heard !== undefined) return heard(s)
  const bound = client === undefined ? l.n.sockets[row] : undefined
  if (bound?.relay !== undefined)
    return relayDatagram(l.here, s, { program: bound.program, to: bound.relay })
  if (client !== undefined || answerSize(run.flow) === 0) run.done = true
  else answer(l.here, s)
}

/** A datagram reached a server: it answers when it next runs. */
function answer(here: Here, s: Skb): void {
  const { run, l } = here
  const bytes = answerSize(run.flow)
  const ip = ipOf(s.packet)!
  const udp = find(s.packet, 'udp')!
  wake(run, 'program', () => {
    const leg = answerLeg(run, s)
    const m = message(run, { kind: 'flow', leg, says: 'answer', cause: s.message })
    // A server bound to no address answers from the one its way back has.
    const bound = l.n.sockets[run.asks.socket(l.n, 'udp', { ip: ip.dst, port: udp.dport })]?.addr
    const own =
      bound === undefined || bound === '0.0.0.0'
        ? chosenSource(here, ip.src, { proto: ip.proto, sport: udp.dport, dport: udp.sport })
        : { src: bound, route: null }
    const src = own.src ?? ip.dst
    const way = own.src === null ? null : own.route
    const room = way === null ? pathMtu(here, { src, dst: ip.src }) : mtuOf(l, way, ip.src)
    const df = pathMtuDiscovery(l.n) === 0 && DATAGRAM_HEADERS + bytes <= room
    const packet: Packet = {
      headers: [
        wholeIp({
          src,
          dst: ip.src,
          ttl: defaultTtl(l.n),
          id: nextId(l),
          df,
          tos: 0,
          proto: PROTO.udp,
        }),
        { kind: 'udp', sport: udp.dport, dport: udp.sport },
      ],
      payload: payload(run.flow, true, bytes),
    }
    const r = skb(packet, m, s.step)
    record(here, r, { stage: 'app', decision: { kind: 'app', did: 'send', what: 'answer' } })
    asProcess(run, () => {
      run.ports.localOut(here, r, { way })
    })
  })
}
