import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dissect, encode, LAYOUTS } from '#lib/wire/codec.ts'
import { checksum, finish, sum16 } from '#lib/wire/checksum.ts'
import { pseudo } from '#lib/wire/ipv4.ts'
import {
  headerLength,
  size,
  type Header,
  type IpHeader,
  type Packet,
  type TcpOption,
} from '#lib/wire/packet.ts'
import { bytes, datagram, frame, ipPacket, RUNS } from '../arbitraries.ts'
import { CAPTURED, hex, toHex } from './captured.ts'

const ip = (over: Partial<IpHeader> = {}): IpHeader => ({
  kind: 'ipv4',
  src: '10.1.15.2',
  dst: '10.1.20.3',
  ttl: 64,
  id: 1,
  df: false,
  mf: false,
  offset: 0,
  tos: 0,
  proto: 17,
  ...over,
})
const of = (...headers: Header[]): Packet => ({ headers, payload: new Uint8Array(0) })

const echoData = hex(CAPTURED.vxlanEcho).slice(92)
const vxlanEcho: Packet = {
  headers: [
    { kind: 'ethernet', dst: '02:00:c0:a8:00:c8', src: '02:00:c0:a8:00:64' },
    ip({ src: '192.168.0.100', dst: '192.168.0.200', id: 26383 }),
    { kind: 'udp', sport: 44508, dport: 8472 },
    { kind: 'vxlan', flags: 0x08, vni: 1 },
    { kind: 'ethernet', dst: '02:f1:0a:01:14:00', src: '02:f1:0a:01:0f:00' },
    ip({ ttl: 63, id: 4098, proto: 1 }),
    { kind: 'icmp', type: 8, code: 0, rest: 19284 * 65536 + 1 },
  ],
  payload: echoData,
}
const arpRequest = of(
  { kind: 'ethernet', dst: 'ff:ff:ff:ff:ff:ff', src: '0a:58:0a:01:0f:02' },
  {
    kind: 'arp',
    op: 'request',
    sha: '0a:58:0a:01:0f:02',
    spa: '10.1.15.2',
    tha: '00:00:00:00:00:00',
    tpa: '10.1.15.1',
  },
)
const tagged = of(
  { kind: 'ethernet', dst: 'ff:ff:ff:ff:ff:ff', src: '02:00:00:09:00:01' },
  { kind: 'vlan', pcp: 3, dei: false, vid: 100 },
  {
    kind: 'arp',
    op: 'request',
    sha: '02:00:00:09:00:01',
    spa: '10.9.0.1',
    tha: '00:00:00:00:00:00',
    tpa: '10.9.0.2',
  },
)
const syn = of(
  { kind: 'ethernet', dst: '0a:58:0a:01:0f:01', src: '0a:58:0a:01:0f:02' },
  ip({ id: 50673, df: true, proto: 6 }),
  {
    kind: 'tcp',
    sport: 40003,
    dport: 80,
    seq: 0xd0073659,
    ack: 0,
    flags: 2,
    window: 64860,
    options: [
      { kind: 'mss', value: 1410 },
      { kind: 'sack-permitted' },
      { kind: 'timestamps', value: 0x2a3c664d, echo: 0 },
      { kind: 'nop' },
      { kind: 'window-scale', shift: 10 },
    ],
  },
)

const tunnelled = (...between: Header[]): Header[] => [
  { kind: 'ethernet', dst: '02:00:00:09:01:fe', src: '02:00:00:09:01:01' },
  ...between,
]
const [A, B] = ['192.168.9.1', '192.168.10.2'] as const
/** The headers of each tunnel around an echo; ids are the kernel's. */
const TUNNELLED = {
  inIp: tunnelled(ip({ src: A, dst: B, ttl: 63, id: 0x101e, df: true, proto: 4 })),
  inGre: tunnelled(ip({ src: A, dst: B, ttl: 63, id: 0x93fb, df: true, proto: 47 }), {
    kind: 'gre',
    checksum: false,
    key: 42,
  }),
  inNvgre: tunnelled(
    ip({ src: A, dst: B, ttl: 63, id: 0x59f2, df: true, proto: 47 }),
    { kind: 'gre', checksum: false, key: 5000 * 256 + 1 },
    { kind: 'ethernet', dst: '02:00:00:0a:00:02', src: '02:00:00:0a:00:01' },
  ),
  inGeneve: tunnelled(
    ip({ src: A, dst: B, id: 0xe044, proto: 17 }),
    { kind: 'udp', sport: 52_225, dport: 6081 },
    { kind: 'geneve', vni: 7, options: hex('0102800100112233') },
    { kind: 'ethernet', dst: '02:00:00:0a:00:02', src: '02:00:00:0a:00:01' },
  ),
} as const

