import { ZERO_MAC } from '#lib/wire/addr.ts'
import type { FdbEntry } from '#lib/topology/linux.ts'
import type { Netns } from '#lib/topology/topology.ts'
import { indexed } from './indexed.ts'

type ByMac = Map<string, number>
interface Index { readonly bridges: ReadonlyMap<string, ByMac>; readonly tunnels: ReadonlyMap<string, ByMac> }

const indexOf = indexed((rows: readonly FdbEntry[]): Index => {
  const bridges = new Map<string, ByMac>()
  const tunnels = new Map<string, ByMac>()
  rows.forEach((row, i) => {
    if (row.master !== undefined) put(bridges, row.master, row.mac, i)
    // A vxlan device that is a bridge port has rows of both kinds: its own (`self`) carry the remote.
    if (row.master === undefined || row.dst !== undefined) put(tunnels, row.dev, row.mac, i)
  })
  return { bridges, tunnels }
})

function put(into: Map<string, ByMac>, name: string, mac: string, row: number): void {
  let macs = into.get(name)
  if (macs === undefined) into.set(name, (macs = new Map()))
  if (!macs.has(mac)) macs.set(mac, row)
}

/** Row in n.fdb that says behind which port of the bridge the MAC is; -1 if the bridge does not know it. */
export function lookupFdb(n: Netns, master: string, mac: string): number {
  return indexOf(n.fdb).bridges.get(master)?.get(mac) ?? -1
}

/** Row in n.fdb that says which remote VTEP has the MAC, for a vxlan device: its own row, else the all-zero default one (kernel: vxlan_xmit). -1 if neither is there. */
export function lookupVxlanFdb(n: Netns, dev: string, mac: string): number {
  const macs = indexOf(n.fdb).tunnels.get(dev)
  return macs?.get(mac) ?? macs?.get(ZERO_MAC) ?? -1
}
