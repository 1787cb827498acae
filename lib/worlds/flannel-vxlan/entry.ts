import type { Entry } from '#lib/worlds/entry.ts'
import { FLOWS, LEAVES_OUT, TRAITS, WHAT_IFS } from '#lib/worlds/flannel/entry.ts'
import { BRIDGED } from '#lib/worlds/limits.ts'
import { DENY, dropRoute, lowerMtu } from '#lib/worlds/titles.ts'

export const entry = {
  id: 'flannel-vxlan',
  title: 'flannel, vxlan: the kernel wraps every frame',
  short: 'flannel vxlan',
  flows: FLOWS,
  whatIfs: {
    'stop-flanneld':
      'flanneld on node-1 is stopped and forgets its leases: what it wrote into the kernel stays',
    'drop-route': dropRoute('10.1.20.0/24'),
    'delete-fdb': 'Delete node-2’s FDB entry on node-1',
    'delete-neigh': 'Delete node-2’s neighbour entry on node-1',
    'stale-vtep-mac': 'flannel.1 on node-2 gets a new MAC that node-1 has not heard of',
    'deny-security-group': DENY,
    'lower-mtu': lowerMtu('flannel.1'),
    ...WHAT_IFS,
  },
  leavesOut: LEAVES_OUT,
  traits: TRAITS,
  limits: BRIDGED,
} as const satisfies Entry
