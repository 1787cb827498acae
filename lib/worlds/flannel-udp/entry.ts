import type { Entry } from '#lib/worlds/entry.ts'
import { FLOWS, WHAT_IF_IDS } from '#lib/worlds/flannel/entry.ts'
import { card } from './card.ts'

/** What a traceroute sends: the same ping, allowed one router more each time. */
export const PROBES = ['probe-1', 'probe-2', 'probe-3', 'probe-4', 'probe-5'] as const

export const entry = {
  ...card,
  flows: [...FLOWS, ...PROBES],
  whatIfs: [
    'stop-flanneld',
    'stop-flanneld-2',
    'drop-route',
    'drop-lease',
    'deny-security-group',
    'lower-mtu',
    ...WHAT_IF_IDS,
  ],
} as const satisfies Entry
