import {
  addressOf,
  fromNumber,
  isIpv4,
  networkOf,
  parseCidr,
  toNumber,
  type Address,
  type Cidr,
  type Mac,
} from './addr.ts'

/* Which addresses and smaller prefixes a prefix has, in order: counting, without telling anybody how many bits an address is. */

const SIZE_BITS = 32

/** The n-th address of a prefix, from 0: 1 is what gateways take. Throws RangeError when the prefix ends before it. */
export function nth(prefix: Cidr, n: number): Address {
  const { base, bits } = parseCidr(prefix)
  if (n >= 2 ** (SIZE_BITS - bits)) throw new RangeError(`${prefix} has no address number ${n}`)
  return fromNumber(base + n)
}

/** The first address of a prefix: its network's own. */
export function firstOf(prefix: Cidr): Address {
  return addressOf(networkOf(prefix))
}

/** The address `n` after this one, whatever prefix that is in. */
export function addressAfter(ip: Address, n: number): Address {
  return fromNumber(toNumber(ip) + n)
}

/** The order in which addresses are counted, for a sort. */
export function compareAddresses(a: Address, b: Address): number {
  return toNumber(a) - toNumber(b)
}

/** Which address of the prefix this is, counted from 0; `n` is negative or beyond the size when it is outside. */
export function offsetIn(
  ip: Address,
  prefix: Cidr,
): { readonly n: number; readonly inside: boolean; readonly last: boolean } {
  const { base, bits } = parseCidr(prefix)
  const n = toNumber(ip) - base
  const size = 2 ** (SIZE_BITS - bits)
  return { n, inside: n >= 0 && n < size, last: n === size - 1 }
}

/** Is all of `inner` in `outer`? */
export function within(inner: Cidr, outer: Cidr): boolean {
  const a = parseCidr(inner)
  const b = parseCidr(outer)
  return a.bits >= b.bits && (a.base & b.mask) >>> 0 === b.base
}

/** Hands out the addresses of a prefix that nobody has, in order, from the n-th on; null when there are no more. The last address is never given. */
export function freeAddresses(
  prefix: Cidr,
  from: number,
  taken: { has(ip: Address): boolean },
): () => Address | null {
  const { base, bits } = parseCidr(prefix)
  const end = base + 2 ** (SIZE_BITS - bits) - 1
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

/** Hands out the prefixes of `bits` in `network` that share no address with those taken, from the n-th on; null when there are no more. */
export function freePrefixes(
  network: Cidr,
  { bits, from }: { readonly bits: number; readonly from: number },
  taken: readonly Cidr[],
): () => Cidr | null {
  const { base, bits: outer } = parseCidr(network)
  const step = 2 ** (SIZE_BITS - bits)
  const end = bits < outer ? 0 : 2 ** (bits - outer)
  // Blocks from `first` to before `last` are taken; sorted, so that each is passed once however wide it is.
  const blocks = taken
    .map((t) => parseCidr(t))
    .map((p) => ({
      first: Math.floor((p.base - base) / step),
      last: Math.ceil((p.base + 2 ** (SIZE_BITS - p.bits) - base) / step),
    }))
    .sort((a, b) => a.first - b.first)
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

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'))

/** A MAC that can be read: two octets as text, then how far into the prefix the address is. */
export function relativeMac(begins: string, ip: Address, prefix: Cidr): Mac {
  const n = toNumber(ip) - parseCidr(prefix).base
  return `${begins}:${HEX[n >>> 24]}:${HEX[(n >>> 16) & 255]}:${HEX[(n >>> 8) & 255]}:${HEX[n & 255]}` as Mac
}

/** Addresses from one to another, both written, the lower one first. */
export function isAddressRange(x: string): x is `${Address}-${Address}` {
  const [from = '', to = '', more] = x.split('-')
  return more === undefined && isIpv4(from) && isIpv4(to) && toNumber(from) <= toNumber(to)
}

/** Both ends of such a range as unsigned 32-bit numbers. */
export function endsOf(range: string): { readonly low: number; readonly high: number } {
  const [from = '', to = from] = range.split('-')
  return { low: toNumber(from), high: toNumber(to) }
}
