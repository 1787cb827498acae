import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encode } from '#lib/wire/codec.ts'
import { fragment, reassemble } from '#lib/wire/fragment.ts'
import {
  find,
  ipLength,
  rewrite,
  size,
  type Ethernet,
  type IpHeader,
  type Packet,
} from '#lib/wire/packet.ts'
import { datagram, RUNS } from '../arbitraries.ts'

const ethernet: Ethernet = { kind: 'ethernet', dst: '02:00:c0:a8:00:c8', src: '02:00:c0:a8:00:64' }
const ip: IpHeader = {
  kind: 'ipv4',
  src: '10.1.15.2',
  dst: '10.1.20.3',
  ttl: 64,
  id: 7,
  df: false,
  mf: false,
  offset: 0,
  tos: 0,
  proto: 17,
}
/** A UDP packet of this IP length. */
const udp = (length: number): Packet => ({
  headers: [ip, { kind: 'udp', sport: 40013, dport: 5023 }],
  payload: Uint8Array.from({ length: length - 28 }, (_, i) => i & 255),
})

describe('fragment', () => {
  // As Linux cut them (facts/kernel.md): flannel.1 at 1450, an underlay at 1400, flannel udp at 1472, and 3028 bytes on docker0.
  it.each([
    [1500, 1450, [1444, 76]],
    [1500, 1400, [1396, 124]],
    [1500, 1472, [1468, 52]],
    [3028, 1500, [1500, 1500, 68]],
    [1500, 1500, [1500]],
  ])('%i bytes at MTU %i', (length, mtu, sizes) => {
    expect(fragment(udp(length), mtu).map(ipLength)).toEqual(sizes)
  })
  it('gives what fits back as it is', () => {
    const p = udp(1400)
    expect(fragment(p, 1400)[0]).toBe(p)
  })
  it('keeps the Ethernet header on every piece and does not count it', () => {
    const framed = { headers: [ethernet, ...udp(1500).headers], payload: udp(1500).payload }
    const pieces = fragment(framed, 1450)
    expect(pieces.map(size)).toEqual([1458, 90])
    expect(pieces.map((p) => p.headers[0])).toEqual([ethernet, ethernet])
    expect(pieces.map((p) => [find(p, 'ipv4')!.offset, find(p, 'ipv4')!.mf])).toEqual([
      [0, true],
      [1424, false],
    ])
  })
  it('cuts the outermost IPv4 packet of a tunnel', () => {
    const inner = udp(1450)
    const outer: Packet = {
      headers: [
        { ...ip, src: '192.168.0.100', dst: '192.168.0.200' },
        { kind: 'udp', sport: 50000, dport: 8472 },
        { kind: 'vxlan', flags: 8, vni: 1 },
        ethernet,
        ...inner.headers,
      ],
      payload: inner.payload,
    }
    const pieces = fragment(outer, 1400)
    expect(pieces.map(ipLength)).toEqual([1396, 124])
    expect(pieces.every((p) => p.headers.length === 1)).toBe(true)
    expect(reassemble(pieces)).toEqual(outer)
  })
  it('refuses an MTU without room', () => {
    expect(() => fragment(udp(100), 27)).toThrow(RangeError)
  })
  it('reassembles to the same packet, in any order, also when cut twice', () => {
    fc.assert(
      fc.property(
        datagram,
        fc.integer({ min: 68, max: 200 }),
        fc.integer({ min: 68, max: 200 }),
        (p, first, second) => {
          const whole = rewrite(p, 'ipv4', { df: false })
          const pieces = fragment(whole, first).flatMap((x) => fragment(x, second))
          for (const x of pieces) expect(ipLength(x)).toBeLessThanOrEqual(Math.min(first, second))
          expect(reassemble([...pieces].reverse())).toEqual(whole)
          expect(encode(reassemble(pieces)!)).toEqual(encode(whole))
        },
      ),
      RUNS,
    )
  })
})

describe('reassemble', () => {
  const pieces = fragment(udp(3028), 1500)
  it('is null while any piece is missing', () => {
    expect(reassemble([])).toBeNull()
    for (let i = 0; i < pieces.length; i += 1)
      expect(reassemble(pieces.filter((_, n) => n !== i))).toBeNull()
  })
  it('takes a piece that came twice', () => {
    expect(reassemble([pieces[0]!, pieces[1]!, pieces[1]!, pieces[2]!])).toEqual(udp(3028))
  })
  it('has TTL, id and TOS of the first piece', () => {
    const aged = pieces.map((p, i) => rewrite(p, 'ipv4', { ttl: 60 - i }))
    expect(find(reassemble(aged)!, 'ipv4')).toMatchObject({
      ttl: 60,
      id: 7,
      tos: 0,
      offset: 0,
      mf: false,
    })
  })
  it('keeps the Ethernet header of the first piece', () => {
    const framed = fragment(
      { headers: [ethernet, ...udp(1500).headers], payload: udp(1500).payload },
      1450,
    )
    expect(reassemble(framed)).toEqual({
      headers: [ethernet, ...udp(1500).headers],
      payload: udp(1500).payload,
    })
  })
  it('refuses what would exceed 65,535 bytes', () => {
    const huge = [
      { headers: [{ ...ip, mf: true }], payload: new Uint8Array(65000) },
      { headers: [{ ...ip, offset: 65000 }], payload: new Uint8Array(900) },
    ]
    expect(reassemble(huge)).toBeNull()
  })
})
