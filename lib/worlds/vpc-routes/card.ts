import type { Card } from '#lib/worlds/entry.ts'
import { BRIDGED } from '#lib/worlds/limits.ts'

export const card = {
  id: 'vpc-routes',
  title: 'VPC routes: the VPC is told where each node’s pods are',
  short: 'VPC routes',
  traits: {
    addresses: 'overlay',
    between: 'vpc',
    runtime: 'kubernetes',
    bridges: ['docker0'],
    enis: 1,
    kubeProxy: true,
  },
  limits: BRIDGED,
} as const satisfies Card
