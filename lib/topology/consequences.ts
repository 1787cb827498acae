import { addressOf, inCidr, isCidr, isIpv4, networkOf, parseCidr, type Cidr } from '#lib/wire/addr.ts'
import { addressing } from './addresses.ts'
import type { Dev } from './devs.ts'
import type { Route } from './linux.ts'
import { netns, space, withSpace, type Netns, type Space, type Topology } from './topology.ts'

/* What the kernel changes when a person changes a device (measured on Linux 6.18), and what it refuses. */

const KINDS: readonly string[] = ['loopback', 'nic', 'veth', 'bridge', 'vxlan', 'tun']

/** Why the kernel would not make, change or delete the device: in its words, with the remedy. Null if it would. `before` is null for a device that is added, `after` for one that is deleted. */
export function refusal(n: Netns, before: Dev | null, after: Dev | null): string | null {
  if (after === null) return before?.kind === 'loopback' ? `Operation not supported: ${before.name} is there as long as its namespace; set it down instead` : null
  const unread = unreadable(after)
  if (unread !== null) return unread
  if (before !== null && before.kind !== after.kind) return `a ${before.kind} stays a ${before.kind}; delete ${before.name} and add another device`
  if (n.devs.filter((d) => d.name === after.name).length > 1) return `File exists: a device is called ${after.name} already; give this one another name`
  // dev_validate_mtu(); ETH_MIN_MTU, ETH_MAX_MTU. The loopback has neither.
  if (after.kind === 'loopback') return null
  if (after.mtu < 68) return `mtu less than device minimum: ${after.mtu} bytes carry no IPv4; write 68 or more`
  return after.mtu > 65_535 ? `mtu greater than device maximum: ${after.mtu}; write 65535 or less` : null
}

/** What of a device must be readable to say what follows from it. */
function unreadable(d: Dev): string | null {
  if (typeof d.name !== 'string' || d.name === '') return 'a device needs a name; write name'
  if (!KINDS.includes(d.kind)) return `a device is of kind ${KINDS.join(', ')}; write one of them`
  if (!Array.isArray(d.addrs) || !d.addrs.every((a: unknown) => typeof a === 'string' && isCidr(a))) return `addrs of ${d.name} is no list of addresses with their prefix length; write [] or ["10.1.15.1/24"]`
  const texts = (x: unknown, ...keys: readonly string[]): boolean => typeof x === 'object' && x !== null && keys.every((k) => typeof (x as Readonly<Record<string, unknown>>)[k] === 'string')
  if (d.kind === 'veth' && !texts(d.peer, 'netns', 'dev')) return `${d.name} has no other end; write peer: { netns, dev }`
  return d.kind === 'nic' && !texts(d.wire, 'vpc') ? `${d.name} has no wire; write wire: { vpc, eni }` : null
}

/** The namespace with some rows of some tables kept; tables that lose nothing stay the same array. */
function keep(n: Netns, rules: { readonly [T in 'devs' | 'routes' | 'neigh' | 'fdb']?: (row: Netns[T][number]) => boolean }): Netns {
  let out = n
  for (const [table, test] of Object.entries(rules) as ['devs', (row: Dev) => boolean][]) {
    const rows = out[table].filter(test)
    if (rows.length !== out[table].length) out = { ...out, [table]: rows }
  }
  return out
}

/** A device is not there any more; `t` is without its row. */
export function deleted(t: Topology, name: string, gone: Dev): Topology {
  const n = netns(t, name)
  if (n === undefined) return t
  let left = keep(n, { routes: (r) => r.dev !== gone.name, neigh: (x) => x.dev !== gone.name, fdb: (f) => f.dev !== gone.name && f.master !== gone.name })
  left = withoutSource(left, gone.addrs)
  if (gone.kind === 'tun' && left.daemons.some((d) => d.tun === gone.name)) left = { ...left, daemons: left.daemons.filter((d) => d.tun !== gone.name) }
  if (gone.kind === 'bridge' && left.devs.some((d) => d.master === gone.name)) left = { ...left, devs: left.devs.map((d) => (d.master === gone.name ? freed(d) : d)) }
  const out = withSpace(t, left)
  const far = farEnd(out, name, gone)
  return far === null ? out : deleted(withSpace(out, keep(far.n, { devs: (d) => d !== far.peer })), far.n.name, far.peer)
}

