/** Addresses as a person reads them; the functions here are the only ones that know their bits. */

/** An address of IP as text, in the one form that its family has (RFC 5952 for IPv6, when it comes): so `===` and the keys of a map compare it, and the text says the family. */
export type Address = `${number}.${number}.${number}.${number}`
/** A prefix, or an address with its prefix length: `10.1.15.0/24`, `10.1.15.1/24`. 0 to 32 bits. */
export type Cidr = `${Address}/${number}`
/** An EUI-48 (IEEE 802): six octets, two lower-case hex digits each, `02:42:0a:01:0f:02`. */
export type Mac = `${string}:${string}:${string}:${string}:${string}:${string}`
/** Octets in network order, as a wire has them. */
export type Bytes = Uint8Array

/** To every station on the link (IEEE 802.3). */
export const BROADCAST: Mac = 'ff:ff:ff:ff:ff:ff'
/** No address: in an ARP request the one that is asked for; in a VXLAN device's fdb the entry for all that no other matches. */
export const ZERO_MAC: Mac = '00:00:00:00:00:00'

// Parsing is the hottest thing a walk does with a string, and a walk meets few distinct ones: remember them. Bounded, since a page may live long.
const MEMO_LIMIT = 200_000
let numbers = new Map<string, number>()
let cidrs = new Map<string, CidrParts>()

/** A prefix as numbers, all of them unsigned and of 32 bits but `bits`. */
export interface CidrParts {
  /** Network address as an unsigned 32-bit number. */
  readonly base: number
  /** The address as written (host bits kept), unsigned 32-bit. */
  readonly address: number
  readonly bits: number
  readonly mask: number
}

/** The address that is written from `from` to before `to`: four numbers, 0–255, without leading zeros; -1 if none is. */
function quad(text: string, from: number, to: number): number {
  let [n, octet, digits, dots] = [0, 0, 0, 0]
  for (let i = from; i < to; i += 1) {
    const c = text.charCodeAt(i)
    if (c === DOT) {
      if (digits === 0) return -1
      n = n * 256 + octet
      octet = digits = 0
      dots += 1
    } else {
      if (c < ZERO || c > NINE || (digits > 0 && octet === 0)) return -1
      octet = octet * 10 + c - ZERO
      if (octet > 255) return -1
      digits += 1
    }
  }
  return dots === 3 && digits > 0 ? n * 256 + octet : -1
}
const [DOT, ZERO, NINE] = [46, 48, 57]

/** Is this text a dotted-quad IPv4 address (four numbers, 0–255, no leading zeros)? */
export function isIpv4(text: string): text is Address {
  return quad(text, 0, text.length) >= 0
}

/** The prefix length behind the slash of `10.1.15.0/24`, 0 to 32 without leading zeros; -1 if none is. */
function lengthBehind(text: string, slash: number): number {
  const [first, second] = [text.charCodeAt(slash + 1) - ZERO, text.charCodeAt(slash + 2) - ZERO]
  if (!(first >= 0 && first <= 9) || text.length > slash + 3) return -1
  if (Number.isNaN(second)) return first
  const bits = first * 10 + second
  return first > 0 && second >= 0 && second <= 9 && bits <= 32 ? bits : -1
}

/** Is this text an IPv4 prefix: an address, `/`, and 0 to 32 without leading zeros? Host bits may be set. */
export function isCidr(text: string): text is Cidr {
  const slash = text.indexOf('/')
  return slash >= 0 && quad(text, 0, slash) >= 0 && lengthBehind(text, slash) >= 0
}

const MAC = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/
/** Is this text a MAC in the one form we write: lower case, with colons? */
export function isMac(text: string): text is Mac {
  return MAC.test(text)
}

/** An address as an unsigned 32-bit number. Throws RangeError on text that is no IPv4 address. */
export function toNumber(ip: string): number {
  const known = numbers.get(ip)
  if (known !== undefined) return known
  const n = quad(ip, 0, ip.length)
  if (n < 0) throw new RangeError(`not an IPv4 address: ${JSON.stringify(ip)}`)
  if (numbers.size >= MEMO_LIMIT) numbers = new Map()
  numbers.set(ip, n)
  return n
}

