import {
  MTU,
  NO_PROTOCOL_4,
  otherWayBack,
  tunnel,
  WHAT_IFS,
  WITH_TUNL0,
} from '#lib/worlds/calico/asks.ts'
import type { Asks } from '#lib/worlds/entry.ts'
import type { entry } from './entry.ts'

export const asks = {
  whatIfs: {
    ...tunnel('tunl0', 'node-2'),
    'no-protocol-4': NO_PROTOCOL_4,
    'other-way-back': otherWayBack('eth0'),
    ...MTU,
    ...WHAT_IFS,
  },
  leavesOut: WITH_TUNL0,
} as const satisfies Asks<typeof entry>
