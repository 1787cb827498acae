import { find, ipOf, type Packet } from '#lib/wire/packet.ts'
import { l4Of } from '#lib/lookup/rule.ts'
import type { Clamp } from '#lib/lookup/netfilter.ts'
import type { RouteAnswer } from '#lib/lookup/route.ts'
import { mtuOf } from '#lib/run/mtu.ts'
import type { Here } from '#lib/run/run.ts'
import type { Skb } from '#lib/run/skb.ts'

/** Headers of IPv4 and TCP without options. */
const HEADERS = 40

/** The largest segment that a packet says its sender takes; 0 if it says nothing. */
export function mssOf(p: Packet): number {
  const option = find(p, 'tcp')?.options.find((o) => o.kind === 'mss')
  return option?.kind === 'mss' ? option.value : 0
}

/** tcpmss_mangle_packet(): the packet says no more than the target lets it, and never more than before. What says nothing, an ACK that a rule without --tcp-flags
 *  lets by to here, is made to say something if it carries no data (the kernel asks neither for SYN; iptables-legacy does, when the rule is made). */
export function clamped(here: Here, s: Skb, t: Clamp): Packet {
  const most = t.mss ?? Math.min(...mtus(here, s)) - HEADERS
  const said = mssOf(s.packet)
  if (most <= 0 || (said > 0 && said <= most)) return s.packet
  if (said > 0)
    return says(s.packet, (o) => o.map((x) => (x.kind === 'mss' ? { ...x, value: most } : x)))
  return s.packet.payload.length > 0
    ? s.packet
    : says(s.packet, (o) => [{ kind: 'mss', value: Math.min(most, UNSAID) }, ...o])
}
/** RFC 1122: what is taken where nobody says (TCP_MSS_DEFAULT). */
const UNSAID = 536

type Options = Extract<Packet['headers'][number], { kind: 'tcp' }>['options']
function says(p: Packet, change: (o: Options) => Options): Packet {
  return {
    headers: p.headers.map((h) => (h.kind === 'tcp' ? { ...h, options: change(h.options) } : h)),
    payload: p.payload,
  }
}

/** What the way to the receiver carries (dst_mtu()), and the way back to the sender (tcpmss_reverse_mtu()); nobody asks by which device the packet came. */
function mtus({ run, l }: Here, s: Skb): readonly number[] {
  const { src, dst } = ipOf(s.packet)!
  const came = s.iif === null ? {} : { iif: s.iif }
  const there = run.asks.route(l.n, dst, {
    src,
    mark: s.mark,
    l4: l4Of(l.n, s.packet),
    ...came,
  })
  const back = run.asks.route(l.n, src, {})
  const known = (r: RouteAnswer): boolean => r.type === 'unicast' || r.type === 'local'
  return [
    ...(known(there) ? [mtuOf(l, there, dst)] : []),
    ...(known(back) ? [mtuOf(l, back, src)] : []),
  ]
}
