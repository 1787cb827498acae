import {
  inCidr,
  netns,
  parseCidr,
  rowAt,
  vpc,
  type Address,
  type Netns,
  type Ref,
  type Route,
  type Rule,
  type TableName,
} from '#lib/index.ts'
import { decides } from '#components/words/decides.ts'
import type { Asked, Decided, Row } from './table.ts'
import { few } from './few.ts'
import { command } from './printed.ts'

/* Tables in which the longest prefix that holds an address decides. */

const bitsOf = (prefix: string): number => parseCidr(prefix).bits
export const dash = (prefix: string): string => (bitsOf(prefix) === 0 ? 'default' : prefix)

/** The longest first: so they are asked. */
const longestFirst = (rows: readonly Row[]): readonly Row[] =>
  rows.toSorted((a, b) => (b.bits ?? 0) - (a.bits ?? 0))

/** What a row of a route table leads to, as `ip route` says it. */
function way(r: Route): string {
  if (r.type !== undefined && r.type !== 'unicast') return r.type
  return r.via === undefined
    ? (r.dev ?? '')
    : `via ${r.via}${r.dev === undefined ? '' : ` ${r.dev}`}`
}

/** The rows of one route table of a namespace, each with what it says to an address. */
function routes(
  n: Netns,
  table: string,
  {
    ip,
    matched,
    ends,
  }: { readonly ip: Address; readonly matched: Ref | null; readonly ends: boolean },
): readonly Row[] {
  const says = decides()
  const best = matched === null ? undefined : n.routes[matched.row]
  const holding = n.routes.filter((r) => r.table === table && inCidr(ip, r.dst)).length
  const verdict = (r: Route): Pick<Row, 'mark' | 'says'> => {
    const bits = bitsOf(r.dst)
    if (r === best)
      return {
        mark: ends ? 'ends' : 'wins',
        says:
          r.type !== undefined && r.type !== 'unicast'
            ? says.refuses(r.type)
            : bits === 0
              ? says.everything
              : holding === 1
                ? says.alone(bits)
                : says.longest(bits),
      }
    if (!inCidr(ip, r.dst)) return { mark: 'no', says: says.holdsNot }
    if (r.dev !== undefined && n.devs.find((d) => d.name === r.dev)?.up !== true)
      return { mark: 'no', says: says.down(r.dev) }
    return {
      mark: 'beaten',
      says:
        best !== undefined && bitsOf(best.dst) === bits
          ? says.beatenBy(r.metric ?? 0)
          : says.beaten(bits),
    }
  }
  const all = n.routes.flatMap((r, row): readonly Row[] =>
    r.table !== table
      ? []
      : [
          {
            ref: { in: n.name, table: 'routes', row },
            bits: bitsOf(r.dst),
            name: dash(r.dst),
            leads: way(r),
            ...verdict(r),
          },
        ],
  )
  return longestFirst(all)
}

/** No row decided: what is then the case, as a row of its own. */
export function otherwise(name: string, says: string, mark: Row['mark'] = 'ends'): Row {
  return { ref: null, bits: null, name, leads: '', mark, says }
}

const shown = (table: string): string =>
  table === 'main' ? 'ip route' : command('ip route', 'show table', table)

/** The route table that answered; of no answer, the last that was asked. */
export function routed({ d, step, topology }: Asked<'route'>): Decided | null {
  const n = netns(topology, step.in)
  if (n === undefined) return null
  const route = d.matched?.table === 'routes' ? n.routes[d.matched.row] : undefined
  // A broadcast follows from the addresses of the devices.
  if (route === undefined && d.dev !== null) return null
  const rule = d.rule === null ? undefined : (rowAt(topology, d.rule) as Rule | undefined)
  const table = route?.table ?? rule?.table ?? 'main'
  const rows = routes(n, table, { ip: d.dst, matched: d.matched, ends: step.drop !== null })
  const all =
    route === undefined ? [...rows, otherwise(decides().nobodyHolds, decides().noRoute)] : rows
  return {
    table: 'routes',
    in: step.in,
    title: shown(table),
    prompt: true,
    asks: decides().whoHolds(d.dst),
    ...few(all),
  }
}

/** The way back to the source, which has to be there. */
export function back({ d, step, topology }: Asked<'source-check'>): Decided | null {
  const n = netns(topology, step.in)
  const route = d.reverse?.table === 'routes' ? n?.routes[d.reverse.row] : undefined
  if (n === undefined || route === undefined) return null
  const asked = { ip: d.src, matched: d.reverse, ends: step.drop !== null }
  return {
    table: 'routes',
    in: step.in,
    title: shown(route.table),
    prompt: true,
    asks: decides().wayBack(d.src),
    ...few(routes(n, route.table, asked)),
  }
}

export function leased({ d, step, topology }: Asked<'lease'>): Decided | null {
  const n = netns(topology, step.in)
  if (n === undefined) return null
  const says = decides()
  const rows = n.leases.flatMap((l, row): readonly Row[] => {
    if (l.daemon !== d.daemon) return []
    const won = row === d.matched?.row
    const holds = inCidr(d.dst, l.subnet)
    return [
      {
        ref: { in: step.in, table: 'leases', row },
        bits: bitsOf(l.subnet),
        name: l.subnet,
        leads: l.publicIp,
        mark: won ? 'wins' : holds ? 'beaten' : 'no',
        says: won ? says.alone(bitsOf(l.subnet)) : holds ? says.leasedHere : says.holdsNot,
      },
    ]
  })
  const all = d.matched === null ? [...rows, otherwise(says.nobodyHolds, says.noLease)] : rows
  return {
    table: 'leases',
    in: step.in,
    title: says.leasesOf(d.daemon),
    prompt: false,
    asks: says.whoHolds(d.dst),
    ...few(longestFirst(all)),
  }
}

export function vpcRouted({ d, step, topology }: Asked<'vpc-route'>): Decided | null {
  const v = vpc(topology, step.in)
  if (v === undefined) return null
  const says = decides()
  const table: TableName = 'vpcRoutes'
  // That of the subnet in which the interface is.
  const subnet = v.enis.find((e) => e.id === step.dev)?.subnet
  const asked = v.subnets.find((s) => s.id === subnet)?.routeTable
  const rows = v.vpcRoutes.flatMap((r, row): readonly Row[] => {
    if (r.routeTable !== asked) return []
    const bits = bitsOf(r.dst)
    const won = row === d.matched?.row
    const holds = inCidr(d.dst, r.dst)
    return [
      {
        ref: { in: step.in, table, row },
        bits,
        name: dash(r.dst),
        leads: r.target,
        mark: won ? (step.drop === null ? 'wins' : 'ends') : holds ? 'beaten' : 'no',
        says: won
          ? bits === 0
            ? says.everything
            : says.longest(bits)
          : holds
            ? says.beaten(bits)
            : says.holdsNot,
      },
    ]
  })
  const own = v.cidrs.find((c) => inCidr(d.dst, c))
  const all =
    d.matched !== null
      ? rows
      : d.target === 'local' && own !== undefined
        ? [
            {
              ...otherwise(own, says.vpcLocalOwn, 'wins'),
              bits: bitsOf(own),
              leads: d.target,
            },
            ...rows,
          ]
        : [...rows, otherwise(says.nobodyHolds, says.noRoute)]
  return {
    table,
    in: step.in,
    title: 'aws ec2 describe-route-tables',
    prompt: false,
    asks: says.whoHolds(d.dst),
    ...few(longestFirst(all)),
  }
}
