import type { Entry } from '#lib/worlds/entry.ts'
import { card } from './card.ts'

export const entry = {
  ...card,
  flows: [
    'internet-to-a',
    'internet-to-b',
    'internet-to-c',
    'internet-to-b-2',
    'b-to-c',
    'a-to-b',
    'own-host',
    'c-means-a',
  ],
  whatIfs: ['b-wants-8080', 'b-moves', 'second-copy', 'rule-for-b', 'delete-masquerade'],
} as const satisfies Entry
