import type { Entry } from '#lib/worlds/entry.ts'
import { COMMON_IDS, SERVICE_FLOWS } from '#lib/worlds/ids.ts'
import { card } from './card.ts'

export const entry = {
  ...card,
  flows: [
    'frontend-1-to-backend-2',
    'ping',
    'large',
    'large-no-df',
    'same-node',
    'to-node',
    'to-internet',
    'metrics-1-to-metrics-2',
    'frontend-1-to-metrics-2',
    'frontend-1-to-metrics-1',
    ...SERVICE_FLOWS,
    'to-peer',
    'from-peer',
    'node-port-inside',
  ],
  whatIfs: [
    'deny-security-group',
    'drop-route',
    'drop-pod-route',
    'delete-rule-1536',
    'delete-rule-512',
    'delete-neigh',
    'release-address',
    'no-snat',
    'forward-drop',
    'lower-mtu',
    'no-connmark',
    'plugin-1-0',
    'plugin-1-3',
    'exclude-peer',
    'external-snat',
    'mtu-9001',
    'eth0-strict',
    'no-endpoints',
    ...COMMON_IDS,
  ],
} as const satisfies Entry
