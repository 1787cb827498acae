import type { Card } from '#lib/worlds/entry.ts'
import { ROUTED } from '#lib/worlds/limits.ts'

export const card = {
  documents: true,
  id: 'gke-native',
  title: 'GKE, VPC-native: alias ranges of nodes (a model of documents)',
  short: 'GKE native',
  traits: {
    addresses: 'overlay',
    alias: true,
    between: 'vpc',
    runtime: 'kubernetes',
    bridges: [],
    enis: 1,
    kubeProxy: true,
  },
  limits: ROUTED,
} as const satisfies Card
