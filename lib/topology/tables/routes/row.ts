import type { Address, Cidr } from '#lib/wire/addr.ts'
import type { Table } from '../../table.ts'
import { prefixText, words } from '../../text.ts'

/** Names of rt_protos, iproute2 6.1, but boot, which `ip route` does not print. */
export const PROTOS = [
  'kernel',
  'dhcp',
  'static',
  'zebra',
  'bird',
  'bgp',
  'ospf',
  'babel',
  'isis',
  'rip',
  'eigrp',
  'ra',
  'keepalived',
  'redirect',
  'gated',
  'mrt',
  'xorp',
  'ntk',
  'dnrouted',
  'openr',
] as const
export type RouteProto = (typeof PROTOS)[number]

/** `ip route`. The local table is not written out: it follows from the addresses of the devices, as in the kernel. */
export interface Route {
  readonly table: string
  readonly dst: Cidr
  /** throw: this table says nothing of it, the next rule is asked. */
  readonly type?: 'unicast' | 'blackhole' | 'unreachable' | 'prohibit' | 'throw'
  readonly dev?: string
  readonly via?: Address
  readonly src?: Address
  readonly onlink?: boolean
  readonly metric?: number
  /** One next hop of several: the rows with a weight that have one place in a table are one route (`nexthop … weight N`), and each is taken for its share of flows. */
  readonly weight?: number
  readonly mtu?: number
  /** Who wrote it, by the names of rt_protos; it decides nothing. */
  readonly proto?: RouteProto
  readonly scope?: 'link' | 'host'
}

/** Do two routes have the same place in a table? Which stands first decides; the second is not added but appended (fib_table_insert()). */
export function samePlace(a: Route, b: Route): boolean {
  return a.table === b.table && a.dst === b.dst && (a.metric ?? 0) === (b.metric ?? 0)
}

/** Is the other a next hop of the same route? */
export function sameRoute(a: Route, b: Route): boolean {
  return a.weight !== undefined && b.weight !== undefined && samePlace(a, b)
}

/** The rows that are one route with this one, itself among them, in their order. */
export function hopsOf(rows: readonly Route[], r: Route): readonly Route[] {
  return rows.filter((x) => x === r || sameRoute(x, r))
}

/** Is what the route leads to on its device's link, so that a gateway can be there? fib_check_nh_v4_gw() asks for scope link. A row that says no scope is taken to be, but for a default: what adds that by netlink says global. */
export function isOnLink(r: Route): boolean {
  return (
    r.via === undefined &&
    (r.type ?? 'unicast') === 'unicast' &&
    (r.scope === 'link' || r.dst !== '0.0.0.0/0')
  )
}

/** A route as `ip route show table all` prints it: main is not named. */
export function routeText(r: Route): string {
  return words(
    r.type !== undefined && r.type !== 'unicast' && r.type,
    prefixText(r.dst),
    r.via !== undefined && `via ${r.via}`,
    r.dev !== undefined && `dev ${r.dev}`,
    r.table !== 'main' && `table ${r.table}`,
    r.proto !== undefined && `proto ${r.proto}`,
    r.scope !== undefined && `scope ${r.scope}`,
    r.src !== undefined && `src ${r.src}`,
    r.metric !== undefined && r.metric !== 0 && `metric ${r.metric}`,
    r.onlink === true && 'onlink',
    r.mtu !== undefined && `mtu ${r.mtu}`,
    r.weight !== undefined && `weight ${r.weight}`,
  )
}

export const routes: Table<Route, 'netns'> = { in: 'netns', born: [], key: 'dst', text: routeText }
