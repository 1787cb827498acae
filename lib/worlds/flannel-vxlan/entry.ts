import type { Entry } from '#lib/worlds/entry.ts'
import { FLOWS, TRAITS, WHAT_IF_IDS } from '#lib/worlds/flannel/entry.ts'
import { BRIDGED } from '#lib/worlds/limits.ts'

export const entry = {
  id: 'flannel-vxlan',
  title: 'flannel, vxlan: the kernel wraps every frame',
  short: 'flannel vxlan',
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
  traits: TRAITS,
  limits: BRIDGED,
} as const satisfies Entry
