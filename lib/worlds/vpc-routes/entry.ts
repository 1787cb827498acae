import { COMMON_IDS } from '#lib/worlds/ids.ts'
import type { Entry } from '#lib/worlds/entry.ts'
import { card } from './card.ts'

export const entry = {
  ...card,
  flows: [
    'frontend-1-to-backend-2',
    'ping',
    'same-node',
    'backend-2-to-frontend-1',
    'large',
    'to-node',
    'to-internet',
    'node-to-internet',
  ],
  whatIfs: [
    'check-on',
    'drop-vpc-route',
    'wrong-eni',
    'untaught',
    'deny-pod-range',
    'lower-mtu',
    ...COMMON_IDS,
  ],
} as const satisfies Entry
