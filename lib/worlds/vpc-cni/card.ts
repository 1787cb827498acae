import type { Card } from '#lib/worlds/entry.ts'
import { ROUTED } from '#lib/worlds/limits.ts'

export const card = {
  id: 'vpc-cni',
  title: 'AWS VPC CNI: pods with addresses of the VPC',
  short: 'VPC CNI',
  traits: {
    addresses: 'vpc',
    between: 'vpc',
    runtime: 'kubernetes',
    bridges: [],
    enis: 2,
    ipamd: true,
    kubeProxy: true,
  },
  limits: ROUTED,
} as const satisfies Card
