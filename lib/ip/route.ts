import { ipOf } from '#lib/wire/packet.ts'
import type { RouteAnswer } from '#lib/lookup/route.ts'
import { l4Of } from '#lib/lookup/rule.ts'
import { forwardingRow, forwards } from '#lib/lookup/sysctl.ts'
import { record, ref } from '#lib/run/record.ts'
import type { At } from '#lib/run/run.ts'
import type { Skb } from '#lib/run/skb.ts'
import { tellNoWay } from './icmp.ts'
import { decidedBy, ignoreBroadcast, noWay, passedBy, recordRoute, refusal } from './way.ts'

/** ip_rcv_finish_core(): what came back over lo goes the way it left by (skb_valid_dst), and what leaves by lo is for here (RTCF_LOCAL), whoever has the address. */
export function knownWay(at: At, s: Skb): boolean {
  const { way } = s
  if (way === null || (way.type !== 'local' && way.type !== 'unicast')) return false
  const { dst } = ipOf(s.packet)!
  recordRoute(at, s, { stage: 'route', dst, way: { ...way, type: 'local' } })
  return true
}

/** ip_route_input_slow(): the way of a packet that came in, on the address as DNAT left it; null if it leads nowhere. */
export function routeIn(at: At, s: Skb): RouteAnswer | null {
  const { run, l, dev } = at
  const { src, dst } = ipOf(s.packet)!
  // 255.255.255.255 is looked up nowhere.
  if (dst === '255.255.255.255') return ignoreBroadcast(at, s, dev.name)
  const way = run.asks.route(l.n, dst, {
    src,
    iif: dev.name,
    mark: s.mark,
    l4: l4Of(l.n, s.packet),
  })
  recordRoute(at, s, { stage: 'route', dst, way })
  switch (way.type) {
    case 'local':
      return way
    case 'broadcast':
      return ignoreBroadcast(at, s, way.dev ?? dev.name)
    case 'unicast':
      return forwards(l.n, dev.name) ? way : notForwarding(at, s)
    default:
      return forwards(l.n, dev.name) ? noRoute(at, s, way) : notForwarding(at, s)
  }
}

/** ip_error(): net.ipv4.conf.*.forwarding is off. */
function notForwarding(at: At, s: Skb): null {
  const { n } = at.l
  const row = forwardingRow(n, at.dev.name)
  const key = n.sysctls[row]?.key ?? 'net.ipv4.ip_forward'
  record(at, s, {
    stage: 'ip-forward',
    decision: { kind: 'sysctl', key, matched: ref(n.name, 'sysctls', row), value: 0 },
    drop: { reason: 'forwarding-off' },
  })
  return null
}

/** ICMP codes of "destination unreachable"; nothing is said of a blackhole. */
const CODES = {
  blackhole: null,
  'broadcast-refused': null,
  'unreachable-route': 1,
  'prohibit-route': 13,
  'no-route': 0,
} as const

/** ip_error(): no way on. 3/0 without a route, 3/1 for unreachable, 3/13 for prohibit, nothing for a blackhole; before TTL is looked at. */
function noRoute(at: At, s: Skb, way: RouteAnswer): null {
  const { dst } = ipOf(s.packet)!
  const drop = refusal(way, dst)
  record(at, s, {
    stage: 'route',
    decision: {
      ...noWay(dst),
      ...passedBy(at.in, way),
      matched: ref(at.in, 'routes', way.matched),
      ...decidedBy(at.in, way),
    },
    drop,
  })
  const code = CODES[drop.reason]
  if (code !== null) tellNoWay(at, s, code)
  return null
}
