import { dropRoute, lowerMtu } from '#lib/worlds/titles.ts'
import type { Asks } from '#lib/worlds/entry.ts'
import type { entry } from './entry.ts'

export const asks = {
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
} as const satisfies Asks<typeof entry>