/** A number for tables that hash, of 32 bits, the same for the same address. Addresses of one family that are near each other differ. */
export function hashOf(ip: Address): number {
  return toNumber(ip)
}

/** The address with this unsigned 32-bit value. */
export function fromNumber(n: number): Address {
  return `${(n >>> 24) & 255}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`
}

/** The netmask of so many bits (0 to 32), as an unsigned 32-bit number: 24 is 0xffffff00. */
export function maskOf(bits: number): number {
  return bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0
}

/** The parts of a prefix. Throws RangeError on text that is no IPv4 prefix. */
export function parseCidr(cidr: string): CidrParts {
  const known = cidrs.get(cidr)
  if (known !== undefined) return known
  const slash = cidr.indexOf('/')
  const address = slash < 0 ? -1 : quad(cidr, 0, slash)
  const bits = lengthBehind(cidr, slash)
  if (address < 0 || bits < 0) throw new RangeError(`not an IPv4 prefix: ${JSON.stringify(cidr)}`)
  const mask = maskOf(bits)
  const parts = { base: (address & mask) >>> 0, address, bits, mask }
  if (cidrs.size >= MEMO_LIMIT) cidrs = new Map()
  cidrs.set(cidr, parts)
  return parts
}

/** Is the address within the prefix, whose host bits do not count? Throws RangeError on text that is neither. */
export function inCidr(ip: string, cidr: string): boolean {
  const { base, mask } = parseCidr(cidr)
  return (toNumber(ip) & mask) >>> 0 === base
}

/** The address of `10.1.15.1/24`, as written. */
export function addressOf(cidr: Cidr): Address {
  return cidr.slice(0, cidr.indexOf('/')) as Address
}

/** The network of `10.1.15.1/24`: `10.1.15.0/24`. */
export function networkOf(cidr: Cidr): Cidr {
  const { base, bits } = parseCidr(cidr)
  return `${fromNumber(base)}/${bits}`
}

/** The directed broadcast address of the network of `10.1.15.1/24`: `10.1.15.255`. Throws RangeError on text that is no prefix. */
export function broadcastOf(cidr: Cidr): Address {
  const { base, mask } = parseCidr(cidr)
  return fromNumber((base | ~mask) >>> 0)
}

/** The host's bits of an address behind the bits of another network. */
export function inNetwork(ip: Address, network: Cidr): Address {
  const { base, mask } = parseCidr(network)
  return fromNumber(((toNumber(ip) & ~mask) | base) >>> 0)
}

/** Do two prefixes share an address? */
export function overlaps(a: Cidr, b: Cidr): boolean {
  const x = parseCidr(a)
  const y = parseCidr(b)
  const mask = x.bits < y.bits ? x.mask : y.mask
  return (x.base & mask) >>> 0 === (y.base & mask) >>> 0
}

/** The address with its prefix length behind it. Nothing is checked, no host bit is cleared. */
export function cidr(ip: Address, bits: number): Cidr {
  return `${ip}/${bits}`
}

/** A MAC a learner can read: two fixed bytes, then the address (Docker up to 27 used 02:42). */
export function macOf(ip: Address, prefix = '02:42'): Mac {
  const n = toNumber(ip)
  const octets = [24, 16, 8, 0].map((shift) => ((n >>> shift) & 255).toString(16).padStart(2, '0'))
  return `${prefix}:${octets.join(':')}` as Mac
}

/** Is the address, or the one of a prefix, in 127.0.0.0/8 (RFC 1122 3.2.1.3)? */
export function isLoopback(ip: Address | Cidr): boolean {
  return ip.startsWith('127.')
}

/** 224.0.0.0/4 (RFC 5771). */
export function isMulticast(ip: Address): boolean {
  return toNumber(ip) >>> 28 === 14
}

/** Is the lowest bit of the first octet set: broadcast or multicast (IEEE 802.3)? Read off the second hex digit. */
export function isGroup(mac: Mac): boolean {
  return '13579bdfBDF'.includes(mac[1] ?? '0')
}
