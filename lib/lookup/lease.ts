import type { Daemon, Lease } from '#lib/topology/rows.ts'
import type { Netns } from '#lib/topology/topology.ts'
import { longestFor, prefixes } from './prefix.ts'

const indexOf = prefixes<Lease>(
  (lease) => lease.daemon,
  (lease) => lease.subnet,
)

/** Row in n.leases of the daemon whose subnet contains the address; -1 if none does, or if the lease is the daemon's own (`local` is its public address). */
export function lookupLease(
  n: Netns,
  { name, local }: Pick<Daemon, 'name' | 'local'>,
  dst: string,
): number {
  const known = indexOf(n.leases).get(name)
  const row = known === undefined ? -1 : longestFor(known, dst)
  return row >= 0 && n.leases[row]!.publicIp !== local ? row : -1
}
