import type { Card } from '#lib/worlds/entry.ts'
import { LIMITS, TRAITS } from '#lib/worlds/calico/card.ts'

export const card = {
  id: 'calico-bgp',
  more: true,
  title: 'Calico, BGP alone: plain routes that BIRD learns',
  short: 'Calico bgp',
  traits: TRAITS,
  limits: LIMITS,
} as const satisfies Card
