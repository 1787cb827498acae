import { LEAVES_OUT, WHAT_IFS } from '#lib/worlds/flannel/asks.ts'
import { DENY, dropRoute, lowerMtu } from '#lib/worlds/titles.ts'
import type { Asks } from '#lib/worlds/entry.ts'
import type { entry } from './entry.ts'

export const asks = {
  whatIfs: {
    'stop-flanneld': 'Stop flanneld on node-1',
    'stop-flanneld-2': 'Stop flanneld on node-2',
    'drop-route': dropRoute('10.1.0.0/16'),
    'drop-lease': 'flanneld on node-1 forgets node-2’s lease',
    'deny-security-group': DENY,
    'lower-mtu': lowerMtu('flannel0'),
    ...WHAT_IFS,
  },
  leavesOut: [
    ...LEAVES_OUT,
    'How flanneld is scheduled: it reads and writes as soon as there is something.',
  ],
} as const satisfies Asks<typeof entry>