describe('tunnels', () => {
  it.each(Object.entries(TUNNELLED))('%s: written and read', (name, headers) => {
    const text = CAPTURED[name as keyof typeof TUNNELLED]
    const { packet } = dissect(hex(text))
    expect(packet.headers.slice(0, headers.length)).toEqual(headers)
    expect(packet.headers.slice(headers.length).map((h) => h.kind)).toEqual(['ipv4', 'icmp'])
    expect(toHex(encode({ ...packet, headers: [...headers, ...packet.headers.slice(-2)] }))).toBe(
      text,
    )
  })
  it('a GRE checksum is over the header and what is inside', () => {
    const inside = dissect(hex(CAPTURED.inGre)).packet
    const bytes = encode({
      ...inside,
      headers: inside.headers.map((h) => (h.kind === 'gre' ? { ...h, checksum: true } : h)),
    })
    expect(toHex(bytes.subarray(34, 38))).toBe('a0000800')
    expect(toHex(bytes.subarray(42, 46))).toBe('0000002a')
    expect(checksum(bytes, 34, bytes.length)).toBe(0)
    expect(dissect(bytes).packet.headers[2]).toEqual({ kind: 'gre', checksum: true, key: 42 })
  })
  it.each([
    ['a key of more than 32 bits', { kind: 'gre', checksum: false, key: 2 ** 32 }],
    ['a VNI of more than 24 bits', { kind: 'geneve', vni: 2 ** 24 }],
    ['options that are no words', { kind: 'geneve', vni: 1, options: hex('0102') }],
  ] as const)('%s is refused', (_, h) => {
    expect(() => encode(of(h))).toThrow(RangeError)
  })
  it.each([
    ['a sequence number in GRE', 'inGre', 34, '30'],
    ['GRE of another version', 'inGre', 35, '01'],
    ['what Geneve carries is no frame', 'inGeneve', 44, '0800'],
    ['a control message of Geneve', 'inGeneve', 43, '80'],
  ] as const)('%s is payload', (_, name, at, bytes) => {
    const changed = hex(CAPTURED[name])
    changed.set(hex(bytes), at)
    const kinds = dissect(changed).packet.headers.map((h) => h.kind)
    expect(kinds).not.toContain(name === 'inGre' ? 'gre' : 'geneve')
  })
})

describe('captured frames', () => {
  it.each([
    ['vxlanEcho', vxlanEcho],
    ['arpRequest', arpRequest],
    ['syn', syn],
    ['tagged', tagged],
  ] as const)('%s: written and read', (name, packet) => {
    expect(toHex(encode(packet))).toBe(CAPTURED[name])
    expect(dissect(hex(CAPTURED[name])).packet).toEqual(packet)
  })
  it.each(Object.entries(CAPTURED))('%s: reading and writing gives the same bytes', (_, text) => {
    expect(toHex(encode(dissect(hex(text)).packet))).toBe(text)
  })
  it('keeps an absent UDP checksum absent', () => {
    expect(dissect(hex(CAPTURED.vxlanNoChecksum)).packet.headers[2]).toMatchObject({
      kind: 'udp',
      nocheck: true,
    })
  })
})

