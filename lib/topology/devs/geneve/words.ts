import type { GeneveDev } from './row.ts'

/** What `ip link` is told of how a Geneve tunnel wraps, where that is not as usual. */
export function outerWords(d: Partial<GeneveDev>): string {
  return [
    ...(d.ttl === undefined ? [] : [` ttl ${d.ttl}`]),
    ...(d.tos === undefined ? [] : [` tos ${d.tos}`]),
    ...(d.df === undefined ? [] : [` df ${d.df}`]),
  ].join('')
}

/** What `ip link add` is told of it behind `type`. */
export const typeWords = (d: GeneveDev): string =>
  `geneve id ${d.vni} remote ${d.remote}${outerWords(d)} dstport ${d.port}${d.udpcsum === true ? ' udpcsum' : ''}`
