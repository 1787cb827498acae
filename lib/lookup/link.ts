import type { Dev, DevOf } from '#lib/topology/devs.ts'
import type { Netns } from '#lib/topology/topology.ts'
import { indexed } from './indexed.ts'

const NO_PORTS: readonly Dev[] = []
const NO_TUNNELS: readonly DevOf<'vxlan'>[] = []

const indexOf = indexed((devs: readonly Dev[]) => {
  const ports = new Map<string, Dev[]>()
  const macs = new Map<string, Set<string>>()
  const tunnels = new Map<number, DevOf<'vxlan'>[]>()
  for (const d of devs) {
    if (d.master !== undefined) {
      const same = ports.get(d.master)
      if (same === undefined) ports.set(d.master, [d])
      else same.push(d)
      const known = macs.get(d.master)
      if (known === undefined) macs.set(d.master, new Set([d.mac]))
      else known.add(d.mac)
    }
    if (d.kind !== 'vxlan' || !d.up) continue
    const same = tunnels.get(d.port)
    if (same === undefined) tunnels.set(d.port, [d])
    else same.push(d)
  }
  return { ports, macs, tunnels }
})

/** The ports of a bridge, up or not, in the order of their rows. */
export function portsOf(n: Netns, bridge: string): readonly Dev[] {
  return indexOf(n.devs).ports.get(bridge) ?? NO_PORTS
}

/** Is this MAC that of one of the bridge's own ports? Frames to it go up, not on. */
export function isPortMac(n: Netns, bridge: string, mac: string): boolean {
  return indexOf(n.devs).macs.get(bridge)?.has(mac) === true
}

/** VXLAN devices that are up and receive on this UDP port, in the order of their rows. */
export function vxlansOn(n: Netns, port: number): readonly DevOf<'vxlan'>[] {
  return indexOf(n.devs).tunnels.get(port) ?? NO_TUNNELS
}
