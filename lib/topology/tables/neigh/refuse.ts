import type { Refuse } from '../../refuse.ts'

export const neigh: Refuse<'neigh'> = {
  // neigh_add(), core/neighbour.c.
  alone: (_, x) =>
    x.lladdr === null && x.state !== 'FAILED' && x.state !== 'INCOMPLETE'
      ? `No link layer address given: ${x.ip} is ${x.state}; write lladdr`
      : null,
  one: (_, x) => `neighbour ${x.ip} on ${x.dev}`,
}
