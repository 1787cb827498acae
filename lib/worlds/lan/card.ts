import type { Card } from '#lib/worlds/entry.ts'
import { BRIDGED } from '#lib/worlds/limits.ts'
import { BRIDGE_PORTS } from '#lib/topology/bounds.ts'

export const card = {
  id: 'lan',
  title: 'A plain LAN: two nodes, a switch, routes written by hand',
  short: 'LAN',
  traits: {
    addresses: 'overlay',
    between: 'switch',
    runtime: 'kubernetes',
    bridges: ['docker0'],
    enis: 1,
    kubeProxy: true,
  },
  // One port of the switch is the gateway's.
  limits: { ...BRIDGED, nodes: BRIDGE_PORTS - 1 },
} as const satisfies Card
