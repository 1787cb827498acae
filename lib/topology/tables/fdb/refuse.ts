import { isGroup, ZERO_MAC } from '#lib/wire/addr.ts'
import { isEther, traits } from '../../devs.ts'
import type { Refuse } from '../../refuse.ts'
import type { Netns } from '../../topology.ts'
import type { FdbEntry } from './row.ts'

/** br_fdb_add(), bridge/br_fdb.c; vxlan_fdb_add(), vxlan_core.c; ndo_dflt_fdb_add(). */
function forwarding(n: Netns, f: FdbEntry): string | null {
  const d = n.devs.find((x) => x.name === f.dev)
  if (d === undefined) return null
  if (f.master !== undefined) {
    if (d.master !== f.master)
      return `Operation not supported: ${f.dev} is no port of ${f.master}; name a port of it`
    return f.mac === ZERO_MAC
      ? `Invalid argument: a bridge has no entry for ${ZERO_MAC}; write another MAC address`
      : null
  }
  if (!isEther(d))
    return `FDB add only supported for Ethernet devices: ${d.name} is none; name a bridge’s port or a tunnel`
  return traits(d).remotes === true && f.dst === undefined
    ? `Invalid argument: an entry of ${d.name} says which VTEP; write dst`
    : null
}

export const fdb: Refuse<'fdb'> = {
  alone: forwarding,
  // A bridge has one entry for an address, and a tunnel too, but that a group has as many as remotes.
  one: (n, f) =>
    `entry for ${f.mac} on ${f.master ?? f.dev}${f.master === undefined && (isGroup(f.mac) || f.mac === ZERO_MAC) ? ` to ${f.dst}` : ''}`,
}
