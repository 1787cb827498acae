import { LEAVES_OUT, WHAT_IFS } from '#lib/worlds/flannel/asks.ts'
import { dropRoute, lowerMtu } from '#lib/worlds/titles.ts'
import type { Asks } from '#lib/worlds/entry.ts'
import type { entry } from './entry.ts'

export const asks = {
  whatIfs: {
    'src-dst-check-off': 'Source/destination check off on both ENIs',
    'drop-route': dropRoute('10.1.20.0/24'),
    'deny-security-group': 'Check off, and the pod range no longer allowed by the security group',
    'lower-mtu': lowerMtu('eth0'),
    ...WHAT_IFS,
  },
  leavesOut: [
    ...LEAVES_OUT,
    'The security group lets the pod range in by its prefix, since a group as peer covers addresses of interfaces only.',
  ],
} as const satisfies Asks<typeof entry>
