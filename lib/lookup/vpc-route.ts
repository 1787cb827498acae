import { inCidr, parseCidr, type Address } from '#lib/wire/addr.ts'
import type { Eni, OutsideHost, Subnet, VpcRoute } from '#lib/topology/rows.ts'
import type { Vpc } from '#lib/topology/topology.ts'
import { grouped, indexed } from '#lib/topology/indexed.ts'
import { containing, longestFor, prefixes } from './prefix.ts'

/** `matched` is a row of vpcRoutes; null with target 'local' is the local route every table has, null without a target is no route. */
export interface VpcRouteAnswer {
  readonly matched: number | null
  readonly rejected: readonly number[]
  readonly target: string | null
}

const tablesOf = prefixes<VpcRoute>(
  (r) => r.routeTable,
  (r) => r.dst,
)

/** A subnet's route table: longest prefix wins. The local route of the VPC's own ranges is there even when no row says so. */
export function vpcRoute(v: Vpc, routeTable: string, dst: string): VpcRouteAnswer {
  const table = tablesOf(v.vpcRoutes).get(routeTable)
  const rows = table === undefined ? [] : containing(table, dst)
  const best = rows[0]
  const bits = best === undefined ? -1 : parseCidr(v.vpcRoutes[best]!.dst).bits
  for (const own of v.cidrs) {
    if (parseCidr(own).bits > bits && inCidr(dst, own))
      return { matched: null, rejected: rows, target: 'local' }
  }
  if (best === undefined) return { matched: null, rejected: rows, target: null }
  return { matched: best, rejected: rows.slice(1), target: v.vpcRoutes[best]!.target }
}

type EniKey = 'ip' | 'id' | 'mac' | 'publicIp'
const enisOf = grouped<Eni, EniKey, string>((row, put) => {
  put('id', row.id)
  put('mac', row.mac)
  if (row.publicIp !== undefined) put('publicIp', row.publicIp)
  for (const ip of row.ips) put('ip', ip)
})

const lastOf = (rows: readonly number[] | undefined): number =>
  rows === undefined ? -1 : rows[rows.length - 1]!

/** Is the address of a range of the interface's own? */
const inRanges = (e: Eni, ip: string): boolean =>
  e.prefixes?.some((p) => inCidr(ip as Address, p)) === true
/** Rows of the interfaces that have any: few VPCs do, and nobody else looks through theirs. */
const ranged = indexed((enis: readonly Eni[]): readonly number[] =>
  enis.flatMap((e, i) => (e.prefixes === undefined ? [] : [i])),
)

/** Row of the interface that has this private address, primary, secondary or of a range of its own; -1 if none has. What the VPC's mapping service knows. */
export function eniOf(v: Vpc, ip: string): number {
  const listed = enisOf(v.enis).get('ip')?.get(ip)?.[0]
  return listed ?? ranged(v.enis).find((i) => inRanges(v.enis[i]!, ip)) ?? -1
}

/** Is the address the interface's: listed, or of a range of its own? */
export function owns(e: Eni, ip: Address): boolean {
  return e.ips.includes(ip) || inRanges(e, ip)
}

/** Row of the interface with this id; -1 if there is none. */
export function eniById(v: Vpc, id: string): number {
  return lastOf(enisOf(v.enis).get('id')?.get(id))
}

/** Row of the interface with this MAC; -1 if there is none. */
export function eniByMac(v: Vpc, mac: string): number {
  return lastOf(enisOf(v.enis).get('mac')?.get(mac))
}

/** Row of the interface whose primary private address the internet gateway maps to this public one; -1 if none has it. */
export function eniByPublicIp(v: Vpc, ip: string): number {
  return lastOf(enisOf(v.enis).get('publicIp')?.get(ip))
}

const subnetPrefixes = prefixes<Subnet>(
  () => '',
  (subnet) => subnet.cidr,
)
const subnetsOf = indexed((rows: readonly Subnet[]) => new Map(rows.map((row, i) => [row.id, i])))

/** Row of the subnet that contains the address; -1 if none does. */
export function subnetOf(v: Vpc, ip: string): number {
  const known = subnetPrefixes(v.subnets).get('')
  return known === undefined ? -1 : longestFor(known, ip)
}

/** Row of the subnet with this id; -1 if there is none. */
export function subnetById(v: Vpc, id: string): number {
  return subnetsOf(v.subnets).get(id) ?? -1
}

const outsideOf = indexed(
  (rows: readonly OutsideHost[]) => new Map(rows.map((row, i) => [`${row.gateway} ${row.ip}`, i])),
)

/** Row of the host beyond the gateway that has this address; -1 if there is none. */
export function outsideHost(v: Vpc, gateway: string, ip: string): number {
  return outsideOf(v.outside).get(`${gateway} ${ip}`) ?? -1
}
