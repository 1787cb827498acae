import type { Entry } from '#lib/worlds/entry.ts'
import { FLOWS, TRAITS, WHAT_IF_IDS } from '#lib/worlds/flannel/entry.ts'
import { BRIDGED } from '#lib/worlds/limits.ts'

export const entry = {
  id: 'flannel-host-gw',
  title: 'flannel, host-gw: plain routes, no wrapping',
  short: 'host-gw',
  flows: FLOWS,
  whatIfs: ['src-dst-check-off', 'drop-route', 'deny-security-group', 'lower-mtu', ...WHAT_IF_IDS],
  traits: TRAITS,
  limits: BRIDGED,
} as const satisfies Entry
