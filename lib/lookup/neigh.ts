import type { Neigh } from '#lib/topology/rows.ts'
import type { Netns } from '#lib/topology/topology.ts'
import { grouped } from '#lib/topology/indexed.ts'

const byDev = grouped<Neigh, string, string>((row, put) => put(row.dev, row.ip))

/** Row in n.neigh for the address on the device, whatever its state; -1 if there is none. */
export function lookupNeigh(n: Netns, dev: string, ip: string): number {
  return byDev(n.neigh).get(dev)?.get(ip)?.[0] ?? -1
}
