import {
  addressOf,
  inCidr,
  isLoopback,
  parseCidr,
  toNumber,
  type Cidr,
  type Address,
} from '#lib/wire/addr.ts'
import { isLo, type Dev } from '#lib/topology/devs.ts'
import type { Netns } from '#lib/topology/topology.ts'
import { indexed } from '#lib/topology/indexed.ts'

/** A device that owns an address; `devIndex` is its row in devs. */
export interface LocalAddress {
  readonly dev: Dev
  readonly devIndex: number
}

interface Connected {
  readonly dev: Dev
  readonly address: Address
  readonly base: number
  readonly mask: number
}
interface Index {
  readonly byName: ReadonlyMap<string, number>
  readonly local: ReadonlyMap<number, LocalAddress>
  readonly broadcasts: ReadonlyMap<number, LocalAddress>
  readonly loopback: LocalAddress | null
  /** Prefixes of devices that are up, in order. */
  readonly connected: readonly Connected[]
  /** Last resort of inet_select_addr(): the first address of any device that is not a loopback. */
  readonly anyAddress: Address | null
}

const indexOf = indexed((devs: readonly Dev[]): Index => {
  const byName = new Map<string, number>()
  const local = new Map<number, LocalAddress>()
  const broadcasts = new Map<number, LocalAddress>()
  const connected: Connected[] = []
  let loopback: LocalAddress | null = null
  let anyAddress: Address | null = null
  devs.forEach((dev, devIndex) => {
    const here = { dev, devIndex }
    if (!byName.has(dev.name)) byName.set(dev.name, devIndex)
    if (isLo(dev)) loopback ??= here
    for (const cidr of dev.addrs) {
      const { address, base, mask, bits } = parseCidr(cidr)
      const ip = addressOf(cidr)
      if (!local.has(address | 0)) local.set(address | 0, here)
      if (!isLo(dev)) anyAddress ??= ip
      // Broadcast routes go with the link; local ones stay (fib_sync_down_dev spares nexthops of scope nowhere).
      if (!dev.up) continue
      connected.push({ dev, address: ip, base, mask })
      if (bits < 31 && !broadcasts.has(base | ~mask)) broadcasts.set(base | ~mask, here)
    }
  })
  return { byName, local, broadcasts, loopback, connected, anyAddress }
})

/** The kernel's local table: which device of n owns the address, up or not; 127.0.0.0/8 belongs to the loopback, if there is one, but for its broadcast address. Null if nobody does. */
export function localAddress(n: Netns, ip: string): LocalAddress | null {
  const address = toNumber(ip)
  const index = indexOf(n.devs)
  const owner = index.local.get(address | 0)
  if (owner !== undefined) return owner
  return address >>> 24 === 127 && !index.broadcasts.has(address | 0) ? index.loopback : null
}

/** Has a device exactly this address (inet_lookup_ifaddr_rcu)? Not all of 127.0.0.0/8. */
export function hasAddress(n: Netns, ip: string): boolean {
  return indexOf(n.devs).local.has(toNumber(ip) | 0)
}

/** Is the address 255.255.255.255 or the broadcast address of a prefix (shorter than /31) of a device that is up? */
export function broadcastAddress(n: Netns, ip: string): boolean {
  const address = toNumber(ip) | 0
  return address === -1 || indexOf(n.devs).broadcasts.has(address)
}

/** The device whose prefix has this broadcast address; null for 255.255.255.255 and for any other address. */
export function broadcastDevice(n: Netns, ip: string): LocalAddress | null {
  return indexOf(n.devs).broadcasts.get(toNumber(ip) | 0) ?? null
}

export function deviceByName(n: Netns, name: string): Dev | undefined {
  const row = indexOf(n.devs).byName.get(name)
  return row === undefined ? undefined : n.devs[row]
}

/** Row of the device in n.devs, -1 if there is none. */
export function deviceIndex(n: Netns, name: string): number {
  return indexOf(n.devs).byName.get(name) ?? -1
}

/** Name of the loopback device; 'lo' where there is none. */
export function loopbackName(n: Netns): string {
  return indexOf(n.devs).loopback?.dev.name ?? 'lo'
}

/** The device a next hop written without one is on: the first that is up and has a prefix containing it (kernel: fib_check_nh). Null if none has. */
export function deviceTowards(n: Netns, via: string): Dev | null {
  const number = toNumber(via)
  for (const c of indexOf(n.devs).connected) if ((number & c.mask) >>> 0 === c.base) return c.dev
  return null
}

/**
 * The source address for packets leaving by a device towards a next hop (kernel: inet_select_addr): the device's first address
 * on the next hop's prefix, else its first address, else the first address of any device but a loopback. `via` null: on link,
 * for which the kernel compares nothing and takes the first. Only what has scope host itself (`host`) gets an address of that scope.
 * Null if there is no address at all.
 */
export function sourceAddress(
  n: Netns,
  dev: Dev,
  { via, host = false }: { readonly via: string | null; readonly host?: boolean },
): Address | null {
  const first = dev.addrs[0]
  if (first === undefined) return indexOf(n.devs).anyAddress
  if (!host && hostOnly(first)) return selectAddress(n, dev, via ?? '0.0.0.0')
  const near =
    via === null || dev.addrs.length === 1 ? undefined : dev.addrs.find((a) => inCidr(via, a))
  return addressOf(near ?? first)
}

/** Addresses of 127.0.0.0/8 have scope host: nobody else may see them. */
function hostOnly(address: Cidr): boolean {
  return isLoopback(address)
}

/**
 * inet_select_addr() with scope universe: the device's first address on the target's prefix, else its first, else the first of any
 * other device; never one that is good on this host only. Null if there is none.
 */
export function selectAddress(n: Netns, dev: Dev, target: string): Address | null {
  const near = dev.addrs.filter((a) => !hostOnly(a))
  const found =
    near.find((a) => inCidr(target, a)) ??
    near[0] ??
    n.devs.flatMap((d) => d.addrs).find((a) => !hostOnly(a))
  return found === undefined ? null : addressOf(found)
}
