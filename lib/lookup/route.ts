import { isLoopback, addressOf, parseCidr, toNumber, type Address } from '#lib/wire/addr.ts'
import { isLo, type Dev } from '#lib/topology/devs.ts'
import type { Route } from '#lib/topology/rows.ts'
import { sameRoute } from '#lib/topology/tables/routes/row.ts'
import type { Netns } from '#lib/topology/topology.ts'
import {
  broadcastDevice,
  deviceByName,
  deviceTowards,
  localAddress,
  loopbackName,
  sourceAddress,
} from './local.ts'
import { prefixes } from './prefix.ts'
import {
  candidates,
  NO_L4,
  numberOf,
  ruleMatches,
  rulesInOrder,
  type CompiledRule,
  type L4,
  type Sought,
} from './rule.ts'

/** What fib_lookup() says. `mtu` is in bytes; `dev`, `via`, `src` are those of the route, with the kernel's choice filled in. */
export interface RouteAnswer {
  readonly type:
    | 'local'
    | 'broadcast'
    | 'unicast'
    | 'blackhole'
    | 'unreachable'
    | 'prohibit'
    | 'none'
  /** Row in n.rules of the rule whose table answered; null where none did. */
  readonly rule: number | null
  /** Rows in n.rules of those that ask for something, had it, and whose table had no answer. Left out: none. */
  readonly passed?: readonly number[]
  /** Row in n.routes, or null for the local table and for no route. */
  readonly matched: number | null
  /** Row in n.devs of the owner of a local address. */
  readonly localDev: number | null
  /** Near misses: other routes of the tables asked that contain dst but have a shorter prefix or a worse metric. Longest first. */
  readonly rejected: readonly number[]
  readonly dev: string | null
  /** Next hop; null on link. */
  readonly via: Address | null
  readonly src: Address | null
  readonly mtu: number | null
}
/** What else than the destination rules may ask for. No `iif`: the packet was made here. */
export interface RouteBy {
  readonly src?: string | undefined
  readonly iif?: string
  readonly mark?: number
  /** Left out, nobody looked: rules that ask for a protocol or for ports do not apply. */
  readonly l4?: L4
}

const NONE: readonly number[] = []
/** Near misses told at most: as many as an address has prefixes. */
const MOST_REJECTED = 33

const tablesOf = prefixes<Route>(
  (r) => r.table,
  (r) => r.dst,
  (a, b) => (a.metric ?? 0) - (b.metric ?? 0),
)

/** The device of a route that is in force; null if it needs one and has none that is up: the kernel takes such routes away. */
function outDevice(n: Netns, r: Route): Dev | null {
  if (r.dev === undefined) return r.via === undefined ? null : deviceTowards(n, r.via)
  const d = deviceByName(n, r.dev)
  return d !== undefined && d.up ? d : null
}

function isUnicast(r: Route): boolean {
  return r.type === undefined || r.type === 'unicast'
}

/** The last few answers: a flow asks the same each time that it is walked, and an edit makes another namespace. */
interface Asked {
  readonly n: Netns
  readonly dst: string
  readonly src: string | undefined
  readonly iif: string | undefined
  readonly mark: number
  readonly l4: L4
  readonly answer: RouteAnswer
}
const REMEMBERED = 16
const recent: Asked[] = []
let oldest = 0

/**
 * fib_lookup(): ask the rules in order of priority; the first whose table has a route decides. In a table the longest prefix
 * wins, then the lowest metric, then the first row. Constant time in the number of routes. Throws RangeError on a malformed address.
 */
export function lookupRoute(n: Netns, dst: string, by: RouteBy): RouteAnswer {
  const { src, iif, mark = 0, l4 = NO_L4 } = by
  for (let i = 0; i < recent.length; i += 1) {
    const a = recent[i]!
    if (
      a.n === n &&
      a.dst === dst &&
      a.src === src &&
      a.iif === iif &&
      a.mark === mark &&
      sameL4(a.l4, l4)
    )
      return a.answer
  }
  const answer = find(n, dst, by)
  recent[oldest] = { n, dst, src, iif, mark, l4, answer }
  oldest = (oldest + 1) % REMEMBERED
  return answer
}

const sameL4 = (a: L4, b: L4): boolean =>
  a === b || (a.proto === b.proto && a.sport === b.sport && a.dport === b.dport)

function find(n: Netns, dst: string, by: RouteBy): RouteAnswer {
  const to = toNumber(dst)
  const src = numberOf(by.src)
  const sought: Sought = {
    src,
    to,
    iif: by.iif ?? loopbackName(n),
    mark: by.mark ?? 0,
    l4: by.l4 ?? NO_L4,
  }
  let passed: number[] | undefined
  for (const step of rulesInOrder(n.rules)) {
    for (const rule of candidates(step, src, to)) {
      if (!ruleMatches(rule, sought)) continue
      const answer = answerOf(n, dst, { rule, by })
      // __mkroute_output(): 255.255.255.255 is in no table; what is sent to it needs a way as all else does.
      if (answer !== null) {
        const told = passed === undefined ? answer : { ...answer, passed }
        return (to | 0) === -1 && told.type === 'unicast' ? { ...told, type: 'broadcast' } : told
      }
      if (!rule.all) (passed ??= []).push(rule.row)
    }
  }
  return passed === undefined ? NOWHERE : { ...NOWHERE, passed }
}

