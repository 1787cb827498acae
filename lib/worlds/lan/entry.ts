import type { Entry } from '#lib/worlds/entry.ts'
import { BRIDGED } from '#lib/worlds/limits.ts'
import { BRIDGE_PORTS } from '#lib/topology/bounds.ts'
import { dropRoute, lowerMtu } from '#lib/worlds/titles.ts'

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
  whatIfs: {
    'drop-route': dropRoute('10.1.20.0/24'),
    'drop-route-back':
      'Delete the route to 10.1.15.0/24 on node-2: the question arrives, the answer goes astray',
    detour: 'node-1’s route is deleted and the gateway knows both pod ranges: one router more',
    'wrong-neighbour': 'node-1 holds the gateway’s MAC for 192.168.0.200',
    'unplug-node-2': 'Pull node-2’s cable out of the switch',
    'pod-link-down': 'Set backend-service-2’s eth0 down',
    'ip-forward-off': 'Turn off ip_forward on node-1',
    'rp-filter-strict': 'Strict rp_filter on both nodes',
    'lower-mtu': lowerMtu('eth0'),
  },
  leavesOut: [
    'The switch is a Linux bridge: it learns and floods as switches do, without VLANs, spanning tree or storm control.',
    'The gateway translates nothing, and beyond it is one link with one host.',
    'MAC addresses that are the makers’ on real machines are fixed here, so that they can be read.',
    'Who writes each node’s route to the other’s pods, and keeps it right, is a person.',
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
