import type { Sysctl } from '#lib/topology/rows.ts'
import type { Netns } from '#lib/topology/topology.ts'
import { indexed } from '#lib/topology/indexed.ts'
import { forwardingRows } from '#lib/topology/tables/sysctls/forwarding.ts'

const byKey = indexed((rows: readonly Sysctl[]): ReadonlyMap<string, number> => {
  const keys = new Map<string, number>()
  rows.forEach((row, i) => {
    if (!keys.has(row.key)) keys.set(row.key, i)
  })
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
type Conf =
  | 'rp_filter'
  | 'accept_local'
  | 'route_localnet'
  | 'arp_ignore'
  | 'arp_announce'
  | 'arp_filter'
  | 'proxy_arp'
  | 'send_redirects'
interface Names {
  readonly all: string
  readonly of: Map<string, string>
}
const named = (name: Conf): Names => ({ all: `net.ipv4.conf.all.${name}`, of: new Map() })
const NAMES: { readonly [C in Conf]: Names } = {
  rp_filter: named('rp_filter'),
  accept_local: named('accept_local'),
  route_localnet: named('route_localnet'),
  arp_ignore: named('arp_ignore'),
  arp_announce: named('arp_announce'),
  arp_filter: named('arp_filter'),
  proxy_arp: named('proxy_arp'),
  send_redirects: named('send_redirects'),
}
const MOST_NAMES = 4096
function ownName(dev: string, name: Conf): string {
  const { of } = NAMES[name]
  let own = of.get(dev)
  if (own === undefined) {
    if (of.size >= MOST_NAMES) of.clear()
    of.set(dev, (own = `net.ipv4.conf.${dev}.${name}`))
  }
  return own
}

/** IN_DEV_MAXCONF(): the larger of `all` and the device's own (arp_ignore, arp_announce, rp_filter). For a switch that is IN_DEV_ORCONF(): on if either is (proxy_arp, arp_filter, accept_local, route_localnet, send_redirects). 0 where nothing is written. */
export function confMax(n: Netns, dev: string, name: Conf): number {
  if (n.sysctls.length === 0) return 0
  return Math.max(sysctl(n, NAMES[name].all, 0), sysctl(n, ownName(dev, name), 0))
}

/** Row in n.sysctls that says whether what comes in by the device is forwarded (ip_forward and conf.all.forwarding are one switch; a device has one of its own, which that sets); -1: nobody wrote any, and nothing is. */
export function forwardingRow(n: Netns, dev: string): number {
  const written = forwardingRows(n.sysctls)
  return written.get(dev) ?? written.get('') ?? -1
}

/** IN_DEV_FORWARD(): is what comes in by this device forwarded? */
export function forwards(n: Netns, dev: string): boolean {
  return (n.sysctls[forwardingRow(n, dev)]?.value ?? 0) !== 0
}

/** IN_DEV_TX_REDIRECTS() of what leaves by the device that it came in by: does its sender hear of the shorter way? Nobody does where it is not written: Linux's own default is 1. */
export function redirects(n: Netns, dev: string, out: string | null): boolean {
  return out === dev && confMax(n, dev, 'send_redirects') > 0
}

/** net.ipv4.ip_early_demux, tcp_early_demux: is a segment tied to its socket before anybody asks for its way? So it is where neither is written. */
export function tiesEarly(n: Netns): boolean {
  return (
    sysctl(n, 'net.ipv4.ip_early_demux', 1) !== 0 && sysctl(n, 'net.ipv4.tcp_early_demux', 1) !== 0
  )
}

/** net.ipv4.ip_no_pmtu_disc: 0 lets sockets find out (DF); with 1, 2 and 3 theirs have no DF, and ICMP 3/4 counts as the least MTU, as nothing, or for protocols only that can check it. */
export function pathMtuDiscovery(n: Netns): number {
  return n.sysctls.length === 0 ? 0 : sysctl(n, 'net.ipv4.ip_no_pmtu_disc', 0)
}

/** net.ipv4.ip_local_port_range, as Linux has it by default: the ports that are given to who asks for none. */
export const LOCAL_PORTS = [32768, 60999] as const

/** The TTL of what nobody chose one for: errors, echo replies, tunnels, sockets (RFC 1340: 64). */
export function defaultTtl(n: Netns): number {
  return sysctl(n, 'net.ipv4.ip_default_ttl', 64)
}
