import type { Entry } from '#lib/worlds/entry.ts'
import { ROUTED } from '#lib/worlds/limits.ts'
import { SERVICE_FLOWS } from '#lib/worlds/ids.ts'

export const entry = {
  id: 'lyft-ipvlan',
  more: true,
  title: 'Lyft’s ipvlan: pods on an ENI that the node has no address on',
  short: 'Lyft ipvlan',
  flows: [
    'frontend-1-to-backend-2',
    'ping',
    'large',
    'same-node',
    'to-other-node',
    'to-own-node',
    'node-to-pod',
    'node-to-other-pod',
    'to-internet',
    ...SERVICE_FLOWS,
  ],
  whatIfs: [
    'node-filters',
    'eni-down',
    'no-way-back-in',
    'no-snat-in-pod',
    'no-masquerade',
    'lower-mtu',
    'no-endpoints',
  ],
  traits: {
    addresses: 'vpc',
    between: 'vpc',
    runtime: 'kubernetes',
    bridges: [],
    enis: 2,
    kubeProxy: true,
  },
  limits: ROUTED,
} as const satisfies Entry