describe('round trip', () => {
  it('dissect(encode(p)) is p, for every frame', () => {
    fc.assert(
      fc.property(frame, (p) => {
        expect(dissect(encode(p)).packet).toEqual(p)
      }),
      RUNS,
    )
  })
  it('dissect(encode(p), ipv4) is p, for every IP packet', () => {
    fc.assert(
      fc.property(ipPacket, (p) => {
        expect(dissect(encode(p), 'ipv4').packet).toEqual(p)
      }),
      RUNS,
    )
  })
  it('encode gives as many bytes as size says, and the same array again', () => {
    fc.assert(
      fc.property(frame, (p) => {
        expect(encode(p).length).toBe(size(p))
        expect(encode(p)).toBe(encode(p))
      }),
      RUNS,
    )
  })
  it('leaves Ethernet padding out', () => {
    const padded = new Uint8Array(60)
    padded.set(hex(CAPTURED.arpRequest))
    expect(toHex(encode(dissect(padded).packet))).toBe(CAPTURED.arpRequest)
    const small: Packet = {
      headers: [arpRequest.headers[0]!, ip(), { kind: 'udp', sport: 1, dport: 2 }],
      payload: Uint8Array.of(7),
    }
    const long = new Uint8Array(60)
    long.set(encode(small))
    expect(dissect(long).packet).toEqual(small)
  })
})

describe('arbitrary bytes', () => {
  it('a VXLAN header in front of no readable frame stays payload, header and all', () => {
    const head = hex('0800000000000100')
    for (const junk of [
      new Uint8Array(0),
      new Uint8Array(13),
      hex(CAPTURED.vxlanEcho).slice(50, 64 + 19),
      Uint8Array.from({ length: 60 }, () => 0xff),
    ]) {
      const p: Packet = {
        headers: [ip(), { kind: 'udp', sport: 1, dport: 8472 }],
        payload: Uint8Array.from([...head, ...junk]),
      }
      expect(dissect(encode(p), 'ipv4').packet).toEqual(p)
    }
  })
  it.each(['ethernet', 'ipv4'] as const)(
    'dissect never throws, first %s, and what it says can be written',
    (first) => {
      fc.assert(
        fc.property(bytes(120), (b) => {
          encode(dissect(b, first).packet)
        }),
        { ...RUNS, numRuns: 2000 },
      )
    },
  )
  it('a good packet with a few bytes changed or cut off never throws', () => {
    fc.assert(
      fc.property(frame, fc.nat(), fc.nat(255), fc.nat(), (p, at, value, cut) => {
        const b = encode(p).slice()
        b[at % b.length] = value
        const { packet, spans } = dissect(b.slice(0, b.length - (cut % 40)))
        encode(packet)
        for (const s of spans) expect(Number.isSafeInteger(s.value)).toBe(true)
      }),
      { ...RUNS, numRuns: 2000 },
    )
  })
  it('what arrives on a tunnel port but is no packet stays payload', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(8472, 4789, 8285),
        fc.uint8Array({ maxLength: 60 }),
        (dport, junk) => {
          // First byte zero: neither a VNI that counts nor IP version 4, and no ethertype of ours behind it.
          const payload = Uint8Array.from(junk, (n, i) => (i === 0 || i === 20 || i === 21 ? 0 : n))
          const p: Packet = { headers: [ip(), { kind: 'udp', sport: 1, dport }], payload }
          expect(dissect(encode(p), 'ipv4').packet).toEqual(p)
        },
      ),
      RUNS,
    )
  })
})

