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
} as const satisfies Entry
