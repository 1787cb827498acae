import type { Entry } from '#lib/worlds/entry.ts'
import { FLOWS, LIMITS, TRAITS, WHAT_IF_IDS } from '#lib/worlds/calico/entry.ts'

export const entry = {
  id: 'calico-bgp',
  more: true,
  title: 'Calico, BGP alone: plain routes that BIRD learns',
  short: 'Calico bgp',
  flows: FLOWS,
  whatIfs: ['check-on', 'tell-the-vpc', ...WHAT_IF_IDS],
  traits: TRAITS,
  limits: LIMITS,
} as const satisfies Entry