/** Routes with several next hops: which of these rows it is; does that of a row lead out of the device by any of them? */
interface Hops {
  readonly of: (
    n: Netns,
    rows: readonly number[],
    q: { readonly to: number; readonly by: RouteBy },
  ) => number
  readonly uses: (n: Netns, row: number | null, dev: string) => boolean
}
let several: Hops | null = null
/** They are understood from now on (lib/lookup/multipath.ts). */
export function addHops(made: Hops): void {
  several = made
}
export const usesDevice: Hops['uses'] = (n, row, dev) => several?.uses(n, row, dev) === true

const NOWHERE: RouteAnswer = {
  type: 'none',
  rule: null,
  matched: null,
  localDev: null,
  rejected: NONE,
  dev: null,
  via: null,
  src: null,
  mtu: null,
}

/** fib4_rule_action(), fib4_rule_suppress(): what a rule comes to; null: the next one is asked. */
function answerOf(
  n: Netns,
  dst: string,
  { rule, by }: { readonly rule: CompiledRule; readonly by: RouteBy },
): RouteAnswer | null {
  if (rule.table === null)
    // What a rule calls unreachable is no network (ENETUNREACH), a route's is no host.
    return {
      ...NOWHERE,
      type: rule.action === 'unreachable' ? 'none' : (rule.action ?? 'none'),
      rule: rule.row,
    }
  const to = toNumber(dst)
  const answer = rule.table === 'local' ? askLocal(n, dst, rule.row) : askTable(n, to, { rule, by })
  const found =
    answer?.type === 'unicast' || answer?.type === 'local' || answer?.type === 'broadcast'
  return found && lengthOf(n, answer) <= rule.suppress ? null : answer
}

/** Bits of the prefix that answered. An address of one's own is a /32; that 127.0.0.0/8 is not is left out. */
function lengthOf(n: Netns, answer: RouteAnswer): number {
  const row = answer.matched === null ? undefined : n.routes[answer.matched]
  return row === undefined ? 32 : parseCidr(row.dst).bits
}

function askLocal(n: Netns, dst: string, rule: number): RouteAnswer | null {
  const owner = localAddress(n, dst)
  if (owner !== null)
    return {
      type: 'local',
      rule,
      matched: null,
      localDev: owner.devIndex,
      rejected: NONE,
      dev: loopbackName(n),
      via: null,
      src: ownSource(owner.dev, dst as Address),
      mtu: null,
    }
  const d = broadcastDevice(n, dst)?.dev
  return d === undefined
    ? null
    : {
        type: 'broadcast',
        rule,
        matched: null,
        localDev: null,
        rejected: NONE,
        dev: d.name,
        via: null,
        src: sourceAddress(n, d, { via: null, host: true }),
        mtu: null,
      }
}

function askTable(
  n: Netns,
  to: number,
  { rule: { table, row: rule }, by }: { readonly rule: CompiledRule; readonly by: RouteBy },
): RouteAnswer | null {
  const p = tablesOf(n.routes).get(table ?? '')
  if (p === undefined) return null
  let best = -1
  let out: Dev | null = null
  let rejected: number[] | null = null
  let hops: readonly number[] = NONE
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
        hops = rows
      } else if (r.weight !== undefined && sameRoute(r, n.routes[best]!)) continue
      else if (rejected === null) rejected = [row]
      else if (rejected.length < MOST_REJECTED) rejected.push(row)
    }
  }
  if (best < 0) return null
  if (n.routes[best]!.weight !== undefined) {
    best = several!.of(
      n,
      hops.filter(
        (i) => sameRoute(n.routes[i]!, n.routes[best]!) && outDevice(n, n.routes[i]!) !== null,
      ),
      { to, by },
    )
    out = outDevice(n, n.routes[best]!)
  }
  const r = n.routes[best]!
  // -EAGAIN: as if the table had nothing.
  if (r.type === 'throw') return null
  if (out === null)
    return {
      type: r.type ?? 'unicast',
      rule,
      matched: best,
      localDev: null,
      rejected: rejected ?? NONE,
      dev: null,
      via: null,
      src: null,
      mtu: null,
    }
  const via = r.via ?? null
  return {
    type: 'unicast',
    rule,
    matched: best,
    localDev: null,
    rejected: rejected ?? NONE,
    dev: out.name,
    via,
    src: r.src ?? sourceAddress(n, out, { via, host: r.scope === 'host' }),
    mtu: r.mtu ?? null,
  }
}

/** The path MTU learned for a destination (RFC 1191), in bytes: the mtu of its /32 in table cache. Null if none was learned. */
export function cachedMtu(n: Netns, dst: string): number | null {
  return exception(n, dst)?.mtu ?? null
}

/** The gateway that an ICMP redirect named for a destination: the via of its /32 in table cache. Null if none did. */
export function cachedGateway(n: Netns, dst: string): Address | null {
  return exception(n, dst)?.via ?? null
}

/** What the kernel learned of one destination (find_exception()): its row in table cache. */
function exception(n: Netns, dst: string): Route | undefined {
  const p = tablesOf(n.routes).get('cache')
  const row =
    p === undefined || p.lengths[0] !== 32 ? undefined : p.maps[0]!.get(toNumber(dst) | 0)?.[0]
  return row === undefined ? undefined : n.routes[row]
}

/** The source of a local route: the address itself, or for all else of 127.0.0.0/8 the loopback's (`local 127.0.0.0/8 dev lo src 127.0.0.1`). */
function ownSource(d: Dev, dst: Address): Address {
  const [first] = d.addrs
  return isLo(d) && first !== undefined && isLoopback(dst) ? addressOf(first) : dst
}
