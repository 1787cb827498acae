import { COMMON_IDS } from '#lib/worlds/ids.ts'
import type { Entry } from '#lib/worlds/entry.ts'
import { BRIDGED } from '#lib/worlds/limits.ts'

export const entry = {
  id: 'docker-bridge',
  title: 'Docker: a bridge per host, ports published',
  short: 'Docker',
  flows: [
    'frontend-1-to-host-2',
    'own-host',
    'loopback',
    'same-host',
    'ping',
    'large',
    'large-no-df',
    'to-node',
    'to-internet',
    'internet-to-host-1',
  ],
  whatIfs: [
    'delete-dnat',
    'delete-masquerade',
    'delete-accept',
    'drop-route',
    'bridge-down',
    'deny-security-group',
    'lower-mtu',
    'br-netfilter-off',
    'stop-docker-proxy',
    'userland-proxy-off',
    'icc-off',
    'docker-user',
    ...COMMON_IDS,
  ],
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
} as const satisfies Entry
