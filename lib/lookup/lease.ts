import { toNumber } from '#lib/wire/addr.ts'
import type { Lease } from '#lib/topology/linux.ts'
import type { Netns } from '#lib/topology/topology.ts'
import { indexed } from './indexed.ts'
import { buildPrefixes, longest, type Prefixes } from './prefix.ts'

const indexOf = indexed((rows: readonly Lease[]) => {
  const lists = new Map<string, [number, string][]>()
  rows.forEach((row, i) => {
    const same = lists.get(row.daemon)
    if (same === undefined) lists.set(row.daemon, [[i, row.subnet]])
    else same.push([i, row.subnet])
  })
  return new Map<string, Prefixes>([...lists].map(([daemon, list]) => [daemon, buildPrefixes(list)]))
})

/** Row in n.leases of the daemon whose subnet contains the address; -1 if none does, or if the lease is the daemon's own (`local` is its public address). */
export function lookupLease(n: Netns, daemon: string, local: string, dst: string): number {
  const prefixes = indexOf(n.leases).get(daemon)
  const row = prefixes === undefined ? -1 : longest(prefixes, toNumber(dst))
  return row >= 0 && n.leases[row]!.publicIp !== local ? row : -1
}
