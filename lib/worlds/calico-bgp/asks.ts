import { CHECK_ON, LEAVES_OUT, WHAT_IFS } from '#lib/worlds/calico/asks.ts'
import type { Asks } from '#lib/worlds/entry.ts'
import type { entry } from './entry.ts'

export const asks = {
  whatIfs: {
    'check-on': CHECK_ON,
    'tell-the-vpc': 'The VPC is told where the blocks are, as BIRD tells the nodes',
    ...WHAT_IFS,
  },
  leavesOut: LEAVES_OUT,
} as const satisfies Asks<typeof entry>
