/** Arbitrary legal packets for properties. Every property in the project runs with the same seed, so that a failure repeats. */
import fc from 'fast-check'
import { fromNumber, type Address, type Mac } from '#lib/wire/addr.ts'
import {
  FLANNEL_UDP_PORT,
  headerLength,
  NO_BYTES,
  PROTO,
  VXLAN_PORTS,
  type Header,
  type IpHeader,
  type Packet,
  type TcpOption,
} from '#lib/wire/packet.ts'

export const RUNS = { seed: 20250511, numRuns: 300 } as const

const u8 = fc.integer({ min: 0, max: 0xff })
const u16 = fc.integer({ min: 0, max: 0xffff })
const u32 = fc.integer({ min: 0, max: 0xffffffff })
const port = u16.filter((n) => n !== FLANNEL_UDP_PORT && !VXLAN_PORTS.includes(n))

export const ipv4Address: fc.Arbitrary<Address> = u32.map(fromNumber)
const macAddress: fc.Arbitrary<Mac> = fc
  .uint8Array({ minLength: 6, maxLength: 6 })
  .map((six) => [...six].map((n) => n.toString(16).padStart(2, '0')).join(':') as Mac)
export const bytes = (max = 200): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ maxLength: max }).map((b) => Uint8Array.from(b))

const ethernet = fc.record({
  kind: fc.constant('ethernet' as const),
  dst: macAddress,
  src: macAddress,
})
const arp = fc.record({
  kind: fc.constant('arp' as const),
  op: fc.constantFrom('request' as const, 'reply' as const),
  sha: macAddress,
  spa: ipv4Address,
  tha: macAddress,
  tpa: ipv4Address,
})
const ipOptions = fc
  .integer({ min: 1, max: 10 })
  .chain((words) => fc.uint8Array({ minLength: words * 4, maxLength: words * 4 }))
  .map((b) => Uint8Array.from(b))

/** A whole datagram's header (no fragment) with this protocol number. */
function ipHeader(proto: number): fc.Arbitrary<IpHeader> {
  const plain = fc.record({
    kind: fc.constant('ipv4' as const),
    src: ipv4Address,
    dst: ipv4Address,
    ttl: u8,
    id: u16,
    df: fc.boolean(),
    mf: fc.constant(false),
    offset: fc.constant(0),
    tos: u8,
    proto: fc.constant(proto),
  })
  return fc
    .tuple(plain, fc.option(ipOptions, { nil: undefined }))
    .map(([h, options]) => (options === undefined ? h : { ...h, options }))
}

const tcpOption: fc.Arbitrary<TcpOption> = fc.oneof(
  u16.map((value) => ({ kind: 'mss' as const, value })),
  fc.constant({ kind: 'sack-permitted' as const }),
  fc.constant({ kind: 'nop' as const }),
  fc.record({ kind: fc.constant('timestamps' as const), value: u32, echo: u32 }),
  u8.map((shift) => ({ kind: 'window-scale' as const, shift })),
  fc
    .array(fc.tuple(u32, u32), { minLength: 1, maxLength: 3 })
    .map((blocks) => ({ kind: 'sack' as const, blocks })),
  u16.map((n) => ({ kind: 'other' as const, bytes: Uint8Array.of(254, 4, n >>> 8, n & 255) })),
)
/** Options that fill whole words, as encoding asks. */
const tcpOptions: fc.Arbitrary<TcpOption[]> = fc
  .array(tcpOption, { maxLength: 4 })
  .map((options) => {
    const padded = [...options]
    while (headerLength(tcp(padded)) % 4 !== 0) padded.push({ kind: 'nop' })
    return padded
  })
  .filter((options) => headerLength(tcp(options)) <= 60)

function tcp(options: readonly TcpOption[]): Header {
  return { kind: 'tcp', sport: 0, dport: 0, seq: 0, ack: 0, flags: 0, window: 0, options }
}

