import { ZERO_MAC } from '#lib/wire/addr.ts'
import type { FdbEntry } from '#lib/topology/rows.ts'
import type { Netns } from '#lib/topology/topology.ts'
import { grouped } from '#lib/topology/indexed.ts'

const bridges = grouped<FdbEntry, string, string>((row, put) => {
  if (row.master !== undefined) put(row.master, row.mac)
})
// A vxlan device that is a bridge port has rows of both kinds: its own (`self`) carry the remote.
const tunnels = grouped<FdbEntry, string, string>((row, put) => {
  if (row.master === undefined || row.dst !== undefined) put(row.dev, row.mac)
})

/** Row in n.fdb that says behind which port of the bridge the MAC is; -1 if the bridge does not know it. */
export function lookupFdb(n: Netns, master: string, mac: string): number {
  return bridges(n.fdb).get(master)?.get(mac)?.[0] ?? -1
}

/** Row in n.fdb that says which remote VTEP has the MAC, for a vxlan device: its own row, else the all-zero default one (kernel: vxlan_xmit). -1 if neither is there. */
export function lookupVxlanFdb(n: Netns, dev: string, mac: string): number {
  const macs = tunnels(n.fdb).get(dev)
  return (macs?.get(mac) ?? macs?.get(ZERO_MAC))?.[0] ?? -1
}
