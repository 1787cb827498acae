import {
  isLoopback,
  addressOf,
  broadcastOf,
  isCidr,
  isIpv4,
  isMulticast,
  parseCidr,
  inCidr,
  type Address,
  type Cidr,
} from '#lib/wire/addr.ts'
import { isLo } from '../../devs.ts'
import { rowsLike } from '../../keyed.ts'
import { readable, type Refuse } from '../../refuse.ts'
import type { Netns } from '../../topology.ts'
import { sameRoute, samePlace, type Route } from './row.ts'
import { words } from '../../text.ts'

/* Sources: net/ipv4/fib_semantics.c, fib_frontend.c. */

/** What stands in the local table of these devices: who owns an address, and the broadcast addresses of those that are up. */
interface Own {
  readonly local: ReadonlyMap<string, string>
  readonly broadcast: ReadonlySet<string>
  readonly loopback: string | undefined
}
const known = new WeakMap<Netns['devs'], Own>()
function ownOf({ devs }: Netns): Own {
  const before = known.get(devs)
  if (before !== undefined) return before
  const prefixes = devs.flatMap((d) => (d.up ? d.addrs.filter((a) => parseCidr(a).bits < 31) : []))
  const made: Own = {
    local: new Map(
      devs.toReversed().flatMap((d) => d.addrs.map((a) => [addressOf(a), d.name] as const)),
    ),
    broadcast: new Set(prefixes.map(broadcastOf)),
    loopback: devs.find(isLo)?.name,
  }
  known.set(devs, made)
  return made
}

/** The device that owns the address, also one of 127.0.0.0/8. */
function owner(n: Netns, ip: Address): string | undefined {
  const { local, broadcast, loopback } = ownOf(n)
  return local.get(ip) ?? (isLoopback(ip) && !broadcast.has(ip) ? loopback : undefined)
}

const isBroadcast = (n: Netns, ip: Address): boolean =>
  ip === '255.255.255.255' || ownOf(n).broadcast.has(ip)

/** fib_create_info(), fib_check_nh(), fib_valid_prefsrc(). */
function route(n: Netns, r: Route): string | null {
  const { via, dev, src } = r
  if ((r.type ?? 'unicast') !== 'unicast')
    return via === undefined && dev === undefined
      ? null
      : `Gateway, device and multipath can not be specified for this route type; leave out via and dev of a ${r.type} route`
  if (r.onlink === true && via === undefined)
    return 'Invalid flags for nexthop - PERVASIVE and ONLINK can not be set; onlink is said of a gateway: write via, or leave it out'
  if (r.onlink === true && dev === undefined) return 'Nexthop device required for onlink; write dev'
  if (via !== undefined) {
    const no = gateway(n, r, via)
    if (no !== null) return no
  }
  return src === undefined || src === '0.0.0.0' || owner(n, src) !== undefined
    ? null
    : `Invalid prefsrc address: ${src} is on no device here; take one of this machine’s addresses`
}

/** inet_addr_type_dev_table() for onlink, else what fib_lookup() finds of the local table. */
function gateway(n: Netns, { onlink, dev, scope }: Route, via: Address): string | null {
  if (via === '0.0.0.0') return 'Linux takes a gateway 0.0.0.0 for none; leave out via'
  if (scope === 'host')
    return 'Route with host scope can not have a gateway; leave out scope or via'
  const is = isMulticast(via)
    ? onlink === true && 'a multicast address'
    : isBroadcast(n, via)
      ? 'a broadcast address'
      : false
  if (is !== false) return `Nexthop has invalid gateway: ${via} is ${is}; name one machine`
  const own = owner(n, via)
  if (own === undefined || (onlink !== true && (dev === undefined || dev === own))) return null
  return `Nexthop has invalid gateway: ${via} is an address of ${own} here; name another machine`
}

