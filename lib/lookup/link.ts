import type { Dev } from '#lib/topology/devs.ts'
import type { Netns } from '#lib/topology/topology.ts'
import { indexed } from '#lib/topology/indexed.ts'

const NO_PORTS: readonly Dev[] = []

const indexOf = indexed((devs: readonly Dev[]) => {
  const ports = new Map<string, Dev[]>()
  const macs = new Map<string, Set<string>>()
  for (const d of devs) {
    if (d.master === undefined) continue
    const same = ports.get(d.master)
    if (same === undefined) ports.set(d.master, [d])
    else same.push(d)
    const known = macs.get(d.master)
    if (known === undefined) macs.set(d.master, new Set([d.mac]))
    else known.add(d.mac)
  }
  return { ports, macs }
})

/** The ports of a bridge, up or not, in the order of their rows. */
export function portsOf(n: Netns, bridge: string): readonly Dev[] {
  return indexOf(n.devs).ports.get(bridge) ?? NO_PORTS
}

/** Is this MAC that of one of the bridge's own ports? Frames to it go up, not on. */
export function isPortMac(n: Netns, bridge: string, mac: string): boolean {
  return indexOf(n.devs).macs.get(bridge)?.has(mac) === true
}
