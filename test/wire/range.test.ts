import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cidr, inCidr, networkOf, overlaps, type Address, type Cidr } from '#lib/wire/addr.ts'
import { freeAddresses, freePrefixes, nth, offsetIn, within } from '#lib/wire/range.ts'
import { RUNS } from '../arbitraries.ts'

const octet = fc.nat(255)
const address = fc
  .tuple(octet, octet, octet, octet)
  .map(([a, b, c, d]): Address => `${a}.${b}.${c}.${d}`)
const prefix = fc
  .tuple(address, fc.integer({ min: 8, max: 32 }))
  .map(([ip, bits]): Cidr => networkOf(cidr(ip, bits)))

describe('the addresses of a prefix', () => {
  it('are counted from 0, and the count leads back', () => {
    fc.assert(
      fc.property(prefix, fc.nat(), (p, any) => {
        const n = any % 2 ** (32 - Number(p.split('/')[1]))
        const ip = nth(p, n)
        expect(inCidr(ip, p)).toBe(true)
        expect(offsetIn(ip, p)).toMatchObject({ n, inside: true })
      }),
      RUNS,
    )
  })
  it('end where the prefix does', () => {
    expect(nth('10.1.15.0/24', 255)).toBe('10.1.15.255')
    expect(() => nth('10.1.15.0/24', 256)).toThrow('10.1.15.0/24 has no address number 256')
    expect(offsetIn('10.1.15.255', '10.1.15.0/24')).toEqual({ n: 255, inside: true, last: true })
    expect(offsetIn('10.1.16.0', '10.1.15.0/24')).toEqual({ n: 256, inside: false, last: false })
    expect(offsetIn('10.1.14.255', '10.1.15.0/24')).toMatchObject({ n: -1, inside: false })
  })
  it('are handed out in order, without those taken and without the last', () => {
    const next = freeAddresses('10.0.0.0/29', 2, new Set<Address>(['10.0.0.3', '10.0.0.5']))
    expect([next(), next(), next(), next()]).toEqual(['10.0.0.2', '10.0.0.4', '10.0.0.6', null])
  })
})

describe('a prefix within another', () => {
  it('is one that shares an address and is no wider', () => {
    fc.assert(
      fc.property(prefix, prefix, (a, b) => {
        const wider = Number(a.split('/')[1]) < Number(b.split('/')[1])
        expect(within(a, b)).toBe(overlaps(a, b) && !wider)
      }),
      RUNS,
    )
    expect(within('10.1.15.0/24', '10.1.0.0/16')).toBe(true)
    expect(within('10.1.0.0/16', '10.1.15.0/24')).toBe(false)
  })
  it('is handed out when it shares no address with those taken', () => {
    const next = freePrefixes('10.1.0.0/22', { bits: 24, from: 0 }, [
      '10.1.1.128/25',
      '10.1.2.0/24',
    ])
    expect([next(), next(), next()]).toEqual(['10.1.0.0/24', '10.1.3.0/24', null])
  })
  it('is not handed out of one that is narrower', () => {
    expect(freePrefixes('10.1.0.0/28', { bits: 24, from: 0 }, [])()).toBeNull()
  })
})