/** What is asked when it is added: is the way there now? fib_check_nh_nongw(), fib_check_nh_v4_gw(). */
function routeNow(n: Netns, r: Route): string | null {
  const like = rowsLike('routes', n.routes, r)?.map((at) => n.routes[at]!) ?? n.routes
  if (like.some((x) => x !== r && samePlace(x, r) && !sameRoute(x, r)))
    return `File exists: table ${r.table} has a route to ${r.dst} with this metric already; change that one, or give this one another metric`
  if ((r.type ?? 'unicast') !== 'unicast') return null
  const { dev, via } = r
  const d = n.devs.find((x) => x.name === dev)
  if (dev !== undefined && d === undefined)
    return `Cannot find device "${dev}"; name one of ${n.devs
      .slice(0, 8)
      .map((x) => x.name)
      .join(', ')}`
  if (d !== undefined && !d.up && (via === undefined || r.onlink === true))
    return `${via === undefined ? 'Device for nexthop' : 'Nexthop device'} is not up; set ${d.name} up first`
  if (via === undefined || r.onlink === true || !isIpv4(via) || reaches(n, r, via)) return null
  return `Nexthop has invalid gateway: ${via} is on no connected prefix${dev === undefined ? '' : ` of ${dev}`}; add onlink, or a route to it with scope link`
}

const SCOPES = { link: 253, host: 254 } as const
const scopeOf = (r: Route): number => (r.scope === undefined ? 0 : SCOPES[r.scope])

/** fib_lookup() of a gateway: a route of another table is looked for in that first; only what is on link counts, so no route of scope global. */
function reaches(n: Netns, r: Route, via: Address): boolean {
  const least = Math.max(SCOPES.link, scopeOf(r) + 1)
  const up = new Set(n.devs.flatMap((d) => (d.up ? [d.name] : [])))
  const holds = (prefix: Cidr | undefined): boolean => prefix === undefined || inCidr(via, prefix)
  const ask = (table: string): boolean | null => {
    const own = table === 'local' ? owner(n, via) : undefined
    if (own !== undefined && (r.dev === undefined || r.dev === own)) return up.has(own)
    const found = n.routes
      .filter(
        (x) =>
          scopeOf(x) >= least &&
          x !== r &&
          x.table === table &&
          ((x.type ?? 'unicast') !== 'unicast' || r.dev === undefined || x.dev === r.dev) &&
          typeof x.dst === 'string' &&
          isCidr(x.dst) &&
          holds(x.dst),
      )
      .toSorted(
        (a, b) =>
          parseCidr(b.dst).bits - parseCidr(a.dst).bits || (a.metric ?? 0) - (b.metric ?? 0),
      )[0]
    return found === undefined
      ? null
      : (found.type ?? 'unicast') === 'unicast' && found.dev !== undefined && up.has(found.dev)
  }
  const own = r.table === 'main' ? null : ask(r.table)
  if (own !== null) return own
  for (const x of n.rules.filter(readable).toSorted((a, b) => a.priority - b.priority)) {
    const fits =
      (x.iif === undefined || x.iif === ownOf(n).loopback) &&
      (x.from === undefined || x.from.endsWith('/0')) &&
      holds(x.to) &&
      (x.fwmark === undefined || (x.fwmark.value & x.fwmark.mask) === 0)
    if (fits === (x.not === true)) continue
    // Nobody asks for a gateway by protocol, and a rule that decides by itself leads to none.
    if (x.ipproto !== undefined || x.oif !== undefined) continue
    if (x.table === undefined) return false
    const said = ask(x.table)
    if (said !== null) return said
  }
  return false
}

export const routes: Refuse<'routes'> = {
  alone: route,
  // To another next hop a route can be appended, as the kernel does for an address of the same network on another device.
  one: (_, r) =>
    words(
      `route ${r.type ?? 'unicast'} ${r.dst}`,
      r.dev !== undefined && `dev ${r.dev}`,
      r.via !== undefined && `via ${r.via}`,
      `metric ${r.metric ?? 0} in table ${r.table}`,
    ),
  now: routeNow,
}
