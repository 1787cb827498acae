import type { Entry } from '#lib/worlds/entry.ts'
import { card } from './card.ts'

export const entry = {
  ...card,
  flows: [
    'frontend-1-to-backend-2',
    'ping',
    'large',
    'frontend-1-to-backend-1',
    'to-kubelet',
    'probe',
    'to-internet',
    'service',
    'service-hairpin',
  ],
  whatIfs: [
    'deny-security-group',
    'probe-unseen',
    'own-group',
    'no-kube-proxy',
    'no-default-route',
    'lower-mtu',
    'no-endpoints',
    'nacl-deny',
  ],
} as const satisfies Entry
