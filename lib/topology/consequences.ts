import { addressOf, isCidr, isGroup, ZERO_MAC } from '#lib/wire/addr.ts'
import { addressing } from './addresses.ts'
import { connected, withoutSource } from './connected.ts'
import { isEther, isLo, linkOf, peerOf, traits, wireOf, type Dev, type End } from './devs.ts'
import { KINDS } from './devs/rows.ts'
import { keep } from './keep.ts'
import type { Route, Sysctl } from './rows.ts'
import { standingOn, type Standing } from './stacked.ts'
import { changesOf } from './devs/follows.ts'
import { forwardingRows } from './tables/sysctls/forwarding.ts'
import {
  netns,
  space,
  withSpace,
  withTable,
  type Netns,
  type Space,
  type Topology,
} from './topology.ts'

/* What the kernel changes when a person changes a device (measured on Linux 6.18), and what it refuses. */

/** Why the kernel would not make, change or delete the device: in its words, with the remedy. Null if it would. `before` is null for a device that is added, `after` for one that is deleted. */
export function refusal(n: Netns, before: Dev | null, after: Dev | null): string | null {
  if (after === null) return before === null ? null : (changesOf(before).stays?.(before) ?? null)
  const unread = unreadable(after)
  if (unread !== null) return unread
  if (before !== null && before.kind !== after.kind)
    return `a ${before.kind} stays a ${before.kind}; delete ${before.name} and add another device`
  if (n.devs.filter((d) => d.name === after.name).length > 1)
    return `File exists: a device is called ${after.name} already; give this one another name`
  // eth_validate_addr().
  if (
    isEther(after) &&
    (after.mac === ZERO_MAC || (typeof after.mac === 'string' && isGroup(after.mac)))
  )
    return `Cannot assign requested address: ${after.mac} is not one machine’s; take an address whose first byte is even`
  const no = changesOf(after).refused?.(n, before, after) ?? null
  if (no !== null) return no
  // dev_validate_mtu(); ETH_MIN_MTU, ETH_MAX_MTU. The loopback has neither.
  if (isLo(after)) return null
  if (after.mtu < 68)
    return `mtu less than device minimum: ${after.mtu} bytes carry no IPv4; write 68 or more`
  return after.mtu > 65_535
    ? `mtu greater than device maximum: ${after.mtu}; write 65535 or less`
    : null
}

/** Is the device deleted and made again, since Linux cannot change it so? What hung on it is gone then. */
const remade = (before: Dev, after: Dev): boolean =>
  before.kind === after.kind && changesOf(after).remade?.(before, after) === true

/** What of a device must be readable to say what follows from it. */
function unreadable(d: Dev): string | null {
  if (typeof d.name !== 'string' || d.name === '') return 'a device needs a name; write name'
  if (!Object.hasOwn(KINDS, d.kind))
    return `a device is of kind ${Object.keys(KINDS).join(', ')}; write one of them`
  if (!Array.isArray(d.addrs) || !d.addrs.every((a: unknown) => typeof a === 'string' && isCidr(a)))
    return `addrs of ${d.name} is no list of addresses with their prefix length; write [] or ["10.1.15.1/24"]`
  return changesOf(d).unreadable?.(d) ?? null
}

/** Not a sysctl of the device, which has a directory of its own below conf and neigh. */
const notOf =
  (dev: string) =>
  (x: Sysctl): boolean =>
    !String(x.key).startsWith(`net.ipv4.conf.${dev}.`) &&
    !String(x.key).startsWith(`net.ipv4.neigh.${dev}.`)

/** inetdev_init(), neigh_parms_alloc(): a device that comes has the values of `default`. ip_forward, when it changes, sets that one too (inet_forward_change). */
function inheriting(n: Netns, dev: string): Netns {
  const forwarding = forwardingRows(n.sysctls).get('default')
  const rows = n.sysctls
    .flatMap((x, i): Sysctl[] => {
      const [, of, name] = /^net\.ipv4\.(conf|neigh)\.default\.(\w+)$/.exec(String(x.key)) ?? []
      return of === undefined || (name === 'forwarding' && forwarding !== i)
        ? []
        : [{ key: `net.ipv4.${of}.${dev}.${name}`, value: x.value }]
    })
    .filter((x) => !n.sysctls.some((y) => y.key === x.key))
  return rows.length === 0 ? n : { ...n, sysctls: [...n.sysctls, ...rows] }
}

