import { isLoopback, type Address } from '#lib/wire/addr.ts'
import { ipOf } from '#lib/wire/packet.ts'
import type { Drop } from '#lib/trace/drop.ts'
import { localAddress } from '#lib/lookup/local.ts'
import type { RouteAnswer } from '#lib/lookup/route.ts'
import { NO_L4, l4Of, type L4 } from '#lib/lookup/rule.ts'
import { device } from '#lib/run/live.ts'
import type { Leaving } from '#lib/run/ports.ts'
import { record } from '#lib/run/record.ts'
import type { Here, Live } from '#lib/run/run.ts'
import type { Skb } from '#lib/run/skb.ts'
import { throughGateway } from '#lib/run/exceptions.ts'
import { routesLocalnet } from './localnet.ts'
import { decidedBy, noWay, passedBy, recordRoute, refusal } from './way.ts'

/** ip_route_output_key_hash(): the way of a packet made here; null if there is none. */
export function routeOut(here: Here, s: Skb, leaving?: Leaving): RouteAnswer | null {
  const { run, l } = here
  const { src, dst } = ipOf(s.packet)!
  const known = leaving?.way ?? null
  // ip_route_output_key_hash_rcu(): -EINVAL.
  if (known === null && localAddress(l.n, src) === null) {
    record(here, s, {
      stage: 'route-out',
      decision: { ...noWay(dst), src },
      drop: { reason: 'foreign-source', src },
    })
    return null
  }
  const way = throughGateway(
    l,
    known ?? run.asks.route(l.n, dst, { src, mark: s.mark, l4: l4Of(l.n, s.packet) }),
    dst,
  )
  return leaves(here, s, { stage: 'route-out', way, through: leaving?.through })
}

/** ip_route_me_harder(): the first answer no longer holds. It says nothing of protocol and ports, so rules by those do not apply. Nobody asks again whether this one leads into the tunnel. */
export function routeAgain(here: Here, s: Skb): RouteAnswer | null {
  const { run, l } = here
  const { src, dst } = ipOf(s.packet)!
  const way = throughGateway(l, run.asks.route(l.n, dst, { src, mark: s.mark }), dst)
  return leaves(here, s, { stage: 'reroute', way })
}

/** __mkroute_output(): is there a way out, and one for this source? */
function leaves(
  here: Here,
  s: Skb,
  {
    stage,
    way,
    through,
  }: {
    readonly stage: 'route-out' | 'reroute'
    readonly way: RouteAnswer
    readonly through?: string | undefined
  },
): RouteAnswer | null {
  const { src, dst } = ipOf(s.packet)!
  recordRoute(here, s, { stage, dst, way })
  const drop = hindrance(here.l, way, { src, dst, through })
  if (drop === null) return way
  record(here, s, {
    stage,
    decision: { ...noWay(dst), ...passedBy(here.l.n.name, way), ...decidedBy(here.l.n.name, way) },
    drop,
  })
  return null
}

function hindrance(
  l: Live,
  way: RouteAnswer,
  {
    src,
    dst,
    through,
  }: { readonly src: Address; readonly dst: Address; readonly through: string | undefined },
): Drop | null {
  if (way.type !== 'unicast' && way.type !== 'local') return refusal(way, dst)
  const { dev } = way
  if (dev === null) return null
  if (isLoopback(src) && strays(l, dev)) return { reason: 'loopback-source', src, dev }
  // udp_tunnel_dst_lookup(): -ELOOP.
  return dev === through ? { reason: 'tunnel-loop', dst, dev } : null
}

/** 127.0.0.0/8 leaves by the loopback, and where route_localnet allows it. */
function strays(l: Live, dev: string): boolean {
  return device(l, dev)?.kind.loops !== true && !routesLocalnet(l, dev)
}

/** The source a socket gets that did not choose one, and the way that said so; the route's refusal if there is none. */
export function chosenSource(
  { run, l }: Here,
  dst: Address,
  l4: L4 = NO_L4,
):
  | { readonly src: Address; readonly route: RouteAnswer }
  | { readonly src: null; readonly drop: Drop } {
  const r = run.asks.route(l.n, dst, { l4 })
  return (r.type === 'local' || r.type === 'unicast') && r.src !== null
    ? { src: r.src, route: r }
    : { src: null, drop: refusal(r, dst) }
}
