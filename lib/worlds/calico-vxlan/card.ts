import type { Card } from '#lib/worlds/entry.ts'
import { LIMITS, TRAITS } from '#lib/worlds/calico/card.ts'

export const card = {
  id: 'calico-vxlan',
  more: true,
  title: 'Calico, VXLAN: every frame to another node is wrapped, without BGP',
  short: 'Calico vxlan',
  traits: TRAITS,
  limits: LIMITS,
} as const satisfies Card
