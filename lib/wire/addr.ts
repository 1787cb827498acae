/** Addresses as a person reads them; the functions here are the only ones that know their bits. */

export type Ipv4 = `${number}.${number}.${number}.${number}`
export type Cidr = `${Ipv4}/${number}`
export type Mac = `${string}:${string}:${string}:${string}:${string}:${string}`
export type Bytes = Uint8Array

export const BROADCAST: Mac = 'ff:ff:ff:ff:ff:ff'
export const ZERO_MAC: Mac = '00:00:00:00:00:00'

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/
// Parsing is the hottest thing a walk does with a string, and a walk meets few distinct ones: remember them. Bounded, since a page may live long.
const MEMO_LIMIT = 200_000
let numbers = new Map<string, number>()
let cidrs = new Map<string, CidrParts>()

export interface CidrParts {
  /** Network address as an unsigned 32-bit number. */
  readonly base: number
  /** The address as written (host bits kept), unsigned 32-bit. */
  readonly address: number
  readonly bits: number
  readonly mask: number
}

/** Is this text a dotted-quad IPv4 address (four numbers, 0–255, no leading zeros)? */
export function isIpv4(text: string): text is Ipv4 {
  const m = IPV4.exec(text)
  return m !== null && m.slice(1).every((octet) => Number(octet) <= 255 && String(Number(octet)) === octet)
}

export function isCidr(text: string): text is Cidr {
  const slash = text.indexOf('/')
  if (slash < 0 || !isIpv4(text.slice(0, slash))) return false
  const bits = text.slice(slash + 1)
  return /^\d{1,2}$/.test(bits) && Number(bits) <= 32 && String(Number(bits)) === bits
}

const MAC = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/
export function isMac(text: string): text is Mac {
  return MAC.test(text)
}

/** An address as an unsigned 32-bit number. Throws RangeError on text that is no IPv4 address. */
export function toNumber(ip: string): number {
  const known = numbers.get(ip)
  if (known !== undefined) return known
  if (!isIpv4(ip)) throw new RangeError(`not an IPv4 address: ${JSON.stringify(ip)}`)
  let n = 0
  for (const octet of ip.split('.')) n = n * 256 + Number(octet)
  if (numbers.size >= MEMO_LIMIT) numbers = new Map()
  numbers.set(ip, n)
  return n
}

/** The address with this unsigned 32-bit value. */
export function fromNumber(n: number): Ipv4 {
  return `${(n >>> 24) & 255}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`
}

export function maskOf(bits: number): number {
  return bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0
}

/** The parts of a prefix. Throws RangeError on text that is no IPv4 prefix. */
export function parseCidr(cidr: string): CidrParts {
  const known = cidrs.get(cidr)
  if (known !== undefined) return known
  if (!isCidr(cidr)) throw new RangeError(`not an IPv4 prefix: ${JSON.stringify(cidr)}`)
  const slash = cidr.indexOf('/')
  const address = toNumber(cidr.slice(0, slash))
  const bits = Number(cidr.slice(slash + 1))
  const mask = maskOf(bits)
  const parts = { base: (address & mask) >>> 0, address, bits, mask }
  if (cidrs.size >= MEMO_LIMIT) cidrs = new Map()
  cidrs.set(cidr, parts)
  return parts
}

export function inCidr(ip: string, cidr: string): boolean {
  const { base, mask } = parseCidr(cidr)
  return ((toNumber(ip) & mask) >>> 0) === base
}

/** The address of `10.1.15.1/24`, as written. */
export function addressOf(cidr: Cidr): Ipv4 {
  return cidr.slice(0, cidr.indexOf('/')) as Ipv4
}

/** The network of `10.1.15.1/24`: `10.1.15.0/24`. */
export function networkOf(cidr: Cidr): Cidr {
  const { base, bits } = parseCidr(cidr)
  return `${fromNumber(base)}/${bits}`
}

export function broadcastOf(cidr: Cidr): Ipv4 {
  const { base, mask } = parseCidr(cidr)
  return fromNumber((base | ~mask) >>> 0)
}

/** Do two prefixes share an address? */
export function overlaps(a: Cidr, b: Cidr): boolean {
  const x = parseCidr(a)
  const y = parseCidr(b)
  const mask = x.bits < y.bits ? x.mask : y.mask
  return ((x.base & mask) >>> 0) === ((y.base & mask) >>> 0)
}

export function cidr(ip: Ipv4, bits: number): Cidr {
  return `${ip}/${bits}`
}

/** A MAC a learner can read: two fixed bytes, then the address (Docker up to 27 used 02:42). */
export function macOf(ip: Ipv4, prefix = '02:42'): Mac {
  const n = toNumber(ip)
  const octets = [24, 16, 8, 0].map((shift) => ((n >>> shift) & 255).toString(16).padStart(2, '0'))
  return `${prefix}:${octets.join(':')}` as Mac
}

/** 224.0.0.0/4 (RFC 5771). */
export function isMulticast(ip: Ipv4): boolean {
  return toNumber(ip) >>> 28 === 14
}

/** Is the lowest bit of the first octet set: broadcast or multicast (IEEE 802.3)? Read off the second hex digit. */
export function isGroup(mac: Mac): boolean {
  return '13579bdfBDF'.includes(mac[1] ?? '0')
}
