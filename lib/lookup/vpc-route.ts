import { parseCidr, toNumber } from '#lib/wire/addr.ts'
import type { Eni, OutsideHost, Subnet, VpcRoute } from '#lib/topology/vpc.ts'
import type { Vpc } from '#lib/topology/topology.ts'
import { indexed } from './indexed.ts'
import { buildPrefixes, containing, longest, type Prefixes } from './prefix.ts'

/** `matched` is a row of vpcRoutes; null with target 'local' is the local route every table has, null without a target is no route. */
export interface VpcRouteAnswer { readonly matched: number | null; readonly rejected: readonly number[]; readonly target: string | null }

const tablesOf = indexed((rows: readonly VpcRoute[]): ReadonlyMap<string, Prefixes> => {
  const lists = new Map<string, [number, string][]>()
  rows.forEach((row, i) => {
    const same = lists.get(row.routeTable)
    if (same === undefined) lists.set(row.routeTable, [[i, row.dst]])
    else same.push([i, row.dst])
  })
  return new Map([...lists].map(([name, list]) => [name, buildPrefixes(list)]))
})

/** A subnet's route table: longest prefix wins. The local route of the VPC's own ranges is there even when no row says so. */
export function vpcRoute(v: Vpc, routeTable: string, dst: string): VpcRouteAnswer {
  const address = toNumber(dst)
  const table = tablesOf(v.vpcRoutes).get(routeTable)
  const rows = table === undefined ? [] : containing(table, address)
  const best = rows[0]
  const bits = best === undefined ? -1 : parseCidr(v.vpcRoutes[best]!.dst).bits
  for (const own of v.cidrs) {
    const c = parseCidr(own)
    if (c.bits > bits && ((address & c.mask) >>> 0) === c.base) return { matched: null, rejected: rows, target: 'local' }
  }
  if (best === undefined) return { matched: null, rejected: rows, target: null }
  return { matched: best, rejected: rows.slice(1), target: v.vpcRoutes[best]!.target }
}

const enisOf = indexed((rows: readonly Eni[]) => {
  const byIp = new Map<string, number>()
  const byId = new Map<string, number>()
  const byMac = new Map<string, number>()
  const byPublicIp = new Map<string, number>()
  rows.forEach((row, i) => {
    byId.set(row.id, i)
    byMac.set(row.mac, i)
    if (row.publicIp !== undefined) byPublicIp.set(row.publicIp, i)
    for (const ip of row.ips) if (!byIp.has(ip)) byIp.set(ip, i)
  })
  return { byIp, byId, byMac, byPublicIp }
})

/** Row of the interface that has this private address, primary or secondary; -1 if none has. What the VPC's mapping service knows. */
export function eniOf(v: Vpc, ip: string): number {
  return enisOf(v.enis).byIp.get(ip) ?? -1
}

/** Row of the interface with this id; -1 if there is none. */
export function eniById(v: Vpc, id: string): number {
  return enisOf(v.enis).byId.get(id) ?? -1
}

/** Row of the interface with this MAC; -1 if there is none. */
export function eniByMac(v: Vpc, mac: string): number {
  return enisOf(v.enis).byMac.get(mac) ?? -1
}

/** Row of the interface whose primary private address the internet gateway maps to this public one; -1 if none has it. */
export function eniByPublicIp(v: Vpc, ip: string): number {
  return enisOf(v.enis).byPublicIp.get(ip) ?? -1
}

const subnetsOf = indexed((rows: readonly Subnet[]) => ({
  prefixes: buildPrefixes(rows.map((row, i) => [i, row.cidr] as const)),
  byId: new Map(rows.map((row, i) => [row.id, i])),
}))

/** Row of the subnet that contains the address; -1 if none does. */
export function subnetOf(v: Vpc, ip: string): number {
  return longest(subnetsOf(v.subnets).prefixes, toNumber(ip))
}

/** Row of the subnet with this id; -1 if there is none. */
export function subnetById(v: Vpc, id: string): number {
  return subnetsOf(v.subnets).byId.get(id) ?? -1
}

const outsideOf = indexed((rows: readonly OutsideHost[]) => new Map(rows.map((row, i) => [`${row.gateway} ${row.ip}`, i])))

/** Row of the host beyond the gateway that has this address; -1 if there is none. */
export function outsideHost(v: Vpc, gateway: string, ip: string): number {
  return outsideOf(v.outside).get(`${gateway} ${ip}`) ?? -1
}
