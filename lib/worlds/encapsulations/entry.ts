import type { Entry } from '#lib/worlds/entry.ts'
import { entry as lan } from '#lib/worlds/lan/entry.ts'

export const PROBES = ['probe-1', 'probe-2', 'probe-3', 'probe-4'] as const

export const entry = {
  more: true,
  id: 'encapsulations',
  title: 'Encapsulations: the same packet by each of them, and a router in between',
  short: 'tunnels',
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
  traits: { ...lan.traits, encapsulates: true },
  // Who has a tunnel to each other node has as many as there are nodes.
  limits: { ...lan.limits, nodes: 100 },
} as const satisfies Entry
