import type { Card } from '#lib/worlds/entry.ts'
import { TRAITS } from '#lib/worlds/flannel/card.ts'
import { BRIDGED } from '#lib/worlds/limits.ts'

export const card = {
  id: 'flannel-udp',
  title: 'flannel, udp: a program carries every packet',
  short: 'flannel udp',
  traits: TRAITS,
  limits: BRIDGED,
} as const satisfies Card
