import { ipLength, ipOf, rewriteIp } from '#lib/wire/packet.ts'
import type { RouteAnswer } from '#lib/lookup/route.ts'
import { device } from '#lib/run/live.ts'
import { record } from '#lib/run/record.ts'
import type { At } from '#lib/run/run.ts'
import type { Skb } from '#lib/run/skb.ts'
import { ignoreBroadcast, noWay } from './way.ts'

/* What ip_forward() asks before it goes on. */

const TIME_EXCEEDED = { type: 11, code: 0 } as const

/**
 * What was sent to all on the link is forwarded by nobody (PACKET_HOST), what has no hop left neither, and what is of a connection of
 * this machine's own neither: ip_rcv_finish_core() has tied it to its socket (early demux) before the rules led it elsewhere, and
 * ip_forward() gives up what has a socket. Not modelled: that it also spares an established connection the look-up of its way.
 */
export function mayForward(at: At, s: Skb, way: RouteAnswer): boolean {
  if (s.to !== 'host') {
    ignoreBroadcast(at, s, way.dev ?? at.dev.name)
    return false
  }
  const { ttl, dst } = ipOf(s.packet)!
  if (at.run.ports.early(at, s.packet)) {
    record(at, s, {
      stage: 'route',
      decision: { ...noWay(dst), dev: way.dev },
      drop: { reason: 'own-socket' },
    })
    return false
  }
  if (ttl > 1) return true
  record(at, s, {
    stage: 'ttl',
    decision: { kind: 'ttl', before: ttl, left: 0 },
    drop: { reason: 'ttl-exceeded' },
  })
  at.run.ports.error(at, s, TIME_EXCEEDED)
  return false
}

/** ip_exceeds_mtu(): what may not be cut must fit; the sender is told how large it may be (ICMP 3/4, fragmentation needed). An internet gateway tells it too (lib/vpc/gateway.ts); a bridge drops without a word (lib/link/bridge.ts). */
export function fits(at: At, s: Skb, way: RouteAnswer): boolean {
  const dev = way.dev ?? ''
  const mtu = way.mtu ?? device(at.l, dev)?.dev.mtu ?? 1500
  const size = ipLength(s.packet)
  if (size <= mtu || !ipOf(s.packet)!.df) return true
  record(at, s, {
    stage: 'mtu',
    decision: { kind: 'mtu', dev, mtu, size, df: true },
    drop: { reason: 'too-big', mtu, size, dev },
  })
  at.run.ports.error(at, s, { type: 3, code: 4, rest: mtu })
  return false
}

/** ip_decrease_ttl() */
export function countDown(at: At, s: Skb): void {
  const { ttl: before } = ipOf(s.packet)!
  const left = before - 1
  s.packet = rewriteIp(s.packet, { ttl: left })
  record(at, s, { stage: 'ttl', decision: { kind: 'ttl', before, left } })
}
