import type { Card } from '#lib/worlds/entry.ts'
import { ROUTED } from '#lib/worlds/limits.ts'

export const card = {
  more: true,
  id: 'sg-per-pod',
  title: 'Security groups for pods: a branch ENI behind a trunk',
  short: 'SGs for pods',
  traits: {
    addresses: 'vpc',
    between: 'vpc',
    runtime: 'kubernetes',
    bridges: [],
    enis: 2,
    podGroups: true,
    kubeProxy: true,
  },
  limits: ROUTED,
} as const satisfies Card
