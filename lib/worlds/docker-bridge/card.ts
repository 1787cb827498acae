import type { Card } from '#lib/worlds/entry.ts'
import { BRIDGED } from '#lib/worlds/limits.ts'

export const card = {
  id: 'docker-bridge',
  title: 'Docker: a bridge per host, ports published',
  short: 'Docker',
  traits: {
    addresses: 'host',
    // Docker's first pool: the same on every host.
    range: '172.17.0.0/16',
    between: 'vpc',
    runtime: 'docker',
    bridges: ['docker0'],
    enis: 1,
    kubeProxy: false,
  },
  limits: BRIDGED,
} as const satisfies Card
