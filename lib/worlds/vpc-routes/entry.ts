import type { Entry } from '#lib/worlds/entry.ts'
import { BRIDGED } from '#lib/worlds/limits.ts'
import { COMMON, lowerMtu } from '#lib/worlds/titles.ts'

export const entry = {
  id: 'vpc-routes',
  title: 'VPC routes: the VPC is told where each node’s pods are',
  short: 'VPC routes',
  flows: [
    'frontend-1-to-backend-2',
    'ping',
    'same-node',
    'backend-2-to-frontend-1',
    'large',
    'to-node',
    'to-internet',
    'node-to-internet',
  ],
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
  traits: {
    addresses: 'overlay',
    between: 'vpc',
    runtime: 'kubernetes',
    bridges: ['docker0'],
    enis: 1,
    kubeProxy: true,
  },
  limits: BRIDGED,
} as const satisfies Entry
