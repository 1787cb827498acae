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
  id: 'calico-vxlan',
  more: true,
  title: 'Calico, VXLAN: every frame to another node is wrapped, without BGP',
  short: 'Calico vxlan',
  flows: FLOWS,
  whatIfs: [...TUNNEL_IDS, ...MTU_IDS, ...WHAT_IF_IDS],
  traits: TRAITS,
  limits: LIMITS,
} as const satisfies Entry
