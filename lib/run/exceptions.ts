import type { Address } from '#lib/wire/addr.ts'
import type { Edit } from '#lib/topology/edit.ts'
import { cachedGateway, cachedMtu, type RouteAnswer } from '#lib/lookup/route.ts'
import { mtuOf } from './mtu.ts'
import { NO_WRITES } from './record.ts'
import type { Here, Live } from './run.ts'

/* What was learned of single destinations (fib_nh_exception, RFC 1191): `ip route show cache`. */

/** The MTU a sender knows for a destination: a learned path MTU, the route's, or the device's. */
export function pathMtu(
  { run, l }: Here,
  { src, dst }: { readonly src: Address; readonly dst: Address },
): number {
  return mtuOf(l, run.asks.route(l.n, dst, { src }), dst)
}

/** The way with the gateway that a redirect named. */
export function throughGateway(l: Live, r: RouteAnswer, dst: Address): RouteAnswer {
  if (r.type !== 'unicast' || r.via === null) return r
  const via = l.gateways?.get(dst) ?? cachedGateway(l.n, dst)
  return via === null || via === r.via ? r : { ...r, via }
}

/** __ip_rt_update_pmtu(): an error that says nothing new writes nothing. */
export function learnMtu(l: Live, dst: Address, mtu: number): readonly Edit[] {
  const known = l.pmtu?.get(dst) ?? cachedMtu(l.n, dst)
  if (known === mtu) return NO_WRITES
  l.pmtu ??= new Map()
  l.pmtu.set(dst, mtu)
  return except(l, dst, { to: { mtu }, known: known !== null })
}

/** __ip_do_redirect(): this gateway from now on. */
export function learnGateway(l: Live, dst: Address, via: Address): readonly Edit[] {
  const known =
    l.gateways?.has(dst) === true ||
    l.pmtu?.has(dst) === true ||
    cachedMtu(l.n, dst) !== null ||
    cachedGateway(l.n, dst) !== null
  l.gateways ??= new Map()
  l.gateways.set(dst, via)
  return except(l, dst, { to: { via }, known })
}

/** update_or_create_fnhe(): one exception for a destination. */
function except(
  l: Live,
  dst: Address,
  {
    to,
    known,
  }: {
    readonly to: { readonly mtu: number } | { readonly via: Address }
    readonly known: boolean
  },
): readonly Edit[] {
  const row = { table: 'cache', dst: `${dst}/32` } as const
  if (known) return [{ op: 'set', in: l.n.name, table: 'routes', where: row, to }]
  return [{ op: 'add', in: l.n.name, table: 'routes', row: { ...row, ...to } }]
}
