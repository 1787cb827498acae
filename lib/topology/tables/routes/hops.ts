import { words } from '../../text.ts'
import type { Netns } from '../../topology.ts'
import { hopsOf, routeText, type Route } from './row.ts'

/* Routes with several next hops, as iproute2 types and prints them. */

/** What is said of the route, once for all its next hops: they are those of the first. */
export function headText({
  via: _via,
  dev: _dev,
  onlink: _onlink,
  weight: _weight,
  ...r
}: Route): string {
  return routeText(r)
}

/** A next hop. `dead`: its device is down. */
export function hopText({ via, dev, weight, onlink }: Route, dead = false): string {
  return words(
    'nexthop',
    via !== undefined && `via ${via}`,
    dev !== undefined && `dev ${dev}`,
    `weight ${weight ?? 1}`,
    dead && 'dead',
    onlink === true && 'onlink',
    dead && 'linkdown',
  )
}

/** A route as it is typed: all its next hops at once. */
export function wholeText(hops: readonly Route[]): string {
  return hops[0] === undefined ? '' : words(headText(hops[0]), ...hops.map((r) => hopText(r)))
}

/** fib_sync_down_dev(): with a device that is no more goes a route that has it for one of its next hops; one whose device is set down stays, dead, as long as another leads on. */
export const KEPT = {
  gone: (n: Netns, dev: string) => (r: Route) => !hopsOf(n.routes, r).some((x) => x.dev === dev),
  down: (n: Netns, dev: string) => (r: Route) =>
    r.dev !== dev ||
    hopsOf(n.routes, r).some((x) => n.devs.some((d) => d.name !== dev && d.name === x.dev && d.up)),
}