const icmpHeader = fc.record({ kind: fc.constant('icmp' as const), type: u8, code: u8, rest: u32 })
const tcpHeader = fc.record({
  kind: fc.constant('tcp' as const),
  sport: u16,
  dport: u16,
  seq: u32,
  ack: u32,
  flags: u8,
  window: u16,
  options: tcpOptions,
})
const udpTo = (dport: fc.Arbitrary<number>) =>
  fc.tuple(u16, dport, fc.boolean()).map(([sport, to, nocheck]) => ({
    kind: 'udp' as const,
    sport,
    dport: to,
    ...(nocheck ? { nocheck } : {}),
  }))

const transport = (proto: number, header: fc.Arbitrary<Header>): fc.Arbitrary<Packet> =>
  fc
    .tuple(ipHeader(proto), header, bytes())
    .map(([ip, h, payload]) => ({ headers: [ip, h], payload }))
const opaque = ipHeader(50).chain((ip) =>
  bytes().map((payload): Packet => ({ headers: [ip], payload })),
)

/** A bare IP packet without a tunnel, not a fragment. */
export const datagram: fc.Arbitrary<Packet> = fc.oneof(
  transport(PROTO.icmp, icmpHeader),
  transport(PROTO.tcp, tcpHeader),
  transport(PROTO.udp, udpTo(port)),
  opaque,
)

/** One piece of a datagram: its payload is opaque whatever its protocol says. */
export const piece: fc.Arbitrary<Packet> = fc
  .tuple(
    fc.constantFrom(1, 6, 17).chain(ipHeader),
    fc.integer({ min: 0, max: 8000 }),
    fc.boolean(),
    bytes(),
  )
  .map(([ip, units, mf, payload]) => ({
    headers: [{ ...ip, offset: units * 8, mf: mf || units === 0 }],
    payload,
  }))

const bare = fc.oneof(datagram, piece)
const inFrame = (inner: fc.Arbitrary<Packet>): fc.Arbitrary<Packet> =>
  fc.tuple(ethernet, inner).map(([h, p]) => ({ headers: [h, ...p.headers], payload: p.payload }))
const untagged = fc.oneof(
  inFrame(bare),
  fc.tuple(ethernet, arp).map(([e, a]): Packet => ({ headers: [e, a], payload: NO_BYTES })),
)
const tag = fc.record({
  kind: fc.constant('vlan' as const),
  pcp: fc.integer({ min: 0, max: 7 }),
  dei: fc.boolean(),
  vid: fc.integer({ min: 0, max: 0xfff }),
})
const tagged = fc.tuple(fc.array(tag, { minLength: 1, maxLength: 2 }), untagged).map(
  ([
    tags,
    {
      headers: [e, ...inside],
      payload,
    },
  ]): Packet => ({
    headers: [e!, ...tags, ...inside],
    payload,
  }),
)
const plainFrame = fc.oneof({ weight: 3, arbitrary: untagged }, tagged)

const vxlan = fc
  .tuple(
    ipHeader(PROTO.udp),
    udpTo(fc.constantFrom(...VXLAN_PORTS)),
    fc.integer({ min: 0, max: 0xffffff }),
    plainFrame,
  )
  .map(([ip, udp, vni, inner]): Packet => ({
    headers: [ip, udp, { kind: 'vxlan', flags: 8, vni }, ...inner.headers],
    payload: inner.payload,
  }))
const flannelUdp = fc
  .tuple(ipHeader(PROTO.udp), udpTo(fc.constant(FLANNEL_UDP_PORT)), bare)
  .map(([ip, udp, inner]): Packet => ({
    headers: [ip, udp, ...inner.headers],
    payload: inner.payload,
  }))

/** A bare IP packet: plain, a fragment, VXLAN or flannel udp. */
export const ipPacket: fc.Arbitrary<Packet> = fc.oneof(bare, vxlan, flannelUdp)
/** Any frame the project can say. */
export const frame: fc.Arbitrary<Packet> = fc.oneof(plainFrame, inFrame(vxlan), inFrame(flannelUdp))
