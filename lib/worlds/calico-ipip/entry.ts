import type { Entry } from '#lib/worlds/entry.ts'
import { FLOWS, MTU_IDS, TUNNEL_IDS, WHAT_IF_IDS } from '#lib/worlds/calico/entry.ts'
import { card } from './card.ts'

export const entry = {
  ...card,
  flows: FLOWS,
  whatIfs: [...TUNNEL_IDS, 'no-protocol-4', 'other-way-back', ...MTU_IDS, ...WHAT_IF_IDS],
} as const satisfies Entry