describe('spans', () => {
  const read = (b: Uint8Array, bit: number, bits: number): number => {
    let v = 0
    for (let i = bit; i < bit + bits; i += 1) v = v * 2 + ((b[i >> 3]! >> (7 - (i & 7))) & 1)
    return v
  }
  it('stand where their header stands, in layout order, with the bits of the packet', () => {
    fc.assert(
      fc.property(frame, (p) => {
        const b = encode(p)
        const { spans } = dissect(b)
        let at = 0
        p.headers.forEach((h, i) => {
          const mine = spans.filter((s) => s.header === i)
          const fixed = mine.slice(0, LAYOUTS[h.kind].length)
          expect(fixed.map((s) => [s.field, s.bits])).toEqual(LAYOUTS[h.kind].map((f) => [...f]))
          let bit = at * 8
          for (const s of mine) {
            expect([s.kind, s.bit]).toEqual([h.kind, bit])
            bit += s.bits
          }
          at += headerLength(h)
        })
        for (const s of spans) expect(s.value).toBe(read(b, s.bit, s.bits))
      }),
      RUNS,
    )
  })
  it('every writer agrees with its layout', () => {
    const value = (p: Packet, header: number, field: string) =>
      dissect(encode(p)).spans.find((s) => s.header === header && s.field === field)?.value
    expect(value(vxlanEcho, 0, 'dst')).toBe(0x0200c0a800c8)
    expect(value(vxlanEcho, 0, 'type')).toBe(0x0800)
    expect(
      ['ttl', 'id', 'proto', 'src', 'dst', 'checksum'].map((f) => value(vxlanEcho, 1, f)),
    ).toEqual([64, 26383, 17, 0xc0a80064, 0xc0a800c8, 0x90db])
    expect(['sport', 'dport', 'checksum'].map((f) => value(vxlanEcho, 2, f))).toEqual([
      44508, 8472, 0x5fb4,
    ])
    expect(['flags', 'vni'].map((f) => value(vxlanEcho, 3, f))).toEqual([8, 1])
    expect(['type', 'code', 'rest'].map((f) => value(vxlanEcho, 6, f))).toEqual([8, 0, 0x4b540001])
    expect(['sport', 'dport', 'seq', 'data_offset', 'window'].map((f) => value(syn, 2, f))).toEqual(
      [40003, 80, 0xd0073659, 10, 64860],
    )
    expect(
      ['htype', 'ptype', 'hlen', 'plen', 'op', 'sha', 'spa', 'tpa'].map((f) =>
        value(arpRequest, 1, f),
      ),
    ).toEqual([1, 0x0800, 6, 4, 1, 0x0a580a010f02, 0x0a010f02, 0x0a010f01])
    const piece = of(arpRequest.headers[0]!, ip({ df: true, mf: true, offset: 1424 }))
    expect(['version', 'ihl', 'df', 'mf', 'offset'].map((f) => value(piece, 1, f))).toEqual([
      4, 5, 1, 1, 178,
    ])
  })
})

describe('checksums', () => {
  it('RFC 1071 section 3: its own example', () => {
    expect(checksum(hex('0001f203f4f5f6f7'))).toBe(0x220d)
  })
  it('are zero over what they cover', () => {
    fc.assert(
      fc.property(datagram, (p) => {
        const b = encode(p)
        const [h, next] = p.headers
        if (h?.kind !== 'ipv4') throw new Error('a datagram begins with IPv4')
        const at = headerLength(h)
        expect(checksum(b, 0, at)).toBe(0)
        expect(next?.kind === 'icmp' ? checksum(b, at) : 0).toBe(0)
        const summed = next?.kind === 'tcp' || (next?.kind === 'udp' && next.nocheck !== true)
        expect(summed ? finish(sum16(b, at, b.length, pseudo(h, b.length - at))) : 0).toBe(0)
      }),
      RUNS,
    )
  })
  it('carries are folded until there is none (RFC 1071)', () => {
    // 0x1ffff comes to 0x10000, which has one more.
    expect(finish(0x1ffff)).toBe(0xfffe)
  })
  it('UDP sends a computed zero as 0xffff', () => {
    // Find the datagram whose checksum comes to zero by putting its complement into the payload.
    const make = (word: number): Packet => ({
      headers: [ip(), { kind: 'udp', sport: 1, dport: 2 }],
      payload: Uint8Array.of(word >>> 8, word & 255),
    })
    const of0 = encode(make(0))
    const b = encode(make((of0[26]! << 8) | of0[27]!))
    expect([b[26], b[27]]).toEqual([0xff, 0xff])
  })
})

