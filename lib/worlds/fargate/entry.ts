import type { Entry } from '#lib/worlds/entry.ts'
import { ROUTED } from '#lib/worlds/limits.ts'

export const entry = {
  documents: true,
  id: 'fargate',
  title: 'AWS Fargate: an ENI for each pod (a model of documents)',
  short: 'Fargate',
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
  traits: {
    addresses: 'vpc',
    between: 'vpc',
    runtime: 'kubernetes',
    bridges: [],
    enis: 1,
    podGroups: true,
    alone: true,
    kubeProxy: true,
  },
  limits: { ...ROUTED, podsPerNode: 1 },
} as const satisfies Entry
