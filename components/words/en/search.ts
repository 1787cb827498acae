import { plural } from '#lib/index.ts'
import { AWAY, type Away } from './away.ts'

/** The search of the site. */
export const search = {
  title: 'Search',
  label: 'Search chapters, reference and glossary',
  close: 'Close',
  help: 'Arrow keys go through what is found, Enter opens it, Escape closes.',
  loading: 'The index is being loaded.',
  away: (why: Away): string => `There is nothing to search in: ${AWAY[why]}.`,
  found: (count: number): string =>
    plural('en', count, { one: '1 place', other: `${count} places` }),
  most: (count: number): string => `The ${count} best places.`,
  nothing: (query: string): string => `Nothing has “${query}”.`,
  results: 'Found',
}
