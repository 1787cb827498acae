import { inCidr, isCidr, isIpv4, parseCidr } from '#lib/wire/addr.ts'
import { addressing } from './addresses.ts'
import { grouped } from './indexed.ts'
import type { Route } from './rows.ts'
import { isOnLink } from './tables/routes/row.ts'
import { space, withSpace, type Netns, type Topology } from './topology.ts'

/* Routes that were written with a next hop and no device: the kernel finds it when they come. */

/** The device a next hop written without one is on (fib_check_nh): that of the longest prefix which is on link, else the first that has it on a prefix of its own. */
function towards(n: Netns, via: string): string | undefined {
  const up = n.devs.filter((d) => d.up)
  const link = n.routes.filter(
    (r) =>
      isOnLink(r) &&
      typeof r.dst === 'string' &&
      isCidr(r.dst) &&
      inCidr(via, r.dst) &&
      up.some((d) => d.name === r.dev),
  )
  const longest = link.toSorted((a, b) => parseCidr(b.dst).bits - parseCidr(a.dst).bits)[0]
  return longest?.dev ?? up.find((d) => d.addrs.some((a) => inCidr(via, a)))?.name
}

/** Is any of these routes written without a device? */
const withoutDevice = grouped<Route, '', true>((r, put) => {
  if (r.dev === undefined && typeof r.via === 'string') put('', true)
})
const anyWithoutDevice = (routes: readonly Route[]): boolean =>
  withoutDevice(routes).get('')?.get(true) !== undefined

/** Routes written without a device, where devices or routes of their namespace changed: the kernel found theirs when they came, so they go with it, and stay on it when another would be found now. */
export function settled(before: Topology, after: Topology): Topology {
  let out = after
  for (const [name, now] of after.edited) {
    const was = space(before, name)
    if (
      now.kind !== 'netns' ||
      was?.kind !== 'netns' ||
      (was.devs === now.devs && was.routes === now.routes) ||
      !anyWithoutDevice(now.routes)
    )
      continue
    const routes = settledRoutes(was, now)
    if (routes.length !== now.routes.length || routes.some((r, i) => r !== now.routes[i]))
      out = withSpace(out, { ...now, routes })
  }
  return out
}

function settledRoutes(was: Netns, now: Netns): readonly Route[] {
  const held = new Set(was.routes)
  const had = new Map(was.devs.map((d) => [d.name, d.addrs]))
  const ups = new Set(
    now.devs
      .filter((d) => d.up && !addressing(had.get(d.name) ?? [], d.addrs).bare)
      .map((d) => d.name),
  )
  // A device that is called otherwise now stands where it stood.
  const called = (dev: string | undefined): string | undefined =>
    was.devs.length === now.devs.length
      ? now.devs[was.devs.findIndex((d) => d.name === dev)]?.name
      : dev
  return now.routes.flatMap((r) => {
    if (r.dev !== undefined || typeof r.via !== 'string' || !isIpv4(r.via) || !held.has(r))
      return [r]
    const dev = called(towards(was, r.via))
    if (dev === undefined || dev === towards(now, r.via)) return [r]
    return ups.has(dev) ? [{ ...r, dev }] : []
  })
}
