import { COMMON, lowerMtu } from '#lib/worlds/titles.ts'
import type { Asks } from '#lib/worlds/entry.ts'
import type { entry } from './entry.ts'

export const asks = {
  whatIfs: {
    'check-on': 'Source/destination check on again on both ENIs',
    'drop-vpc-route': 'Delete the VPC’s route to node-2’s pods',
    'wrong-eni': 'The VPC’s route to node-2’s pods leads to node-1’s ENI',
    untaught: 'Nobody taught the VPC: no routes to pods, and both checks on',
    'deny-pod-range': 'The security group no longer lets the pod range in',
    'lower-mtu': lowerMtu('eth0'),
    ...COMMON,
  },
  leavesOut: [
    'A VPC’s route table takes 50 routes, and 1,000 at most when AWS is asked: nobody counts here.',
    'Who writes a route for every node that joins, and takes it away again, is a person.',
    'Pods have no way to the internet: nobody translates their addresses.',
    'MAC addresses that are random on real machines are fixed here, so that they can be read.',
  ],
} as const satisfies Asks<typeof entry>
