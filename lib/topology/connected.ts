import { addressOf, networkOf, parseCidr, type Cidr } from '#lib/wire/addr.ts'
import { isLo, type Dev } from './devs.ts'
import { keep } from './keep.ts'
import type { Route } from './rows.ts'
import type { Netns } from './topology.ts'

/* Routes that come and go with addresses. */

/** Connected routes follow a device's state and addresses: one for each network, with the first address in it (fib_add_ifaddr: secondary addresses bring none). */
export function connected(n: Netns, before: Dev | null, after: Dev): Netns {
  const [old, now] = [
    before === null ? [] : connectedRoutes(after.name, before.addrs),
    isLo(after) ? [] : connectedRoutes(after.name, after.addrs),
  ]
  const gone = old.filter((o) => !now.some((c) => isConnected(o, c)))
  const routes =
    gone.length === 0 ? n.routes : n.routes.filter((r) => !gone.some((g) => isConnected(r, g)))
  const fresh = now.filter(
    (c) => !old.some((o) => isConnected(o, c)) && !routes.some((r) => isConnected(r, c)),
  )
  return routes.length === n.routes.length && fresh.length === 0
    ? n
    : { ...n, routes: [...routes, ...fresh] }
}

/** The routes that come with addresses; none with a /32. */
export function connectedRoutes(dev: string, addrs: readonly Cidr[]): Route[] {
  const first = new Map<Cidr, Cidr>()
  for (const a of addrs)
    if (parseCidr(a).bits < 32 && !first.has(networkOf(a))) first.set(networkOf(a), a)
  return [...first].map(([dst, a]) => ({
    table: 'main',
    dst,
    dev,
    proto: 'kernel',
    scope: 'link',
    src: addressOf(a),
  }))
}

function isConnected(r: Route, c: Route): boolean {
  return (
    r.table === c.table &&
    r.dst === c.dst &&
    r.dev === c.dev &&
    r.proto === 'kernel' &&
    r.src === c.src
  )
}

/** fib_sync_down_addr(): a route of the main table whose source address no device has any more goes. */
export function withoutSource(n: Netns, had: readonly Cidr[]): Netns {
  const gone = new Set(
    had.map(addressOf).filter((a) => !n.devs.some((d) => d.addrs.some((x) => addressOf(x) === a))),
  )
  return gone.size === 0
    ? n
    : keep(n, { routes: (r) => r.table !== 'main' || r.src === undefined || !gone.has(r.src) })
}
