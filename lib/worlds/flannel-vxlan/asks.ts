import { LEAVES_OUT, WHAT_IFS } from '#lib/worlds/flannel/asks.ts'
import { DENY, dropRoute, lowerMtu } from '#lib/worlds/titles.ts'
import type { Asks } from '#lib/worlds/entry.ts'
import type { entry } from './entry.ts'

export const asks = {
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
} as const satisfies Asks<typeof entry>
