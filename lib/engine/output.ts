import type { Ipv4 } from '#lib/wire/addr.ts'
import { find, type Ipv4Header } from '#lib/wire/packet.ts'
import type { Drop } from '#lib/trace/drop.ts'
import { lookupRoute, type RouteAnswer } from '#lib/lookup/route.ts'
import { track } from './conntrack.ts'
import { reject } from './icmp.ts'
import { ask, nat } from './netfilter.ts'
import { recordRoute, refusal, routesLocalnet } from './receive.ts'
import { device, record, type Live, type Run, type Skb } from '#lib/devices/run.ts'
import { ipOutput } from './transmit.ts'

/** ip_route_output() and ip_local_out(): a packet made here; `through` is the tunnel device that wrapped it, `found` the way if it was looked up already. False if there is no way out. */
export function localOut(run: Run, l: Live, s: Skb, through: string | null = null, found: RouteAnswer | null = null): boolean {
  const ip = find(s.packet, 'ipv4')!
  let r = found ?? lookupRoute(l.n, ip.dst, { src: ip.src, mark: s.mark })
  recordRoute(run, l, s, null, 'route-out', ip.dst, r)
  if (!leaves(run, l, s, 'route-out', ip, r, through)) return false
  const mark = s.mark
  if (!ask(run, l, s, 'raw', 'OUTPUT', null, r.dev).pass) return false
  track(run, l, s, r.dev)
  if (!ask(run, l, s, 'mangle', 'OUTPUT', null, r.dev).pass) return false
  nat(run, l, s, 'OUTPUT', null, r.dev)
  const now = find(s.packet, 'ipv4')!
  if (now.dst !== ip.dst || s.mark !== mark) {
    // ip_route_me_harder(): the first answer no longer holds.
    r = lookupRoute(l.n, now.dst, { src: now.src, mark: s.mark })
    recordRoute(run, l, s, null, 'reroute', now.dst, r)
    // Nobody asks again whether this leads into the tunnel.
    if (!leaves(run, l, s, 'reroute', now, r, null)) return false
  }
  const f = ask(run, l, s, 'filter', 'OUTPUT', null, r.dev)
  if (!f.pass) {
    if (f.reject !== null) reject(run, l, s, f.reject)
    return false
  }
  ipOutput(run, l, s, r)
  return true
}

/** __mkroute_output(): is there a way out, and one for this source? Records the drop if not. */
function leaves(run: Run, l: Live, s: Skb, stage: 'route-out' | 'reroute', ip: Ipv4Header, r: RouteAnswer, through: string | null): boolean {
  const strays = ip.src.startsWith('127.') && r.dev !== null && device(l, r.dev)?.kind !== 'loopback' && !routesLocalnet(l, r.dev)
  const drop: Drop | null = r.type !== 'unicast' && r.type !== 'local' ? refusal(r, ip.dst)
    : strays ? { reason: 'loopback-source', src: ip.src, dev: r.dev! }
      // udp_tunnel_dst_lookup(): -ELOOP.
      : through !== null && r.dev === through ? { reason: 'tunnel-loop', dst: ip.dst, dev: through } : null
  if (drop === null) return true
  record(run, s, l.n.name, null, stage, { kind: 'route', dst: ip.dst, rule: null, matched: null, rejected: [], local: false, dev: null, via: null, src: null }, [], drop)
  return false
}

/** The source a socket gets that did not choose one, and the way that said so; the route's refusal if there is none. */
export function sourceAddress(l: Live, dst: Ipv4): { readonly src: Ipv4; readonly route: RouteAnswer } | { readonly src: null; readonly drop: Drop } {
  const r = lookupRoute(l.n, dst, {})
  return (r.type === 'local' || r.type === 'unicast') && r.src !== null ? { src: r.src, route: r } : { src: null, drop: refusal(r, dst) }
}