/** A device is not there any more; `t` is without its row. */
export function deleted(t: Topology, name: string, gone: Dev): Topology {
  const n = netns(t, name)
  if (n === undefined) return t
  let left = keep(n, {
    routes: kept.gone(n, gone.name),
    neigh: (x) => x.dev !== gone.name,
    fdb: (f) => f.dev !== gone.name && f.master !== gone.name,
    sysctls: notOf(gone.name),
  })
  left = withoutSource(left, gone.addrs)
  left = changesOf(gone).gone?.(left, gone) ?? left
  const out = without(withSpace(t, left), { netns: name, dev: gone.name })
  const far = farEnd(out, name, gone)
  return far === null
    ? out
    : deleted(withSpace(out, keep(far.n, { devs: (d) => d !== far.peer })), far.n.name, far.peer)
}

/** NETDEV_UNREGISTER: what stands on a device goes with it. */
function without(t: Topology, below: End): Topology {
  return standingOn(t, below).reduce(
    (out, x) => deleted(withoutDevice(out, x.in, x.dev.name), x.in, x.dev),
    t,
  )
}

function withoutDevice(t: Topology, name: string, dev: string): Topology {
  const n = netns(t, name)
  return n === undefined ? t : withSpace(t, keep(n, { devs: (d) => d.name !== dev }))
}

/** A program that held a TUN ended: the TUN is not persistent (tun.c, __tun_detach). */
export function letGo(t: Topology, name: string, tun: string): Topology {
  const n = netns(t, name)
  const d = n?.devs.find((x) => x.name === tun && traits(x).held)
  return n === undefined || d === undefined
    ? t
    : deleted(withSpace(t, keep(n, { devs: (x) => x !== d })), name, d)
}

/** What of a namespace's other rows follows where a device came (`before` null) or is another; `n` has its row. */
function afterChange(n: Netns, before: Dev | null, after: Dev): Netns {
  const { name: dev } = after
  const again = before === null || remade(before, after)
  let out = before === null ? n : lost(n, before, after)
  if (before !== null && again) out = madeAgain(out, before, after)
  else if (after.up) out = connected(out, before?.up === true ? before : null, after)
  // fib_disable_ip(): with the last address all that IP has on the device goes.
  if (before !== null && addressing(before.addrs, after.addrs).bare)
    out = connected(
      keep(out, { routes: kept.down(out, dev), neigh: (x) => x.dev !== dev }),
      null,
      after,
    )
  out = withoutSource(out, before?.addrs ?? [])
  return again ? inheriting(out, dev) : out
}

/** Which routes stay where a device goes for good, or is set down. */
type Kept = (n: Netns, dev: string) => (r: Route) => boolean
const others: Kept = (_, dev) => (r) => r.dev !== dev
let kept = { gone: others, down: others }
/** Of several next hops others stay (lib/topology/tables/routes/hops.ts). */
export function addKept(more: typeof kept): void {
  kept = more
}

/** What goes with a device's state, its MAC, its bridge. */
function lost(n: Netns, before: Dev, after: Dev): Netns {
  const { name: dev } = after
  let out = n
  if (before.up && !after.up)
    out = keep(out, {
      routes: kept.down(out, dev),
      neigh: (x) => x.dev !== dev,
      fdb: (f) => f.state !== 'learned' || (f.dev !== dev && f.master !== dev),
    })
  // neigh_changeaddr().
  else if (before.mac !== after.mac) out = keep(out, { neigh: (x) => x.dev !== dev })
  // br_fdb_delete_by_port().
  return before.master !== undefined && before.master !== after.master
    ? keep(out, { fdb: (f) => f.dev !== dev || f.master !== before.master })
    : out
}

/** A device that was deleted and made again: nothing that hung on it is left, and its addresses are given to it anew. */
function madeAgain(n: Netns, before: Dev, after: Dev): Netns {
  const { name: dev } = after
  const had = before.addrs.map(addressOf)
  const left = keep(n, {
    routes: (r) =>
      r.dev !== dev && (r.table !== 'main' || r.src === undefined || !had.includes(r.src)),
    neigh: (x) => x.dev !== dev,
    fdb: (f) => f.dev !== dev,
    sysctls: notOf(dev),
  })
  return connected(left, null, after.up ? after : { ...after, addrs: [] })
}

/** A device came (`before` null) or is another; `t` has its row. */
export function changed(
  t: Topology,
  name: string,
  { before, after }: { readonly before: Dev | null; readonly after: Dev },
): Topology {
  const renamed =
    before === null || before.name === after.name
      ? t
      : rename(t, { netns: name, dev: before.name }, after)
  const n = netns(renamed, name)
  if (n === undefined) return renamed
  const out = afterChange(n, before, after)
  const made = above(out === n ? renamed : withSpace(renamed, out), name, { before, after })
  const far = before?.up === true && !after.up ? farEnd(made, name, after) : null
  // The other end has no carrier: br_stp_disable_port().
  return far === null
    ? made
    : withSpace(
        made,
        keep(far.n, {
          fdb: (f) => f.state !== 'learned' || f.master === undefined || f.dev !== far.peer.name,
        }),
      )
}

