import { fromNumber, inCidr, overlaps, parseCidr, toNumber, type Cidr, type Ipv4 } from '#lib/wire/addr.ts'
import type { Say } from '#lib/topology/problem.ts'

/** A range or address with the place in the file it stands at. */
export interface Placed<T> { readonly path: string; readonly value: T }

/** Ranges that share addresses, each reported at the one that comes later in the file. */
export function disjoint(ranges: readonly Placed<Cidr>[], say: Say): void {
  const sorted = ranges.map((r, order) => ({ ...r, order, ...parseCidr(r.value) })).sort((a, b) => a.base - b.base || a.bits - b.bits)
  let wide: (typeof sorted)[number] | null = null
  for (const r of sorted) {
    if (wide !== null && ((r.base & wide.mask) >>> 0) === wide.base) {
      const [late, early] = r.order > wide.order ? [r, wide] : [wide, r]
      say(late.path, 'overlap', late.value, early.path)
    }
    else wide = r
  }
}

/** Values that must each occur once; returns where each first stands. */
export function once<T extends string>(values: readonly Placed<T>[], what: string, say: Say): ReadonlyMap<T, string> {
  const first = new Map<T, string>()
  for (const { path, value } of values) {
    const before = first.get(value)
    if (before === undefined) first.set(value, path)
    else say(path, 'twice', value, before, what)
  }
  return first
}

/** Hands out the addresses of a prefix that nobody has, in order, from the n-th on; null when there are no more. The last address is never given. */
export function free(prefix: Cidr, from: number, taken: { has(ip: Ipv4): boolean }): () => Ipv4 | null {
  const { base, bits } = parseCidr(prefix)
  const end = base + 2 ** (32 - bits) - 1
  let next = base + from
  return () => {
    while (next < end) {
      const ip = fromNumber(next)
      next += 1
      if (!taken.has(ip)) return ip
    }
    return null
  }
}

/** Which address of the prefix this is, counted from 0; negative or beyond the size when it is outside. */
export function place(ip: Ipv4, prefix: Cidr): { readonly n: number; readonly inside: boolean; readonly last: boolean } {
  const { base, bits } = parseCidr(prefix)
  const n = toNumber(ip) - base
  const size = 2 ** (32 - bits)
  return { n, inside: n >= 0 && n < size, last: n === size - 1 }
}

/** Is all of `inner` in `outer`? */
export function within(inner: Cidr, outer: Cidr): boolean {
  const a = parseCidr(inner)
  const b = parseCidr(outer)
  return a.bits >= b.bits && ((a.base & b.mask) >>> 0) === b.base
}

/** Prefixes of `bits` in `network` that share no address with those taken: the n-th, the one after … null when there are no more. */
export function freeRanges(network: Cidr, bits: number, from: number, taken: readonly Cidr[]): () => Cidr | null {
  const { base, bits: outer } = parseCidr(network)
  const step = 2 ** (32 - bits)
  const end = bits < outer ? 0 : 2 ** (bits - outer)
  // Blocks from `first` to before `last` are taken; sorted, so that each is passed once however wide it is.
  const blocks = taken.map((t) => parseCidr(t)).map((p) => ({ first: Math.floor((p.base - base) / step), last: Math.ceil((p.base + 2 ** (32 - p.bits) - base) / step) })).sort((a, b) => a.first - b.first)
  let next = from
  let at = 0
  return () => {
    for (let block = blocks[at]; block !== undefined && block.first <= next; block = blocks[at]) {
      next = Math.max(next, block.last)
      at += 1
    }
    if (next >= end) return null
    next += 1
    return `${fromNumber(base + (next - 1) * step)}/${bits}`
  }
}

/** Ranges that hold no machine’s address: 0/8, loopback, multicast and what is behind it (RFC 6890). */
const SPECIAL: readonly Cidr[] = ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/3']
/** Link-local: an address of a machine's own link, routed by nobody (RFC 3927). */
const LINK_LOCAL: Cidr = '169.254.0.0/16'

export function special(ip: Ipv4): boolean {
  return SPECIAL.some((r) => inCidr(ip, r))
}

/** Is an address of the range no machine's, or nobody's to route? */
export function specialRange(range: Cidr): boolean {
  return [...SPECIAL, LINK_LOCAL].some((r) => overlaps(range, r))
}
