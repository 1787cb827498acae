import type { Card } from '#lib/worlds/entry.ts'
import { TRAITS } from '#lib/worlds/flannel/card.ts'
import { BRIDGED } from '#lib/worlds/limits.ts'

export const card = {
  id: 'flannel-host-gw',
  title: 'flannel, host-gw: plain routes, no wrapping',
  short: 'host-gw',
  traits: TRAITS,
  limits: BRIDGED,
} as const satisfies Card
