import { toNumber } from '#lib/wire/addr.ts'
import { ipOf } from '#lib/wire/packet.ts'
import type { RouteAnswer } from '#lib/lookup/route.ts'
import { redirects } from '#lib/lookup/sysctl.ts'
import type { At } from '#lib/run/run.ts'
import type { Skb } from '#lib/run/skb.ts'

/* ICMP redirects (RFC 1812 5.2.7.2): a router tells who sent by it that another one on his own wire is nearer. */

/** ip_rt_redirect_load, ip_rt_redirect_number, ip_rt_redirect_silence: ms, twice as long after each; how many; the pause that ends it. */
const LOAD = 20
const MOST = 9
const SILENCE = LOAD << (MOST + 1)

/** __mkroute_input(), ip_rt_send_redirect(): what goes back to the wire it came from, and whose sender is on that wire, could have gone without us. */
export function redirect(at: At, s: Skb, r: RouteAnswer): void {
  const { run, l, dev } = at
  if (r.dev === null || !redirects(l.n, dev.name, r.dev)) return
  const ip = ipOf(s.packet)!
  const back = run.asks.route(l.n, ip.src, { src: ip.dst, iif: r.dev, mark: 0 })
  if (back.type !== 'unicast' || back.dev !== dev.name || back.via !== null) return
  const peers = (run.redirected ??= new Map<string, { sent: number; last: number }>())
  const id = `${l.n.name}|${ip.src}`
  const peer = peers.get(id) ?? { sent: 0, last: run.now }
  peers.set(id, peer)
  if (run.now > peer.last + SILENCE) peer.sent = 0
  if (peer.sent < MOST && peer.sent > 0 && run.now <= peer.last + (LOAD << peer.sent)) return
  peer.last = run.now
  if (peer.sent >= MOST) return
  peer.sent += 1
  run.ports.error(at, s, { type: 5, code: 1, rest: toNumber(r.via ?? ip.dst) })
}
