import type { Card } from '#lib/worlds/entry.ts'
import { LIMITS, TRAITS } from '#lib/worlds/calico/card.ts'

export const card = {
  id: 'calico-ipip',
  more: true,
  title: 'Calico, IP in IP: a second IP header and nothing else',
  short: 'Calico ipip',
  traits: TRAITS,
  limits: LIMITS,
} as const satisfies Card
