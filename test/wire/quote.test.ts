import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dissect, encode } from '#lib/wire/codec.ts'
import { fragment } from '#lib/wire/fragment.ts'
import { find, type IpHeader, type Packet } from '#lib/wire/packet.ts'
import { layers, parseQuote, quote } from '#lib/wire/quote.ts'
import { bytes, frame, ipPacket, RUNS } from '../arbitraries.ts'
import { CAPTURED, hex } from './captured.ts'

const ip: IpHeader = {
  kind: 'ipv4',
  src: '10.1.15.2',
  dst: '10.1.20.3',
  ttl: 1,
  id: 9,
  df: true,
  mf: false,
  offset: 0,
  tos: 0,
  proto: 6,
}
const tcp: Packet = {
  headers: [
    ip,
    {
      kind: 'tcp',
      sport: 40003,
      dport: 80,
      seq: 0xd0073659,
      ack: 5,
      flags: 2,
      window: 9,
      options: [{ kind: 'mss', value: 1410 }],
    },
  ],
  payload: Uint8Array.of(1, 2, 3),
}
const udp: Packet = {
  headers: [
    { ...ip, proto: 17 },
    { kind: 'udp', sport: 40012, dport: 5022 },
  ],
  payload: new Uint8Array(1400),
}
const echo: Packet = {
  headers: [
    { ...ip, proto: 1 },
    { kind: 'icmp', type: 8, code: 0, rest: 0x4b540001 },
  ],
  payload: new Uint8Array(56),
}
const of = (text: string): Packet => dissect(hex(text)).packet

describe('quote', () => {
  it('is the IP packet without its frame, cut', () => {
    const framed = of(CAPTURED.syn)
    expect(quote(framed, 28)).toEqual(hex(CAPTURED.syn).slice(14, 42))
    expect(quote(echo, 5000)).toEqual(encode(echo))
  })
  it('is read back whole when it is whole', () => {
    fc.assert(
      fc.property(
        ipPacket.filter((p) => !find(p, 'ipv4')!.mf),
        (p) => {
          expect(parseQuote(quote(p, 70000))).toEqual(p)
        },
      ),
      RUNS,
    )
  })
  it('still has its ports when 28 bytes are left (RFC 792), and when 24 are', () => {
    expect(parseQuote(quote(tcp, 28)).headers[1]).toMatchObject({
      kind: 'tcp',
      sport: 40003,
      dport: 80,
      seq: 0xd0073659,
    })
    expect(parseQuote(quote(tcp, 24)).headers[1]).toMatchObject({
      kind: 'tcp',
      sport: 40003,
      dport: 80,
    })
    expect(parseQuote(quote(udp, 28)).headers[1]).toMatchObject({
      kind: 'udp',
      sport: 40012,
      dport: 5022,
    })
    expect(parseQuote(quote(udp, 24)).headers[1]).toMatchObject({
      kind: 'udp',
      sport: 40012,
      dport: 5022,
    })
    expect(parseQuote(quote(echo, 28)).headers[1]).toMatchObject({
      kind: 'icmp',
      type: 8,
      rest: 0x4b540001,
    })
  })
  it('has its IPv4 header alone when nothing else is left', () => {
    for (const p of [tcp, udp, echo])
      expect(parseQuote(quote(p, 20))).toEqual({
        headers: [p.headers[0]],
        payload: new Uint8Array(0),
      })
    expect(parseQuote(quote(udp, 23)).headers).toHaveLength(1)
  })
  it('knows the ports of a first fragment, not of a later one', () => {
    const [first, second] = fragment(
      { ...udp, headers: [{ ...ip, df: false, proto: 17 }, udp.headers[1]!] },
      800,
    )
    expect(parseQuote(quote(first!, 28)).headers[1]).toMatchObject({ kind: 'udp', dport: 5022 })
    expect(parseQuote(quote(second!, 28)).headers).toHaveLength(1)
  })
  it('never throws, nor does writing what it read', () => {
    fc.assert(
      fc.property(bytes(80), (b) => {
        encode(parseQuote(b))
      }),
      { ...RUNS, numRuns: 2000 },
    )
    fc.assert(
      fc.property(ipPacket, fc.nat(120), (p, max) => {
        encode(parseQuote(quote(p, max)))
      }),
      { ...RUNS, numRuns: 1000 },
    )
  })
})

