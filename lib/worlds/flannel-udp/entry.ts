import type { Entry } from '#lib/worlds/entry.ts'
import { FLOWS, LEAVES_OUT, TRAITS, WHAT_IFS } from '#lib/worlds/flannel/entry.ts'
import { BRIDGED } from '#lib/worlds/limits.ts'
import { DENY, dropRoute, lowerMtu } from '#lib/worlds/titles.ts'

/** What a traceroute sends: the same ping, allowed one router more each time. */
export const PROBES = ['probe-1', 'probe-2', 'probe-3', 'probe-4', 'probe-5'] as const

export const entry = {
  id: 'flannel-udp',
  title: 'flannel, udp: a program carries every packet',
  short: 'flannel udp',
  flows: [...FLOWS, ...PROBES],
  whatIfs: {
    'stop-flanneld': 'Stop flanneld on node-1',
    'stop-flanneld-2': 'Stop flanneld on node-2',
    'drop-route': dropRoute('10.1.0.0/16'),
    'drop-lease': 'flanneld on node-1 forgets node-2’s lease',
    'deny-security-group': DENY,
    'lower-mtu': lowerMtu('flannel0'),
    ...WHAT_IFS,
  },
  leavesOut: [
    ...LEAVES_OUT,
    'How flanneld is scheduled: it reads and writes as soon as there is something.',
  ],
  traits: TRAITS,
  limits: BRIDGED,
} as const satisfies Entry
