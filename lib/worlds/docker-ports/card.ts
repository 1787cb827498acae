import type { Card } from '#lib/worlds/entry.ts'
import { card as docker } from '#lib/worlds/docker-bridge/card.ts'

export const card = {
  id: 'docker-ports',
  title: 'Docker: three teams, two hosts, one port number',
  short: 'Docker ports',
  traits: { ...docker.traits, between: 'switch' },
  limits: docker.limits,
} as const satisfies Card
