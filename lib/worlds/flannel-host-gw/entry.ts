import type { Entry } from '#lib/worlds/entry.ts'
import { FLOWS, LEAVES_OUT, TRAITS, WHAT_IFS } from '#lib/worlds/flannel/entry.ts'
import { BRIDGED } from '#lib/worlds/limits.ts'
import { dropRoute, lowerMtu } from '#lib/worlds/titles.ts'

export const entry = {
  id: 'flannel-host-gw',
  title: 'flannel, host-gw: plain routes, no wrapping',
  short: 'host-gw',
  flows: FLOWS,
  whatIfs: {
    'src-dst-check-off': 'Source/destination check off on both ENIs',
    'drop-route': dropRoute('10.1.20.0/24'),
    'deny-security-group': 'Check off, and the pod range no longer allowed by the security group',
    'lower-mtu': lowerMtu('eth0'),
    ...WHAT_IFS,
  },
  leavesOut: [
    ...LEAVES_OUT,
    'The security group lets the pod range in by its prefix, since a group as peer covers addresses of interfaces only.',
  ],
  traits: TRAITS,
  limits: BRIDGED,
} as const satisfies Entry
