import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromNumber, isCidr, isIpv4, parseCidr, toNumber } from '#lib/wire/addr.ts'

/** As the grammar has it: RFC 3986, dec-octet; a prefix length has no leading zero. */
const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const ADDRESS = new RegExp(`^(?:${OCTET}\\.){3}${OCTET}$`)
const PREFIX = new RegExp(`^(?:${OCTET}\\.){3}${OCTET}/(?:3[0-2]|[12]?\\d)$`)

/** Texts that nearly are addresses and prefixes. */
const near = fc
  .array(fc.constantFrom('0', '1', '9', '25', '255', '256', '00', '.', '/', '-', ' ', '٣', 'a'), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''))
const nearer = fc
  .tuple(fc.array(fc.constantFrom('0', '10', '255', '256', '01', ''), { maxLength: 5 }), near)
  .map(([octets, rest]) => `${octets.join('.')}${rest}`)

describe('addresses and prefixes as text', () => {
  it('are those of the grammar', () => {
    fc.assert(
      fc.property(fc.oneof(near, nearer), (text) => {
        expect(isIpv4(text)).toBe(ADDRESS.test(text))
        expect(isCidr(text)).toBe(PREFIX.test(text))
      }),
      { numRuns: 3000 },
    )
    for (const bits of ['', '0', '9', '00', '07', '30', '32', '33', '320', '1x', '-1', ' 1'])
      expect(isCidr(`10.0.0.0/${bits}`)).toBe(PREFIX.test(`10.0.0.0/${bits}`))
  })
  it('are their numbers', () => {
    const address = fc.nat(0xffffffff)
    fc.assert(
      fc.property(address, fc.integer({ min: 0, max: 32 }), (n, bits) => {
        const ip = fromNumber(n)
        expect(isIpv4(ip)).toBe(true)
        expect(toNumber(ip)).toBe(n)
        const size = 2 ** (32 - bits)
        const base = Math.floor(n / size) * size
        expect(parseCidr(`${ip}/${bits}`)).toMatchObject({ address: n, bits, base })
      }),
    )
    for (const text of ['10.0.0', '10.0.0.0.0', '10.0.0.256', ''])
      expect(() => toNumber(text)).toThrow(RangeError)
    for (const text of ['10.0.0.0', '10.0.0.0/33', '10.0.0/8', '/8'])
      expect(() => parseCidr(text)).toThrow(RangeError)
  })
})
