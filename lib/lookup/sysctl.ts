import type { Sysctl } from '#lib/topology/linux.ts'
import type { Netns } from '#lib/topology/topology.ts'
import { indexed } from './indexed.ts'

const byKey = indexed((rows: readonly Sysctl[]): ReadonlyMap<string, number> => {
  const keys = new Map<string, number>()
  rows.forEach((row, i) => { if (!keys.has(row.key)) keys.set(row.key, i) })
  return keys
})

/** Row in n.sysctls, -1 if the key is not written down. */
export function sysctlRow(n: Netns, key: string): number {
  return byKey(n.sysctls).get(key) ?? -1
}

/** The value of a sysctl; `fallback` is the kernel's default, which the caller knows and documents. */
export function sysctl(n: Netns, key: string, fallback: number): number {
  const row = byKey(n.sysctls).get(key)
  return row === undefined ? fallback : n.sysctls[row]!.value
}

/** Names of the sysctls that `all` and each device have, built once: device names repeat, and a new string must be hashed before it can be looked up. */
const names = new Map<string, readonly [all: string, dev: string]>()
const MOST_NAMES = 4096
function confNames(dev: string, name: string): readonly [all: string, dev: string] {
  const id = `${dev} ${name}`
  const known = names.get(id)
  if (known !== undefined) return known
  if (names.size >= MOST_NAMES) names.clear()
  const made = [`net.ipv4.conf.all.${name}`, `net.ipv4.conf.${dev}.${name}`] as const
  names.set(id, made)
  return made
}

/** IN_DEV_MAXCONF(): the larger of `all` and the device's own (arp_ignore, arp_announce, rp_filter). For a switch that is IN_DEV_ORCONF(): on if either is (proxy_arp, arp_filter, accept_local, route_localnet). 0 where nothing is written. */
export function confMax(n: Netns, dev: string, name: 'rp_filter' | 'accept_local' | 'route_localnet' | 'arp_ignore' | 'arp_announce' | 'arp_filter' | 'proxy_arp'): number {
  if (n.sysctls.length === 0) return 0
  const [all, own] = confNames(dev, name)
  return Math.max(sysctl(n, all, 0), sysctl(n, own, 0))
}

const forwarding = indexed((rows: readonly Sysctl[]): ReadonlyMap<string, number> => {
  const written = new Map<string, number>()
  rows.forEach((row, i) => {
    const dev = /^net\.ipv4\.conf\.(.+)\.forwarding$/.exec(row.key)?.[1]
    // inet_forward_change(): the switch of all devices sets each of theirs.
    if (row.key === 'net.ipv4.ip_forward' || dev === 'all') { written.clear(); written.set('', i) } else if (dev !== undefined) written.set(dev, i)
  })
  return written
})

/** Row in n.sysctls that says whether what comes in by the device is forwarded (ip_forward and conf.all.forwarding are one switch; a device has one of its own, which that sets); -1: nobody wrote any, and nothing is. */
export function forwardingRow(n: Netns, dev: string): number {
  const written = forwarding(n.sysctls)
  return written.get(dev) ?? written.get('') ?? -1
}

/** IN_DEV_FORWARD(): is what comes in by this device forwarded? */
export function forwards(n: Netns, dev: string): boolean {
  return (n.sysctls[forwardingRow(n, dev)]?.value ?? 0) !== 0
}

/** The TTL of what nobody chose one for: errors, echo replies, tunnels, sockets (RFC 1340: 64). */
export function defaultTtl(n: Netns): number {
  return sysctl(n, 'net.ipv4.ip_default_ttl', 64)
}
