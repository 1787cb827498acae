import { LEAVES_OUT, MTU, tunnel, WHAT_IFS } from '#lib/worlds/calico/asks.ts'
import type { Asks } from '#lib/worlds/entry.ts'
import type { entry } from './entry.ts'

export const asks = {
  whatIfs: {
    ...tunnel('vxlan.calico', 'node-2'),
    ...MTU,
    ...WHAT_IFS,
  },
  leavesOut: LEAVES_OUT,
} as const satisfies Asks<typeof entry>
