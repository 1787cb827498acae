import type { Entry } from '#lib/worlds/entry.ts'
import { SERVICE_FLOWS } from '#lib/worlds/ids.ts'
import { card } from './card.ts'

export const entry = {
  ...card,
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
} as const satisfies Entry
