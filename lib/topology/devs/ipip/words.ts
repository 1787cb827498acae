import type { Link } from '../kind.ts'
import type { IpTunnel } from './row.ts'

/** What of a tunnel can be changed. */
export const OWN = ['local', 'remote', 'ttl', 'tos', 'pmtudisc'] as const
export type Own = Omit<Partial<IpTunnel>, keyof Link>

/** Is it the device that the module makes, which nobody adds? */
export const isFallback = (d: Own): boolean => d.local === undefined && d.remote === undefined

/** What `ip link add` is told of a tunnel behind its type. */
export function tunnelWords(d: Own): string {
  return [
    ...(d.local === undefined ? [] : [` local ${d.local}`]),
    ...(d.remote === undefined ? [] : [` remote ${d.remote}`]),
    ...(d.ttl === undefined ? [] : [` ttl ${d.ttl}`]),
    ...(d.tos === undefined ? [] : [` tos ${d.tos}`]),
    ...(d.pmtudisc === undefined ? [] : [d.pmtudisc ? ' pmtudisc' : ' nopmtudisc']),
  ].join('')
}

/** What `ip link` says of it: its address is the outer one. */
export const linkWords = (type: string, { local, remote }: Own): string =>
  `link/${type} ${local ?? '0.0.0.0'} ${remote === undefined ? 'brd 0.0.0.0' : `peer ${remote}`}`
