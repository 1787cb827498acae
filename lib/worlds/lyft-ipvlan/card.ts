import type { Card } from '#lib/worlds/entry.ts'
import { ROUTED } from '#lib/worlds/limits.ts'

export const card = {
  id: 'lyft-ipvlan',
  more: true,
  title: 'Lyft’s ipvlan: pods on an ENI that the node has no address on',
  short: 'Lyft ipvlan',
  traits: {
    addresses: 'vpc',
    between: 'vpc',
    runtime: 'kubernetes',
    bridges: [],
    enis: 2,
    kubeProxy: true,
  },
  limits: ROUTED,
} as const satisfies Card