/** What stands on a device that is another now, or was made again. */
function above(
  t: Topology,
  name: string,
  { before, after }: { readonly before: Dev | null; readonly after: Dev },
): Topology {
  const here: End = { netns: name, dev: after.name }
  const beside = joined(t, here, after)
  if (before === null) return beside
  if (remade(before, after)) return without(beside, here)
  return standingOn(beside, here).reduce(
    (out, x) => become(out, x, changesOf(x.dev).follows?.(x.dev, before, after) ?? x.dev),
    beside,
  )
}

/** What stands beside a device on the same one and has something in common with it. */
function joined(t: Topology, here: End, after: Dev): Topology {
  const link = linkOf(after)
  if (link === null) return t
  return standingOn(t, link).reduce((out, x) => {
    const itself = x.in === here.netns && x.dev.name === here.dev
    if (itself || x.dev.kind !== after.kind) return out
    return become(out, x, changesOf(x.dev).joined?.(x.dev, after) ?? x.dev)
  }, t)
}

function become(t: Topology, { in: name, dev: before }: Standing, after: Dev): Topology {
  const n = netns(t, name)
  if (after === before || n === undefined) return t
  const devs = n.devs.map((d) => (d.name === after.name ? after : d))
  return changed(withSpace(t, withTable(n, 'devs', devs)), name, { before, after })
}

/** The other end of a veth pair, if that says so too. */
function farEnd(
  t: Topology,
  name: string,
  d: Dev,
): { readonly n: Netns; readonly peer: Dev } | null {
  const end = peerOf(d)
  const n = end === null ? undefined : netns(t, end.netns)
  const peer = n?.devs.find((x) => x.name === end?.dev)
  return n === undefined || peer === undefined || peerOf(peer)?.netns !== name ? null : { n, peer }
}

/** The kernel refers to a device by its number: all follows the name, but rules and firewall rules, which keep what was written (`iif veth0 [detached]`). */
function rename(t: Topology, { netns: name, dev: was }: End, d: Dev): Topology {
  const n = netns(t, name)
  if (n === undefined) return t
  const at = <R extends { readonly dev?: string; readonly master?: string }>(
    rows: readonly R[],
  ): readonly R[] =>
    rows.map((r) =>
      r.dev === was || r.master === was
        ? {
            ...r,
            ...(r.dev === was ? { dev: d.name } : {}),
            ...(r.master === was ? { master: d.name } : {}),
          }
        : r,
    )
  const key = (k: string): string =>
    String(k).replace(`net.ipv4.conf.${was}.`, `net.ipv4.conf.${d.name}.`)
  const out = withSpace(t, {
    ...n,
    devs: at(n.devs),
    routes: at(n.routes),
    neigh: at(n.neigh),
    fdb: at(n.fdb),
    daemons: n.daemons.map((x) => (x.tun === was ? { ...x, tun: d.name } : x)),
    sysctls: n.sysctls.map((x) =>
      key(x.key) === x.key ? x : { ...x, key: key(x.key) as typeof x.key },
    ),
  } as Netns)
  const here: Here = (a) => a?.netns === name && a.dev === was
  const there = [
    peerOf(d)?.netns,
    wireOf(d)?.vpc,
    ...standingOn(t, { netns: name, dev: was }).map((x) => x.in),
  ].filter((other) => other !== undefined)
  return there.reduce((o, other) => {
    const s = space(o, other)
    return s === undefined ? o : withSpace(o, elsewhere(s, here, d.name))
  }, out)
}

type Here = (at: End | undefined) => boolean

function elsewhere(s: Space, here: Here, dev: string): Space {
  const at = <R extends { readonly attached: End }>(rows: readonly R[]): readonly R[] =>
    rows.map((r) => (here(r.attached) ? { ...r, attached: { ...r.attached, dev } } : r))
  return s.kind === 'vpc'
    ? { ...s, enis: at(s.enis), outside: at(s.outside) }
    : {
        ...s,
        devs: s.devs.map((x) => {
          if (here(linkOf(x) ?? undefined)) return { ...x, link: { ...linkOf(x)!, dev } } as Dev
          return here(peerOf(x) ?? undefined) ? (changesOf(x).withPeer?.(x, dev) ?? x) : x
        }),
      }
}
