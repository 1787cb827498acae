import { COMMON_IDS } from '#lib/worlds/ids.ts'
import type { Entry } from '#lib/worlds/entry.ts'
import { BRIDGED } from '#lib/worlds/limits.ts'

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
  whatIfs: [
    'check-on',
    'drop-vpc-route',
    'wrong-eni',
    'untaught',
    'deny-pod-range',
    'lower-mtu',
    ...COMMON_IDS,
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
