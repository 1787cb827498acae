import type { Entry } from '#lib/worlds/entry.ts'
import { FLOWS, WHAT_IF_IDS } from '#lib/worlds/flannel/entry.ts'
import { card } from './card.ts'

export const entry = {
  ...card,
  flows: FLOWS,
  whatIfs: [
    'stop-flanneld',
    'drop-route',
    'delete-fdb',
    'delete-neigh',
    'stale-vtep-mac',
    'deny-security-group',
    'lower-mtu',
    ...WHAT_IF_IDS,
  ],
} as const satisfies Entry
