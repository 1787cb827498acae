import type { End, Kind, Wire } from './devs/kind.ts'
import { KINDS } from './devs/rows.ts'

export type { End, Kind, Link, Wire } from './devs/kind.ts'
export type * from './devs/rows.ts'

type All = typeof KINDS
/** What `ip -d link` calls the kind. */
export type DevKind = keyof All
/** A netdev of any kind, as `ip -d link` and `ip addr` show it. */
export type Dev = { [K in DevKind]: All[K] extends Kind<infer D> ? D : never }[DevKind]
/** The device of one kind. */
export type DevOf<K extends DevKind> = Extract<Dev, { kind: K }>

/** A row may come from a link, and be of no kind that there is. */
const PLAIN: Kind<Dev> = {}
const kinds = new Map(Object.entries(KINDS)) as ReadonlyMap<string, unknown>

/** What distinguishes the device's kind. */
export function traits(d: Dev): Kind<Dev> {
  return (kinds.get(d.kind) as Kind<Dev> | undefined) ?? PLAIN
}

/** The kernel functions that wrap and unwrap in a tunnel of this kind; undefined if it is none. */
export const functionsOf = (kind: string): Kind<Dev>['functions'] =>
  (kinds.get(kind) as Kind<Dev> | undefined)?.functions

/** Is it `lo`, to which everything of its own addresses' prefixes comes? */
export const isLo = (d: Dev): boolean => traits(d).layer === 'loopback'
/** Does it have MAC addresses? */
export const isEther = (d: Dev): boolean => traits(d).layer === undefined
/** Does it have no link layer at all, so that packets go as they are? */
export const isBare = (d: Dev): boolean => !isEther(d) && !isLo(d)
/** Where the device's other end is; null if it has none. */
export const peerOf = (d: Dev): End | null => traits(d).peer?.(d) ?? null
/** Where the device is that it stands on; null if it stands on none. */
export const linkOf = (d: Dev): End | null => traits(d).link?.(d) ?? null
/** What the device is wired to in a VPC; null if it is wired to nothing. */
export const wireOf = (d: Dev): Wire | null => traits(d).wire?.(d) ?? null
/** The UDP port on which the kernel listens for the device while it is up; null if on none. */
export const portOf = (d: Dev): number | null => traits(d).listens?.(d) ?? null

/** The namespaces of those devices that ones of this table stand on. */
export function foundations(devs: readonly Dev[]): ReadonlySet<string> {
  return new Set(devs.flatMap((d) => linkOf(d)?.netns ?? []))
}
