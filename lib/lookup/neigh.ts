import type { Neigh } from '#lib/topology/linux.ts'
import type { Netns } from '#lib/topology/topology.ts'
import { indexed } from './indexed.ts'

const byDev = indexed((rows: readonly Neigh[]): ReadonlyMap<string, ReadonlyMap<string, number>> => {
  const devs = new Map<string, Map<string, number>>()
  rows.forEach((row, i) => {
    let ips = devs.get(row.dev)
    if (ips === undefined) devs.set(row.dev, (ips = new Map()))
    if (!ips.has(row.ip)) ips.set(row.ip, i)
  })
  return devs
})

/** Row in n.neigh for the address on the device, whatever its state; -1 if there is none. */
export function lookupNeigh(n: Netns, dev: string, ip: string): number {
  return byDev(n.neigh).get(dev)?.get(ip) ?? -1
}
