import { parseCidr } from '#lib/wire/addr.ts'
import { compareAddresses, firstOf } from '#lib/wire/range.ts'
import { typed } from '../../shell.ts'
import { byVerb, sorted, type Change, type Tool, type ToolLine } from '../../tool.ts'
import type { Netns } from '../../topology.ts'
import { headText, hopText, wholeText } from './hops.ts'
import { prefixText } from '../../text.ts'
import { hopsOf, routeText, sameRoute, type Route } from './row.ts'

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

/** A next hop comes, goes or is another: the route is written anew with all that it has then, and taken out with its last. */
function hopped({ before, after, rows }: Change<'routes'>): string {
  const left = before === null ? [] : others(rows, before)
  const moved = before !== null && (after === null || !sameRoute(before, after))
  const joined = after === null ? [] : [...others(rows, moved ? after : (before ?? after)), after]
  return typed({
    commands: [
      ...(!moved ? [] : [left.length === 0 ? `ip route del ${shortRoute(before)}` : whole(left)]),
      ...(joined.length === 0 ? [] : [whole(joined)]),
    ],
  })
}
const whole = (hops: readonly Route[]): string => `ip route replace ${wholeText(hops)}`
/** The other next hops of its route. */
const others = (rows: readonly Route[], r: Route): readonly Route[] =>
  rows.filter((x) => sameRoute(x, r) && !sameHop(x, r))
const sameHop = (a: Route, b: Route): boolean => a.via === b.via && a.dev === b.dev

/** One next hop alone is a route like any other. */
const alone = ({ weight: _weight, ...r }: Route): Route => r

/** What is printed of a row: of the next hops of one route a line for each below what they have in common. */
function lined(
  n: Netns,
  { line, before }: { readonly line: ToolLine; readonly before: ToolLine | undefined },
): readonly ToolLine[] {
  const r = n.routes[line.row!]!
  const hops = hopsOf(n.routes, r)
  if (r.weight === undefined) return [line]
  if (hops.length === 1) return [{ ...line, text: routeText(alone(r)) }]
  const dead = r.dev !== undefined && n.devs.find((d) => d.name === r.dev)?.up !== true
  const hop = { ...line, text: `\t${hopText(r, dead)}` }
  const last = before === undefined ? undefined : n.routes[before.row!]
  return last !== undefined && sameRoute(last, r)
    ? [hop]
    : [{ text: headText(hops[0]!), row: null }, hop]
}

export const routes: Tool<'routes'> = {
  readAt: 1,
  editAt: 1,
  // `ip route del` is understood without scope and the like; `ip route show` text is accepted as it is.
  command: (c) => {
    const { weight } = c.before ?? c.after ?? {}
    if (weight !== undefined || c.after?.weight !== undefined) return hopped(c)
    return byVerb(c, {
      keys: ['table', 'dst', 'metric'],
      add: to('add'),
      del: (r) => `ip route del ${shortRoute(r)}`,
      replace: to('replace'),
    })
  },
  // Table by table. `ip route` alone shows main; with more tables it takes all. The local table has no rows: it follows from the addresses.
  print: (n) => ({
    command: n.routes.every((r) => r.table === 'main')
      ? 'ip route'
      : "ip -4 route show table all | grep -v 'table local'",
    lines: sorted(n.routes, walked, routeText).flatMap((line, i, all) =>
      lined(n, { line, before: all[i - 1] }),
    ),
  }),
}
