import {
  DATAGRAM_HEADERS,
  find,
  ipLength,
  ipOf,
  isIp,
  pop,
  PROTO,
  push,
  wholeIp,
  type Ip,
  type Packet,
  type Udp,
} from '#lib/wire/packet.ts'
import type { Dev, GeneveDev } from '#lib/topology/devs.ts'
import { indexed } from '#lib/topology/indexed.ts'
import { defaultTtl } from '#lib/lookup/sysctl.ts'
import { learnMtu } from '#lib/run/exceptions.ts'
import { nextId } from '#lib/run/live.ts'
import { mtuOf } from '#lib/run/mtu.ts'
import { NO_WRITES, record } from '#lib/run/record.ts'
import type { At, Live } from '#lib/run/run.ts'
import type { Sender } from '#lib/run/sender.ts'
import type { Skb } from '#lib/run/skb.ts'
import { ethernet } from './device.ts'
import { taken, tunnelDrops } from './ip-tunnel.ts'
import { linkMtu, outerTos, sendOuter, tooDeep } from './outer.ts'
import { sourcePort } from './source-port.ts'
import { transmit } from './transmit.ts'

/** udp_flow_src_port(net, skb, 1, USHRT_MAX, true): not the range that sockets have. */
const PORTS = [1, 65_535] as const
/** GENEVE_IPV4_HLEN: with the frame's own header. */
const AROUND = DATAGRAM_HEADERS + 8 + 14

const tunnelsOf = indexed((devs: readonly Dev[]): readonly GeneveDev[] =>
  devs.filter((d) => d.kind === 'geneve').filter((d) => d.up),
)

/** Nothing more follows from a path MTU that was learned, or a redirect that was followed. */
const HEARS: Sender = { tcp: false, follows: true, tell: () => {} }

/** drivers/net/geneve.c: the frame becomes the payload of a datagram to the one other end. */
export const geneve = ethernet<GeneveDev>({
  cutsAnew: true,
  xmit(at, s) {
    transmit(at, s)
    const { run, l, dev } = at
    const decision = { kind: 'device', dev: at.row, did: 'encapsulate' } as const
    if (tooDeep(at))
      return record(at, s, {
        stage: 'tunnel',
        decision,
        drop: { reason: 'too-nested', dev: dev.name },
      })
    const way = run.asks.route(l.n, dev.remote, { mark: s.mark })
    const mtu = mtuOf(l, way, dev.remote)
    const inner = innerIp(s.packet)
    if (inner !== undefined) remember(at, s, { inner, mtu: mtu - AROUND })
    s.packet = wrapped(at, s.packet, { inner, src: way.src ?? '0.0.0.0' })
    record(at, s, { stage: 'tunnel', decision })
    sendOuter(at, s, { way, learned: mtu < linkMtu(l, way) ? mtu : 0 })
  },
  tunnel({ l }, { port }) {
    const devs = tunnelsOf(l.n.devs)
    return devs.some((d) => d.port === port) ? (s) => receive(l, s, devs) : null
  },
  // __udp4_lib_err(): the tunnel's socket, by the port that it sends to.
  sender({ l }, quoted, icmp) {
    const [about, udp] = quoted.headers
    const own =
      isIp(about) &&
      udp?.kind === 'udp' &&
      tunnelsOf(l.n.devs).some((d) => d.port === udp.dport && d.remote === about.dst)
    const learns = (icmp.type === 3 && icmp.code === 4) || icmp.type === 5
    return own && learns ? HEARS : null
  },
})

/** The IP header in the frame; undefined: it carries something else (ARP). */
function innerIp({ headers }: Packet): Ip | undefined {
  return isIp(headers[1]) ? headers[1] : undefined
}

/** skb_tunnel_check_pmtu(): the way to where the packet goes takes no more than the path to the other end, less what is put around it. Nobody is told; that a port of a bridge answers is left out. */
function remember(
  at: At<GeneveDev>,
  s: Skb,
  { inner, mtu }: { readonly inner: Ip; readonly mtu: number },
): void {
  const { l, dev } = at
  const size = ipLength(s.packet)
  if (size <= mtu || s.way === null || mtu >= mtuOf(l, s.way, inner.dst)) return
  const writes = learnMtu(l, inner.dst, mtu)
  if (writes !== NO_WRITES)
    record(at, s, {
      stage: 'tunnel',
      decision: { kind: 'mtu', dev: dev.name, mtu, size, df: inner.df },
      writes,
    })
}

/** geneve_xmit_skb() */
function wrapped(
  { run, l, dev }: At<GeneveDev>,
  packet: Packet,
  { inner, src }: { readonly inner: Ip | undefined; readonly src: Ip['src'] },
): Packet {
  const tos = inner?.tos ?? 0
  const usual = defaultTtl(l.n)
  const outer = run.asks.outer(
    {
      ttl: dev.ttl === 'inherit' ? (inner?.ttl ?? usual) : (dev.ttl ?? usual),
      tos: outerTos(dev.tos === 'inherit' ? tos : 0, tos),
      df: dev.df === 'set' || (dev.df === 'inherit' && inner?.df === true),
      sport: sourcePort(packet, PORTS),
    },
    packet,
  )
  const ip = wholeIp({
    src,
    dst: dev.remote,
    ttl: outer.ttl,
    id: nextId(l),
    df: outer.df,
    tos: outer.tos,
    proto: PROTO.udp,
  })
  const ports = { kind: 'udp', sport: outer.sport, dport: dev.port } as const
  const udp: Udp = dev.udpcsum === true ? ports : { ...ports, nocheck: true }
  return push(packet, ip, udp, { kind: 'geneve', vni: dev.vni })
}

/** geneve_udp_encap_recv(): who has this VNI with this other end? */
function receive(l: Live, s: Skb, devs: readonly GeneveDev[]): void {
  const { src } = ipOf(s.packet)!
  const udp = find(s.packet, 'udp')!
  const header = s.packet.headers[2]
  const d = devs.find(
    (x) =>
      header?.kind === 'geneve' && x.vni === header.vni && x.remote === src && x.port === udp.dport,
  )
  if (d === undefined) return tunnelDrops(l, s)
  s.packet = pop(s.packet, 3)
  taken(l, s, d)
}