describe('what does not fit is refused, naming header, field and value', () => {
  const udp = (over: object): Packet => of(ip(), { kind: 'udp', sport: 1, dport: 2, ...over })
  const tcp = (over: object): Packet =>
    of(ip({ proto: 6 }), {
      kind: 'tcp',
      sport: 1,
      dport: 2,
      seq: 0,
      ack: 0,
      flags: 0,
      window: 0,
      options: [],
      ...over,
    })
  const icmp = (over: object): Packet =>
    of(ip({ proto: 1 }), { kind: 'icmp', type: 8, code: 0, rest: 0, ...over })
  const vxlan = (over: object): Packet => of({ kind: 'vxlan', flags: 8, vni: 1, ...over })
  const options = (...o: TcpOption[]) => tcp({ options: o })
  const cases: [string, Packet, RegExp][] = [
    ['ttl', of(ip({ ttl: 256 })), /ipv4.*ttl.*256/],
    ['ttl below 0', of(ip({ ttl: -1 })), /ipv4.*ttl.*-1/],
    ['ttl NaN', of(ip({ ttl: Number.NaN })), /ipv4.*ttl.*NaN/],
    ['id', of(ip({ id: 65536 })), /ipv4.*id.*65536/],
    ['tos', of(ip({ tos: 1.5 })), /ipv4.*tos.*1\.5/],
    ['proto', of(ip({ proto: 300 })), /ipv4.*proto.*300/],
    ['offset', of(ip({ offset: 4 })), /ipv4.*offset.*4/],
    ['ip options', of(ip({ options: new Uint8Array(3) })), /ipv4.*options.*3/],
    ['total length', { headers: [ip()], payload: new Uint8Array(65516) }, /ipv4.*total.*65536/],
    ['udp port', udp({ dport: 65536 }), /udp.*65536/],
    ['udp half a port', udp({ sport: 0.5 }), /udp.*0\.5/],
    ['tcp port', tcp({ sport: -1 }), /tcp.*-1/],
    ['seq', tcp({ seq: 2 ** 32 }), /tcp.*seq.*4294967296/],
    ['ack', tcp({ ack: -1 }), /tcp.*ack.*-1/],
    ['flags', tcp({ flags: 256 }), /tcp.*flags.*256/],
    ['window', tcp({ window: 65536 }), /tcp.*window.*65536/],
    ['tcp options', options({ kind: 'nop' }), /tcp.*options/],
    ['mss', options({ kind: 'mss', value: 65536 }), /tcp.*mss.*65536/],
    ['icmp type', icmp({ type: 256 }), /icmp.*type.*256/],
    ['icmp rest', icmp({ rest: -1 }), /icmp.*rest.*-1/],
    ['vni', vxlan({ vni: 0x1000000 }), /vxlan.*vni.*16777216/],
    ['vid', of({ kind: 'vlan', pcp: 0, dei: false, vid: 4096 }), /vlan.*vid.*4096/],
    ['vxlan flags', vxlan({ flags: 256 }), /vxlan.*flags.*256/],
    [
      'mac',
      of({ kind: 'ethernet', dst: '0:0:0:0:0:0', src: '00:00:00:00:00:00' }),
      /MAC.*0:0:0:0:0:0/,
    ],
    ['address', of(ip({ src: '10.0.0.256' })), /IPv4.*10\.0\.0\.256/],
  ]
  it.each(cases)('%s', (_, p, message) => {
    expect(() => encode(p)).toThrow(RangeError)
    expect(() => encode(p)).toThrow(message)
  })
})

describe('packets that have headers in common', () => {
  it('are encoded as each of them is by itself, whichever came before', () => {
    // Encoded alone: more different packets than are remembered stand between.
    const alone = (p: Packet): string => {
      for (let n = 0; n < 20; n += 1)
        encode({ headers: [ip({ id: n })], payload: Uint8Array.of(n) })
      return toHex(
        encode({ headers: p.headers.map((h) => ({ ...h })), payload: p.payload.slice() }),
      )
    }
    fc.assert(
      fc.property(frame, fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), (first, changes) => {
        let p: Packet = first
        const met = [p]
        for (const change of changes) {
          const at = change % p.headers.length
          const h = p.headers[at]!
          const other: Header =
            h.kind === 'ipv4'
              ? { ...h, ttl: (h.ttl + 1) % 256, src: change % 3 === 0 ? '10.9.8.7' : h.src }
              : h.kind === 'ethernet'
                ? { ...h, src: '02:00:00:00:00:07' }
                : h.kind === 'tcp' || h.kind === 'udp'
                  ? { ...h, sport: (h.sport + 1) % 65536 }
                  : { ...h }
          p =
            change % 5 === 4 && p.headers.length > 1
              ? { headers: p.headers.slice(1), payload: p.payload }
              : { headers: p.headers.with(at, other), payload: p.payload }
          met.push(p)
        }
        const together = met.map((one) => toHex(encode(one)))
        expect(together).toEqual(met.map(alone))
      }),
      RUNS,
    )
  })
})
