import type { Entry } from '#lib/worlds/entry.ts'
import {
  FLOWS,
  LIMITS,
  MTU_IDS,
  TRAITS,
  TUNNEL_IDS,
  WHAT_IF_IDS,
} from '#lib/worlds/calico/entry.ts'

export const entry = {
  id: 'calico-cross-subnet',
  more: true,
  title: 'Calico, CrossSubnet: plain routes within a subnet, IP in IP between subnets',
  short: 'CrossSubnet',
  flows: FLOWS,
  whatIfs: [
    'check-on',
    ...TUNNEL_IDS,
    'no-protocol-4',
    'other-way-back',
    ...MTU_IDS,
    ...WHAT_IF_IDS,
  ],
  traits: TRAITS,
  limits: LIMITS,
} as const satisfies Entry
