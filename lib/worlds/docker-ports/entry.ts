import type { Entry } from '#lib/worlds/entry.ts'
import { entry as docker } from '#lib/worlds/docker-bridge/entry.ts'

export const entry = {
  id: 'docker-ports',
  title: 'Docker: three teams, two hosts, one port number',
  short: 'Docker ports',
  flows: [
    'internet-to-a',
    'internet-to-b',
    'internet-to-c',
    'internet-to-b-2',
    'b-to-c',
    'a-to-b',
    'own-host',
    'c-means-a',
  ],
  whatIfs: ['b-wants-8080', 'b-moves', 'second-copy', 'rule-for-b', 'delete-masquerade'],
  traits: { ...docker.traits, between: 'switch' },
  limits: docker.limits,
} as const satisfies Entry
