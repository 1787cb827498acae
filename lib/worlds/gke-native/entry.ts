import type { Entry } from '#lib/worlds/entry.ts'
import { SERVICE_FLOWS } from '#lib/worlds/ids.ts'
import { ROUTED } from '#lib/worlds/limits.ts'

export const entry = {
  documents: true,
  id: 'gke-native',
  title: 'GKE, VPC-native: alias ranges of nodes (a model of documents)',
  short: 'GKE native',
  flows: [
    'frontend-1-to-backend-2',
    'ping',
    'large',
    'same-node',
    'to-node',
    'node-to-pod',
    'to-internet',
    'free-address',
    ...SERVICE_FLOWS,
  ],
  whatIfs: [
    'drop-alias',
    'drop-pod-route',
    'deny-pod-range',
    'forward-tcp',
    'intranode',
    'default-ranges',
    'no-masquerade',
    'ip-forward-off',
    'no-internet-route',
    'lower-mtu',
    'no-endpoints',
  ],
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
} as const satisfies Entry
