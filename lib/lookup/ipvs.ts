import type { Address } from '#lib/wire/addr.ts'
import { indexed } from '#lib/topology/indexed.ts'
import type { IpvsServer, IpvsService } from '#lib/topology/rows.ts'
import type { Netns } from '#lib/topology/topology.ts'

/** What a packet is for: protocol, address, port. */
export interface Asked {
  readonly proto: string
  readonly ip: Address
  readonly port: number
}

const keyOf = ({ proto, ip, port }: Asked): string => `${proto} ${ip}:${port}`

const services = indexed(
  (rows: readonly IpvsService[]): ReadonlyMap<string, number> =>
    new Map(rows.map((x, row) => [keyOf(x), row])),
)
const servers = indexed((rows: readonly IpvsServer[]): ReadonlyMap<string, readonly number[]> => {
  const of = new Map<string, number[]>()
  rows.forEach((x, row) => {
    const known = of.get(keyOf(x))
    if (known === undefined) of.set(keyOf(x), [row])
    else known.push(row)
  })
  return of
})

/** Does anybody here ask IPVS? Its hooks are there with the first service (ip_vs_register_hooks()). */
export function usesIpvs(n: Netns): boolean {
  return n.ipvsServices.length > 0
}

/** ip_vs_service_find(): the row of the virtual service that a packet is for; -1 if it is for none. Found by its name, however many there are. */
export function virtualService(n: Netns, asked: Asked): number {
  return services(n.ipvsServices).get(keyOf(asked)) ?? -1
}

/** The row of a real server of a service; -1 if it is gone. */
export function serverAt(n: Netns, service: Asked, { ip, port }: Omit<Asked, 'proto'>): number {
  const rows = servers(n.ipvsServers).get(keyOf(service)) ?? []
  return (
    rows.find((row) => n.ipvsServers[row]!.to === ip && n.ipvsServers[row]!.toPort === port) ?? -1
  )
}

/** ip_vs_rr_schedule(): the row of the real server whose turn it is after so many connections, of those with a weight; -1 if there is none. */
export function nextServer(n: Netns, service: Asked, turn: number): number {
  const rows = (servers(n.ipvsServers).get(keyOf(service)) ?? []).filter(
    (row) => n.ipvsServers[row]!.weight > 0,
  )
  return rows.length === 0 ? -1 : rows[turn % rows.length]!
}
