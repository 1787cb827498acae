import type { Entry } from '#lib/worlds/entry.ts'
import { BRIDGED } from '#lib/worlds/limits.ts'
import { BRIDGE_PORTS } from '#lib/topology/bounds.ts'

export const PROBES = ['probe-1', 'probe-2', 'probe-3'] as const

export const entry = {
  id: 'lan',
  title: 'A plain LAN: two nodes, a switch, routes written by hand',
  short: 'LAN',
  flows: [
    'frontend-1-to-backend-2',
    'ping',
    'same-node',
    'frontend-1-to-frontend-2',
    'backend-2-to-frontend-1',
    'large',
    'large-no-df',
    'to-node',
    'to-internet',
    'node-to-internet',
    ...PROBES,
  ],
  whatIfs: [
    'drop-route',
    'drop-route-back',
    'detour',
    'wrong-neighbour',
    'unplug-node-2',
    'pod-link-down',
    'ip-forward-off',
    'rp-filter-strict',
    'lower-mtu',
  ],
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
} as const satisfies Entry