describe('layers', () => {
  it('a VXLAN echo, as the lab decoded it', () => {
    expect(layers(of(CAPTURED.vxlanEcho))).toMatchObject([
      { type: 'ethernet', src: '02:00:c0:a8:00:64', dst: '02:00:c0:a8:00:c8', ethertype: '0x0800' },
      {
        type: 'ipv4',
        src: '192.168.0.100',
        dst: '192.168.0.200',
        ttl: 64,
        id: 26383,
        proto: 17,
        total_len: 134,
        df: false,
        mf: false,
        frag_off: 0,
        tos: 0,
        csum: 'ok',
        checksum: '0x90db',
      },
      { type: 'udp', sport: 44508, dport: 8472, len: 114, csum: 'ok' },
      { type: 'vxlan', flags: '0x08', vni: 1 },
      { type: 'ethernet', src: '02:f1:0a:01:0f:00', dst: '02:f1:0a:01:14:00' },
      {
        type: 'ipv4',
        src: '10.1.15.2',
        dst: '10.1.20.3',
        ttl: 63,
        id: 4098,
        proto: 1,
        total_len: 84,
      },
      {
        type: 'icmp',
        icmp_type: 8,
        code: 0,
        name: 'echo-request',
        id: 19284,
        seq: 1,
        len: 64,
        csum: 'ok',
      },
    ])
  })
  it('ARP', () => {
    expect(layers(of(CAPTURED.arpRequest))).toEqual([
      { type: 'ethernet', src: '0a:58:0a:01:0f:02', dst: 'ff:ff:ff:ff:ff:ff', ethertype: '0x0806' },
      {
        type: 'arp',
        op: 'request',
        sha: '0a:58:0a:01:0f:02',
        spa: '10.1.15.2',
        tha: '00:00:00:00:00:00',
        tpa: '10.1.15.1',
      },
    ])
  })
  it('TCP: flag letters, header and data length, MSS of a SYN', () => {
    expect(layers(of(CAPTURED.syn))[2]).toMatchObject({
      type: 'tcp',
      sport: 40003,
      dport: 80,
      flags: 'S',
      hdr_len: 40,
      data_len: 0,
      mss: 1410,
      seq: 0xd0073659,
      csum: 'ok',
    })
    expect(layers(of(CAPTURED.data))[2]).toMatchObject({ flags: 'PA', hdr_len: 32, data_len: 18 })
  })
  it('an ICMP error with what it quotes; lengths are those of the quoted packet, not of the cut', () => {
    expect(layers(of(CAPTURED.timeExceeded))[2]).toMatchObject({
      icmp_type: 11,
      code: 0,
      name: 'ttl-exceeded',
      len: 92,
      quotes: [
        {
          type: 'ipv4',
          src: '10.1.15.2',
          dst: '10.1.20.3',
          ttl: 1,
          id: 12289,
          proto: 1,
          total_len: 84,
        },
        { type: 'icmp', icmp_type: 8, code: 0, name: 'echo-request', id: 19284, seq: 1 },
      ],
    })
    expect(layers(of(CAPTURED.fragNeeded))[2]).toMatchObject({
      icmp_type: 3,
      code: 4,
      mtu: 1450,
      len: 556,
      quotes: [
        { type: 'ipv4', ttl: 64, id: 0, df: true, proto: 17, total_len: 1500 },
        { type: 'udp', sport: 40012, dport: 5022, len: 1480 },
      ],
    })
  })
  it('the quote of a tunnel packet, cut inside', () => {
    const error: Packet = {
      headers: [
        { ...ip, proto: 1 },
        { kind: 'icmp', type: 3, code: 3, rest: 0 },
      ],
      payload: quote(of(CAPTURED.vxlanEcho), 134),
    }
    expect(layers(error)[1]?.['quotes']).toMatchObject([
      { type: 'ipv4', total_len: 134 },
      { type: 'udp', dport: 8472, len: 114 },
      { type: 'vxlan' },
      { type: 'ethernet' },
      { type: 'ipv4', total_len: 84 },
      { type: 'icmp', id: 19284 },
    ])
    // The outer checksum was computed over a packet that is longer than the quote: it still stands as quoted.
    const quotes = layers(error)[1]!['quotes'] as { checksum: string }[]
    expect(quotes[0]?.checksum).toBe('0x90db')
  })
  it('redirect: the gateway', () => {
    const redirect: Packet = {
      headers: [
        { ...ip, proto: 1 },
        { kind: 'icmp', type: 5, code: 1, rest: 0x0a010f01 },
      ],
      payload: quote(echo, 28),
    }
    expect(layers(redirect)[1]).toMatchObject({ icmp_type: 5, gateway: '10.1.15.1' })
  })
  it('fragments: the first shows its ports', () => {
    const pieces = fragment(
      { ...udp, headers: [{ ...ip, df: false, proto: 17 }, udp.headers[1]!] },
      1000,
    ).map(layers)
    expect(pieces[0]).toMatchObject([
      { type: 'ipv4', mf: true, frag_off: 0, total_len: 996 },
      { type: 'udp', sport: 40012, dport: 5022, len: 1408, csum: 'fragment' },
      { type: 'fragment', len: 976 },
    ])
    expect(pieces[1]).toMatchObject([
      { type: 'ipv4', mf: false, frag_off: 976, total_len: 452 },
      { type: 'fragment', len: 432 },
    ])
  })
  it('an absent UDP checksum, and the length of a payload', () => {
    expect(layers(of(CAPTURED.vxlanNoChecksum))[2]).toMatchObject({ type: 'udp', csum: 'zero' })
    expect(layers(udp).at(-1)).toEqual({ type: 'payload', len: 1400 })
  })
  it('survives JSON, and begins with a layer per header', () => {
    fc.assert(
      fc.property(frame, (p) => {
        const list = layers(p)
        expect(JSON.parse(JSON.stringify(list))).toEqual(list)
        expect(
          list.filter((x) => p.headers.some((h) => h.kind === x.type)).length,
        ).toBeGreaterThanOrEqual(p.headers.length)
      }),
      RUNS,
    )
  })
})
