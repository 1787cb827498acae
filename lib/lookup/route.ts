import { addressOf, toNumber, type Ipv4 } from '#lib/wire/addr.ts'
import type { Dev } from '#lib/topology/devs.ts'
import type { Route } from '#lib/topology/linux.ts'
import type { Netns } from '#lib/topology/topology.ts'
import { indexed } from './indexed.ts'
import { broadcastAt, broadcastDevice, deviceByName, deviceTowards, localAt, loopbackName, sourceAddress } from './local.ts'
import { buildPrefixes, type Prefixes } from './prefix.ts'
import { candidates, numberOf, ruleMatches, rulesInOrder } from './rule.ts'

/** What fib_lookup() says. `mtu` is in bytes; `dev`, `via`, `src` are those of the route, with the kernel's choice filled in. */
export interface RouteAnswer {
  readonly type: 'local' | 'broadcast' | 'unicast' | 'blackhole' | 'unreachable' | 'prohibit' | 'none'
  /** Row in n.rules of the rule whose table answered; null where none did. */
  readonly rule: number | null
  /** Row in n.routes, or null for the local table and for no route. */
  readonly matched: number | null
  /** Row in n.devs of the owner of a local address. */
  readonly localDev: number | null
  /** Near misses: other routes of the tables asked that contain dst but have a shorter prefix or a worse metric. Longest first. */
  readonly rejected: readonly number[]
  readonly dev: string | null
  /** Next hop; null on link. */
  readonly via: Ipv4 | null
  readonly src: Ipv4 | null
  readonly mtu: number | null
}
/** What else than the destination rules may ask for. No `iif`: the packet was made here. */
export interface RouteBy { readonly src?: string; readonly iif?: string; readonly mark?: number }

const NONE: readonly number[] = []
/** Near misses told at most: as many as an address has prefixes. */
const MOST_REJECTED = 33

const tablesOf = indexed((routes: readonly Route[]): ReadonlyMap<string, Prefixes> => {
  const rows = new Map<string, number[]>()
  routes.forEach((r, i) => {
    const same = rows.get(r.table)
    if (same === undefined) rows.set(r.table, [i])
    else same.push(i)
  })
  const tables = new Map<string, Prefixes>()
  for (const [name, list] of rows) {
    list.sort((a, b) => (routes[a]!.metric ?? 0) - (routes[b]!.metric ?? 0) || a - b)
    tables.set(name, buildPrefixes(list.map((i) => [i, routes[i]!.dst] as const)))
  }
  return tables
})

/** The device of a route that is in force; null if it needs one and has none that is up: the kernel takes such routes away. */
function outDevice(n: Netns, r: Route): Dev | null {
  if (r.dev === undefined) return r.via === undefined ? null : deviceTowards(n, r.via)
  const d = deviceByName(n, r.dev)
  return d !== undefined && d.up ? d : null
}

function isUnicast(r: Route): boolean {
  return r.type === undefined || r.type === 'unicast'
}

/**
 * fib_lookup(): ask the rules in order of priority; the first whose table has a route decides. In a table the longest prefix
 * wins, then the lowest metric, then the first row. Constant time in the number of routes. Throws RangeError on a malformed address.
 */
export function lookupRoute(n: Netns, dst: string, by: RouteBy): RouteAnswer {
  const to = toNumber(dst)
  const src = numberOf(by.src)
  const iif = by.iif ?? loopbackName(n)
  const mark = by.mark ?? 0
  for (const step of rulesInOrder(n.rules)) {
    for (const rule of candidates(step, src, to)) {
      if (!ruleMatches(rule, src, to, iif, mark)) continue
      const answer = rule.table === 'local' ? askLocal(n, dst, to, rule.row, by.iif) : askTable(n, rule.table, to, rule.row)
      if (answer !== null) return answer
    }
  }
  return { type: 'none', rule: null, matched: null, localDev: null, rejected: NONE, dev: null, via: null, src: null, mtu: null }
}

function askLocal(n: Netns, dst: string, to: number, rule: number | null, iif: string | undefined): RouteAnswer | null {
  const owner = localAt(n, to)
  if (owner !== null) return { type: 'local', rule, matched: null, localDev: owner.devIndex, rejected: NONE, dev: loopbackName(n), via: null, src: ownSource(owner.dev, dst as Ipv4), mtu: null }
  if (!broadcastAt(n, to)) return null
  const d = broadcastDevice(n, dst)?.dev ?? (iif === undefined ? n.devs.find((x) => x.up && x.kind !== 'loopback') : deviceByName(n, iif))
  return { type: 'broadcast', rule, matched: null, localDev: null, rejected: NONE, dev: d?.name ?? null, via: null, src: d === undefined ? null : sourceAddress(n, d, null), mtu: null }
}

function askTable(n: Netns, table: string, to: number, rule: number | null): RouteAnswer | null {
  const p = tablesOf(n.routes).get(table)
  if (p === undefined) return null
  let best = -1
  let out: Dev | null = null
  let rejected: number[] | null = null
  for (let i = 0; i < p.maps.length; i += 1) {
    const rows = p.maps[i]!.get(to & p.masks[i]!)
    if (rows === undefined) continue
    for (let k = 0; k < rows.length; k += 1) {
      const row = rows[k]!
      const r = n.routes[row]!
      const d = isUnicast(r) ? outDevice(n, r) : null
      if (d === null && isUnicast(r)) continue
      if (best < 0) {
        best = row
        out = d
      } else if (rejected === null) rejected = [row]
      else if (rejected.length < MOST_REJECTED) rejected.push(row)
    }
  }
  if (best < 0) return null
  const r = n.routes[best]!
  if (out === null) return { type: r.type ?? 'unicast', rule, matched: best, localDev: null, rejected: rejected ?? NONE, dev: null, via: null, src: null, mtu: null }
  const via = r.via ?? null
  return { type: 'unicast', rule, matched: best, localDev: null, rejected: rejected ?? NONE, dev: out.name, via, src: r.src ?? sourceAddress(n, out, via), mtu: r.mtu ?? null }
}

/** The path MTU learned for a destination (RFC 1191), in bytes: the mtu of its /32 in table cache. Null if none was learned. */
export function cachedMtu(n: Netns, dst: string): number | null {
  const p = tablesOf(n.routes).get('cache')
  if (p === undefined || p.lengths[0] !== 32) return null
  const row = p.maps[0]!.get(toNumber(dst) | 0)?.[0]
  return row === undefined ? null : (n.routes[row]!.mtu ?? null)
}

/** The source of a local route: the address itself, or for all else of 127.0.0.0/8 the loopback's (`local 127.0.0.0/8 dev lo src 127.0.0.1`). */
function ownSource(d: Dev, dst: Ipv4): Ipv4 {
  const [first] = d.addrs
  return d.kind === 'loopback' && first !== undefined && dst.startsWith('127.') ? addressOf(first) : dst
}
