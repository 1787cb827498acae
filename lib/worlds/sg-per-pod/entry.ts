import type { Entry } from '#lib/worlds/entry.ts'
import { COMMON_IDS, SERVICE_FLOWS } from '#lib/worlds/ids.ts'
import { card } from './card.ts'

export const entry = {
  ...card,
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
} as const satisfies Entry
