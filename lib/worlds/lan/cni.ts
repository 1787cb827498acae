import { by } from '#lib/worlds/by.ts'
import type { Cni } from '#lib/worlds/cluster/spec.ts'
import {
  attach,
  bridgeConnected,
  BRIDGE_MAKER,
  BRIDGE_PLUGIN,
  rangeOf,
  setup,
  type BridgeOptions,
} from '#lib/worlds/cni/bridge.ts'

const WRITTEN = by('person', 'node-joined')
/** Pods know one way, their bridge. */
const ON_BRIDGE: Omit<BridgeOptions, 'mtu'> = {
  bridge: 'docker0',
  hairpin: false,
  network: null,
  makes: BRIDGE_MAKER.docker0,
  attaches: BRIDGE_PLUGIN,
}

/** A bridge on each node and a route to every other node's range by that node's address: what host-gw writes, without the program. */
export const routed: Cni = {
  setup: (n) => setup(n, { ...ON_BRIDGE, mtu: n.mtu }),
  attach: (p, n) => attach(p, n, { ...ON_BRIDGE, mtu: n.mtu }),
  join: (from, others) => [
    {
      in: from.name,
      by: WRITTEN,
      rows: {
        routes: others.map((n) => ({ table: 'main', dst: rangeOf(n), via: n.ip, dev: 'eth0' })),
      },
    },
  ],
  connected: (n) => bridgeConnected(n, { ...ON_BRIDGE, mtu: n.mtu }),
  addresses: () => [],
}
