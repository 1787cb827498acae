import type { Entry } from '#lib/worlds/entry.ts'
import { FLOWS, WHAT_IF_IDS } from '#lib/worlds/calico/entry.ts'
import { card } from './card.ts'

export const entry = {
  ...card,
  flows: FLOWS,
  whatIfs: ['check-on', 'tell-the-vpc', ...WHAT_IF_IDS],
} as const satisfies Entry
