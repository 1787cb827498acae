import type { Card } from '#lib/worlds/entry.ts'
import { TRAITS } from '#lib/worlds/flannel/card.ts'
import { BRIDGED } from '#lib/worlds/limits.ts'

export const card = {
  id: 'flannel-vxlan',
  title: 'flannel, vxlan: the kernel wraps every frame',
  short: 'flannel vxlan',
  traits: TRAITS,
  limits: BRIDGED,
} as const satisfies Card
