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
  id: 'calico-ipip',
  more: true,
  title: 'Calico, IP in IP: a second IP header and nothing else',
  short: 'Calico ipip',
  flows: FLOWS,
  whatIfs: [...TUNNEL_IDS, 'no-protocol-4', 'other-way-back', ...MTU_IDS, ...WHAT_IF_IDS],
  traits: TRAITS,
  limits: LIMITS,
} as const satisfies Entry
