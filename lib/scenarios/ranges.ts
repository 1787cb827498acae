import { fromNumber, parseCidr, toNumber, type Cidr, type Ipv4 } from '#lib/wire/addr.ts'

/** Where a problem is, and what it is. */
export type Say = (path: string, message: string) => void
/** A range or address with the place in the file it stands at. */
export interface Placed<T> { readonly path: string; readonly value: T }

/** Ranges that share addresses, each reported at the one that comes later in the file. */
export function disjoint(ranges: readonly Placed<Cidr>[], say: Say, remedy = 'give it a range of its own'): void {
  const sorted = ranges.map((r, order) => ({ ...r, order, ...parseCidr(r.value) })).sort((a, b) => a.base - b.base || a.bits - b.bits)
  let wide: (typeof sorted)[number] | null = null
  for (const r of sorted) {
    if (wide !== null && ((r.base & wide.mask) >>> 0) === wide.base) {
      const [late, early] = r.order > wide.order ? [r, wide] : [wide, r]
      say(late.path, `${late.value} overlaps ${early.path}; ${remedy}`)
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
    else say(path, `${value} is ${before} already; give it ${what} of its own`)
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
  const blocks = new Set<number>()
  for (const t of taken) {
    const p = parseCidr(t)
    const start = Math.max(0, Math.floor((p.base - base) / step))
    const end = Math.min(2 ** Math.max(0, bits - outer), Math.ceil((p.base + 2 ** (32 - p.bits) - base) / step))
    for (let i = start; i < end; i += 1) blocks.add(i)
  }
  let next = from
  return () => {
    while (bits >= outer && next < 2 ** (bits - outer)) {
      const i = next
      next += 1
      if (!blocks.has(i)) return `${fromNumber(base + i * step)}/${bits}`
    }
    return null
  }
}

/** Addresses that no machine has: 0/8, loopback, multicast and what is behind it (RFC 6890). */
export function special(ip: Ipv4): boolean {
  const first = toNumber(ip) >>> 24
  return first === 0 || first === 127 || first >= 224
}
