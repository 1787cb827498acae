import type { Entry } from '#lib/worlds/entry.ts'
import { card } from './card.ts'

export const PROBES = ['probe-1', 'probe-2', 'probe-3'] as const

export const entry = {
  ...card,
  flows: [
    'frontend-1-to-backend-2',
    'ping',
    'same-node',
    'frontend-1-to-frontend-2',
    'backend-2-to-frontend-1',
    'large',
    'large-no-df',
    'to-node',
    'to-internet',
    'node-to-internet',
    ...PROBES,
  ],
  whatIfs: [
    'drop-route',
    'drop-route-back',
    'detour',
    'wrong-neighbour',
    'unplug-node-2',
    'pod-link-down',
    'ip-forward-off',
    'rp-filter-strict',
    'lower-mtu',
  ],
} as const satisfies Entry
