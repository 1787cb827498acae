import { parseCidr } from '#lib/wire/addr.ts'
import { compareAddresses, firstOf } from '#lib/wire/range.ts'
import { byVerb, sorted, type Tool } from '../../tool.ts'
import { prefixText } from '../../text.ts'
import { routeText, type Route } from './row.ts'

/** What iproute2 would make `scope link` of, having no gateway, where the row's author said nothing: the netlink library that CNI plugins use says global. */
export function scopeTyped(r: Route): string {
  return r.via === undefined && r.scope === undefined && (r.type ?? 'unicast') === 'unicast'
    ? ' scope global'
    : ''
}

/** What finds a route to delete. */
function shortRoute(r: Route): string {
  return [
    prefixText(r.dst),
    r.via === undefined ? '' : `via ${r.via}`,
    r.dev === undefined ? '' : `dev ${r.dev}`,
    r.table === undefined || r.table === 'main' ? '' : `table ${r.table}`,
  ]
    .filter((x) => x !== '')
    .join(' ')
}

/** The kernel keeps 256 buckets of tables and goes through them in order (fib_table_hash); main is 254. */
const NUMBERED: Readonly<Record<string, number>> = { default: 253, main: 254, local: 255 }

const bucket = (table: string): number => (NUMBERED[table] ?? Number(table)) & 255

/** As a trie is walked: by address, longer prefixes first, then by metric. */
const walked = (a: Route, b: Route): number =>
  bucket(a.table) - bucket(b.table) ||
  compareAddresses(firstOf(a.dst), firstOf(b.dst)) ||
  parseCidr(b.dst).bits - parseCidr(a.dst).bits ||
  (a.metric ?? 0) - (b.metric ?? 0)

const to =
  (verb: 'add' | 'replace') =>
  (r: Route): string =>
    `ip route ${verb} ${routeText(r)}${scopeTyped(r)}`

export const routes: Tool<'routes'> = {
  readAt: 1,
  editAt: 1,
  // `ip route del` is understood without scope and the like; `ip route show` text is accepted as it is.
  command: (c) =>
    byVerb(c, {
      keys: ['table', 'dst', 'metric'],
      add: to('add'),
      del: (r) => `ip route del ${shortRoute(r)}`,
      replace: to('replace'),
    }),
  // Table by table. `ip route` alone shows main; with more tables it takes all. The local table has no rows: it follows from the addresses.
  print: (n) => ({
    command: n.routes.every((r) => r.table === 'main')
      ? 'ip route'
      : "ip -4 route show table all | grep -v 'table local'",
    lines: sorted(n.routes, walked, routeText),
  }),
}
