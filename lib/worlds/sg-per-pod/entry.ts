import type { Entry } from '#lib/worlds/entry.ts'
import { ROUTED } from '#lib/worlds/limits.ts'
import { COMMON_IDS, SERVICE_FLOWS } from '#lib/worlds/ids.ts'

export const entry = {
  more: true,
  id: 'sg-per-pod',
  title: 'Security groups for pods: a branch ENI behind a trunk',
  short: 'SGs for pods',
  flows: [
    'frontend-1-to-backend-2',
    'ping',
    'large',
    'backend-1-to-backend-2',
    'to-same-node',
    'from-same-node',
    'to-other-node',
    'from-other-node',
    'to-own-node',
    'to-kubelet',
    'probe',
    'probe-ping',
    'to-internet',
    'frontend-1-to-internet',
    ...SERVICE_FLOWS,
    'node-port-inside',
  ],
  whatIfs: [
    'standard',
    'early-demux-off',
    'deny-nodes',
    'delete-branch',
    'delete-rule-10',
    'vlan-strict',
    'lower-mtu',
    'no-endpoints',
    ...COMMON_IDS,
  ],
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
} as const satisfies Entry
