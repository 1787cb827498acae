import { COMMON_IDS } from '#lib/worlds/ids.ts'
import type { Entry } from '#lib/worlds/entry.ts'
import { card } from './card.ts'

export const entry = {
  ...card,
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
} as const satisfies Entry
