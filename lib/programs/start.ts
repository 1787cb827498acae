import type { SentAs } from '#lib/trace/saying.ts'
import { pickPort } from '#lib/wire/hash.ts'
import { DATAGRAM_HEADERS, PROTO, type Header, type Packet, wholeIp } from '#lib/wire/packet.ts'
import { payload } from '#lib/wire/payload.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { RouteAnswer } from '#lib/lookup/route.ts'
import type { L4 } from '#lib/lookup/rule.ts'
import { LOCAL_PORTS, pathMtuDiscovery } from '#lib/lookup/sysctl.ts'
import { pathMtu } from '#lib/run/exceptions.ts'
import { mtuOf } from '#lib/run/mtu.ts'
import { chosenSource } from '#lib/ip/output.ts'
import { asProcess } from '#lib/run/clock.ts'
import { live, nextId } from '#lib/run/live.ts'
import { message, record } from '#lib/run/record.ts'
import type { Here, Run } from '#lib/run/run.ts'
import { skb } from '#lib/run/skb.ts'
import { boundKey, endKey, newEnd, programsOf, type Ends } from './ends.ts'
import { noWay } from './no-way.ts'
import { connect } from './tcp.ts'

/** The program at the flow's start makes its call. */
export function start(run: Run): void {
  const { flow } = run
  const { here } = live(run, flow.from)
  const own =
    flow.src === undefined
      ? chosenSource(here, flow.to, asked(flow))
      : { src: flow.src, route: null }
  if (own.src === null)
    return noWay(here, {
      says: sentBy(flow),
      dst: flow.to,
      ttl: flow.ttl,
      proto: PROTO[flow.proto],
      drop: own.drop,
      cause: null,
      step: -1,
    })
  const ends: Ends = { ip: own.src, port: portOf(flow), peer: flow.to, peerPort: flow.dport }
  if (flow.proto === 'tcp') asProcess(run, () => connect(here, ends))
  else send(here, ends, own.route)
}

const asked = (flow: Flow): L4 => ({
  proto: PROTO[flow.proto],
  sport: flow.proto === 'icmp' ? 0 : portOf(flow),
  dport: flow.proto === 'icmp' ? 0 : flow.dport,
})

function portOf(flow: Flow): number {
  if (flow.sport !== undefined) return flow.sport
  return flow.proto === 'icmp'
    ? 1
    : pickPort(`${flow.from}|${flow.to}|${flow.dport}`, ...LOCAL_PORTS)
}

/** raw_sendmsg(), udp_sendmsg(): echo requests, or a datagram. */
function send(here: Here, ends: Ends, route: RouteAnswer | null): void {
  const { run, l } = here
  const { flow } = run
  const { ip: src } = ends
  // A datagram's socket is bound, not connected: it takes what comes to its port, whoever sent it.
  const key =
    flow.proto === 'udp'
      ? boundKey(here.in, ends)
      : endKey(here.in, flow.proto, { ...ends, peerPort: 0 })
  programsOf(run).ends.set(key, newEnd('client'))
  const mtu = route === null ? pathMtu(here, { src, dst: flow.to }) : mtuOf(l, route, flow.to)
  const bytes = payload(flow, false, flow.size)
  const length = DATAGRAM_HEADERS + flow.size
  const fits = length <= mtu
  const want = flow.proto === 'udp' && flow.df === undefined && pathMtuDiscovery(l.n) === 0
  const df = flow.df === true || (want && fits)
  const what = sentBy(flow)
  for (let i = 0; i < (flow.proto === 'icmp' ? (flow.count ?? 1) : 1); i += 1) {
    const id = flow.id === undefined ? (flow.df === true ? 0 : nextId(l)) : flow.id + i
    const packet: Packet = { headers: headersOf(flow, ends, { i, id, df }), payload: bytes }
    const s = skb(packet, message(run, { kind: 'flow', leg: 'forward', says: what, cause: null }))
    const decision = { kind: 'app', did: 'send', what } as const
    if (flow.df === true && !fits)
      return record(here, s, {
        stage: 'app',
        decision,
        drop: { reason: 'message-size', mtu, size: length },
      })
    record(here, s, { stage: 'app', decision })
    // Without DF a datagram that exceeds a learned path MTU is cut here already.
    if (!fits) s.fragMax = mtu
    // What was looked up without a source is the way; only connect() asks again with the one it got.
    asProcess(run, () => {
      run.ports.localOut(here, s, { way: route })
    })
  }
}

/** Of the packet number `i`, from 0. */
function headersOf(
  flow: Flow,
  { ip: src, port: sport }: Ends,
  { i, id, df }: { readonly i: number; readonly id: number; readonly df: boolean },
): readonly Header[] {
  const ip = wholeIp({
    src,
    dst: flow.to,
    ttl: flow.ttl,
    id,
    df,
    tos: flow.tos ?? 0,
    proto: PROTO[flow.proto],
  })
  return flow.proto === 'icmp'
    ? [ip, { kind: 'icmp', type: 8, code: 0, rest: ((sport << 16) | ((flow.seq ?? 1) + i)) >>> 0 }]
    : [ip, { kind: 'udp', sport, dport: flow.dport }]
}

const SENT = { icmp: 'echo-request', udp: 'datagram', tcp: 'syn' } as const

function sentBy(flow: Flow): SentAs {
  return SENT[flow.proto]
}