/** A program that held a TUN ended: the TUN is not persistent (tun.c, __tun_detach). */
export function letGo(t: Topology, name: string, tun: string): Topology {
  const n = netns(t, name)
  const d = n?.devs.find((x) => x.name === tun && x.kind === 'tun')
  return n === undefined || d === undefined ? t : deleted(withSpace(t, keep(n, { devs: (x) => x !== d })), name, d)
}

/** A device came (`before` null) or is another; `t` has its row. */
export function changed(t: Topology, name: string, before: Dev | null, after: Dev): Topology {
  const renamed = before === null || before.name === after.name ? t : rename(t, name, before.name, after)
  const n = netns(renamed, name)
  if (n === undefined) return renamed
  const { name: dev } = after
  let out = n
  if (before?.up === true && !after.up) out = keep(out, { routes: (r) => r.dev !== dev, neigh: (x) => x.dev !== dev, fdb: (f) => f.state !== 'learned' || (f.dev !== dev && f.master !== dev) })
  // neigh_changeaddr().
  else if (before !== null && before.mac !== after.mac) out = keep(out, { neigh: (x) => x.dev !== dev })
  // br_fdb_delete_by_port().
  if (before?.master !== undefined && before.master !== after.master) out = keep(out, { fdb: (f) => f.dev !== dev || f.master !== before.master })
  if (after.up) out = connected(out, before?.up === true ? before : null, after)
  // fib_disable_ip(): with the last address all that IP has on the device goes.
  if (before !== null && addressing(before.addrs, after.addrs).bare) out = connected(keep(out, { routes: (r) => r.dev !== dev, neigh: (x) => x.dev !== dev }), null, after)
  out = withoutSource(out, before?.addrs ?? [])
  const made = out === n ? renamed : withSpace(renamed, out)
  const far = before?.up === true && !after.up ? farEnd(made, name, after) : null
  // The other end has no carrier: br_stp_disable_port().
  return far === null ? made : withSpace(made, keep(far.n, { fdb: (f) => f.state !== 'learned' || f.master === undefined || f.dev !== far.peer.name }))
}

/** Connected routes follow a device's state and addresses: one for each network, with the first address in it (fib_add_ifaddr: secondary addresses bring none). */
function connected(n: Netns, before: Dev | null, after: Dev): Netns {
  const [old, now] = [before === null ? [] : connectedRoutes(after.name, before.addrs), after.kind === 'loopback' ? [] : connectedRoutes(after.name, after.addrs)]
  const gone = old.filter((o) => !now.some((c) => isConnected(o, c)))
  const routes = gone.length === 0 ? n.routes : n.routes.filter((r) => !gone.some((g) => isConnected(r, g)))
  const fresh = now.filter((c) => !old.some((o) => isConnected(o, c)) && !routes.some((r) => isConnected(r, c)))
  return routes.length === n.routes.length && fresh.length === 0 ? n : { ...n, routes: [...routes, ...fresh] }
}

/** The routes that come with addresses; none with a /32. */
function connectedRoutes(dev: string, addrs: readonly Cidr[]): Route[] {
  const first = new Map<Cidr, Cidr>()
  for (const a of addrs) if (parseCidr(a).bits < 32 && !first.has(networkOf(a))) first.set(networkOf(a), a)
  return [...first].map(([dst, a]) => ({ table: 'main', dst, dev, proto: 'kernel', scope: 'link', src: addressOf(a) }))
}

function isConnected(r: Route, c: Route): boolean {
  return r.table === c.table && r.dst === c.dst && r.dev === c.dev && r.proto === 'kernel' && r.src === c.src
}

/** fib_sync_down_addr(): a route of the main table whose source address no device has any more goes. */
function withoutSource(n: Netns, had: readonly Cidr[]): Netns {
  const gone = new Set(had.map(addressOf).filter((a) => !n.devs.some((d) => d.addrs.some((x) => addressOf(x) === a))))
  return gone.size === 0 ? n : keep(n, { routes: (r) => r.table !== 'main' || r.src === undefined || !gone.has(r.src) })
}

/** The other end of a veth pair, if that says so too. */
function farEnd(t: Topology, name: string, d: Dev): { readonly n: Netns; readonly peer: Dev } | null {
  if (d.kind !== 'veth') return null
  const n = netns(t, d.peer.netns)
  const peer = n?.devs.find((x) => x.name === d.peer.dev)
  return n === undefined || peer?.kind !== 'veth' || peer.peer.netns !== name ? null : { n, peer }
}

