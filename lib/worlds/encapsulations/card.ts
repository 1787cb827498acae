import type { Card } from '#lib/worlds/entry.ts'
import { card as lan } from '#lib/worlds/lan/card.ts'

export const card = {
  more: true,
  id: 'encapsulations',
  title: 'Encapsulations: the same packet by each of them, and a router in between',
  short: 'tunnels',
  traits: { ...lan.traits, encapsulates: true },
  // Who has a tunnel to each other node has as many as there are nodes.
  limits: { ...lan.limits, nodes: 100 },
} as const satisfies Card
