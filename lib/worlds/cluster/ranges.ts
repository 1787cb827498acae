import type { OnceOf } from '#lib/words/en/problems/things.ts'
import { inCidr, overlaps, parseCidr, type Cidr, type Address } from '#lib/wire/addr.ts'
import { compareAddresses, firstOf } from '#lib/wire/range.ts'
import type { Say } from '#lib/topology/problem.ts'

/** A range or address with the place in the file it stands at. */
export interface Placed<T> {
  readonly path: string
  readonly value: T
}

/** Ranges that share addresses, each reported at the one that comes later in the file. */
export function disjoint(ranges: readonly Placed<Cidr>[], say: Say): void {
  const sorted = ranges
    .map((r, order) => ({
      ...r,
      order,
      first: firstOf(r.value),
      bits: parseCidr(r.value).bits,
    }))
    .sort((a, b) => compareAddresses(a.first, b.first) || a.bits - b.bits)
  let wide: (typeof sorted)[number] | null = null
  for (const r of sorted) {
    if (wide !== null && inCidr(r.first, wide.value)) {
      const [late, early] = r.order > wide.order ? [r, wide] : [wide, r]
      say(late.path, 'overlap', late.value, early.path)
    } else wide = r
  }
}

/** Values that must each occur once; returns where each first stands. */
export function once<T extends string>(
  values: readonly Placed<T>[],
  what: OnceOf,
  say: Say,
): ReadonlyMap<T, string> {
  const first = new Map<T, string>()
  for (const { path, value } of values) {
    const before = first.get(value)
    if (before === undefined) first.set(value, path)
    else say(path, 'twice', value, before, what)
  }
  return first
}

/** Ranges that hold no machine’s address: 0/8, loopback, multicast and what is behind it (RFC 6890). */
const SPECIAL: readonly Cidr[] = ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/3']
/** Link-local: an address of a machine's own link, routed by nobody (RFC 3927). */
const LINK_LOCAL: Cidr = '169.254.0.0/16'

export function special(ip: Address): boolean {
  return SPECIAL.some((r) => inCidr(ip, r))
}

/** Is an address of the range no machine's, or nobody's to route? */
export function specialRange(range: Cidr): boolean {
  return [...SPECIAL, LINK_LOCAL].some((r) => overlaps(range, r))
}
