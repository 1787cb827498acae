import type { IpipDev } from './row.ts'

/** Is it the device that the module makes, which nobody adds? */
export const isFallback = (d: Pick<IpipDev, 'local' | 'remote'>): boolean =>
  d.local === undefined && d.remote === undefined

/** What `ip link add` is told of a tunnel behind `type`. */
export function typeWords(d: Partial<IpipDev>): string {
  return [
    'ipip',
    ...(d.local === undefined ? [] : [`local ${d.local}`]),
    ...(d.remote === undefined ? [] : [`remote ${d.remote}`]),
    ...(d.ttl === undefined ? [] : [`ttl ${d.ttl}`]),
    ...(d.tos === undefined ? [] : [`tos ${d.tos}`]),
    ...(d.pmtudisc === undefined ? [] : [d.pmtudisc ? 'pmtudisc' : 'nopmtudisc']),
  ].join(' ')
}
