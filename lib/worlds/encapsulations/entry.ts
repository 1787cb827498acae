import type { Entry } from '#lib/worlds/entry.ts'
import { card } from './card.ts'

export const PROBES = ['probe-1', 'probe-2', 'probe-3', 'probe-4'] as const

export const entry = {
  ...card,
  flows: [
    'frontend-1-to-backend-2',
    'ping',
    'datagram',
    'full',
    'large',
    'large-no-df',
    'same-node',
    'to-node',
    ...PROBES,
  ],
  whatIfs: [
    'udp',
    'ipip',
    'gre',
    'nvgre',
    'vxlan',
    'geneve',
    'gateway-forgets',
    'only-known-protocols',
    'narrow-way',
    'ipip-unknown',
    'ipip-narrow',
    'gre-narrow',
    'vxlan-narrow',
  ],
} as const satisfies Entry
