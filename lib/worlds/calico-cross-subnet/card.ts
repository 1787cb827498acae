import type { Card } from '#lib/worlds/entry.ts'
import { LIMITS, TRAITS } from '#lib/worlds/calico/card.ts'

export const card = {
  id: 'calico-cross-subnet',
  more: true,
  title: 'Calico, CrossSubnet: plain routes within a subnet, IP in IP between subnets',
  short: 'CrossSubnet',
  traits: TRAITS,
  limits: LIMITS,
} as const satisfies Card
