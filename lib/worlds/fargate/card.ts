import type { Card } from '#lib/worlds/entry.ts'
import { ROUTED } from '#lib/worlds/limits.ts'

export const card = {
  documents: true,
  id: 'fargate',
  title: 'AWS Fargate: an ENI for each pod (a model of documents)',
  short: 'Fargate',
  traits: {
    addresses: 'vpc',
    between: 'vpc',
    runtime: 'kubernetes',
    bridges: [],
    enis: 1,
    podGroups: true,
    alone: true,
    kubeProxy: true,
  },
  limits: { ...ROUTED, podsPerNode: 1 },
} as const satisfies Card