/** A port whose bridge is gone. */
function freed(d: Dev): Dev {
  const { master: _master, hairpin: _hairpin, ...rest } = d
  return rest as Dev
}

/** The kernel refers to a device by its number: all follows the name, but rules and firewall rules, which keep what was written (`iif veth0 [detached]`). */
function rename(t: Topology, name: string, was: string, d: Dev): Topology {
  const n = netns(t, name)
  if (n === undefined) return t
  const at = <R extends { readonly dev?: string; readonly master?: string }>(rows: readonly R[]): readonly R[] => rows.map((r) => (r.dev === was || r.master === was ? { ...r, ...(r.dev === was ? { dev: d.name } : {}), ...(r.master === was ? { master: d.name } : {}) } : r))
  const key = (k: string): string => String(k).replace(`net.ipv4.conf.${was}.`, `net.ipv4.conf.${d.name}.`)
  const out = withSpace(t, {
    ...n, devs: at(n.devs), routes: at(n.routes), neigh: at(n.neigh), fdb: at(n.fdb), daemons: n.daemons.map((x) => (x.tun === was ? { ...x, tun: d.name } : x)), sysctls: n.sysctls.map((x) => (key(x.key) === x.key ? x : { ...x, key: key(x.key) as typeof x.key })),
  } as Netns)
  const here: Here = (a) => a?.netns === name && a.dev === was
  const there: readonly string[] = d.kind === 'veth' ? [d.peer.netns] : d.kind === 'nic' ? [d.wire.vpc] : []
  return there.reduce((o, other) => {
    const s = space(o, other)
    return s === undefined ? o : withSpace(o, elsewhere(s, here, d.name))
  }, out)
}

type Here = (at: { readonly netns: string; readonly dev: string } | undefined) => boolean

function elsewhere(s: Space, here: Here, dev: string): Space {
  const at = <R extends { readonly attached: { readonly netns: string; readonly dev: string } }>(rows: readonly R[]): readonly R[] => rows.map((r) => (here(r.attached) ? { ...r, attached: { ...r.attached, dev } } : r))
  return s.kind === 'vpc' ? { ...s, enis: at(s.enis), outside: at(s.outside) } : { ...s, devs: s.devs.map((x) => (x.kind === 'veth' && here(x.peer) ? { ...x, peer: { ...x.peer, dev } } : x)) }
}

/** The device a next hop written without one is on (fib_check_nh): that of the longest prefix which is on link, else the first that has it on a prefix of its own. */
function towards(n: Netns, via: string): string | undefined {
  const up = n.devs.filter((d) => d.up)
  const link = n.routes.filter((r) => r.via === undefined && r.dst !== '0.0.0.0/0' && typeof r.dst === 'string' && isCidr(r.dst) && inCidr(via, r.dst) && up.some((d) => d.name === r.dev))
  const longest = link.toSorted((a, b) => parseCidr(b.dst).bits - parseCidr(a.dst).bits)[0]
  return longest?.dev ?? up.find((d) => d.addrs.some((a) => inCidr(via, a)))?.name
}

/** Routes written without a device, where devices or routes of their namespace changed: the kernel found theirs when they came, so they go with it, and stay on it when another would be found now. */
export function settled(before: Topology, after: Topology): Topology {
  let out = after
  for (const [name, now] of after.edited) {
    const was = space(before, name)
    if (now.kind !== 'netns' || was?.kind !== 'netns' || (was.devs === now.devs && was.routes === now.routes)) continue
    const held = new Set(was.routes)
    const ups = new Set(now.devs.filter((d) => d.up && !addressing(was.devs.find((x) => x.name === d.name)?.addrs ?? [], d.addrs).bare).map((d) => d.name))
    // A device that is called otherwise now stands where it stood.
    const called = (dev: string | undefined): string | undefined => (was.devs.length === now.devs.length ? now.devs[was.devs.findIndex((d) => d.name === dev)]?.name : dev)
    const routes = now.routes.flatMap((r) => {
      if (r.dev !== undefined || typeof r.via !== 'string' || !isIpv4(r.via) || !held.has(r)) return [r]
      const dev = called(towards(was, r.via))
      if (dev === undefined || dev === towards(now, r.via)) return [r]
      return ups.has(dev) ? [{ ...r, dev }] : []
    })
    if (routes.length !== now.routes.length || routes.some((r, i) => r !== now.routes[i])) out = withSpace(out, { ...now, routes })
  }
  return out
}
