import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  applyAll,
  encode,
  tcpdump,
  walk,
  type Edit,
  type Flow,
  type Header,
  type Mac,
  type Packet,
  type TcpOption,
  type Topology,
  type Walk,
} from '#lib/index.ts'
import { pattern } from '#lib/wire/payload.ts'
import { fragment } from '#lib/wire/fragment.ts'
import { quote } from '#lib/wire/quote.ts'
import { RUNS } from '../arbitraries.ts'
import { noTcpdump, read } from './pcap.ts'
import { nets, pingOf } from './world.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

/* Our words of a packet beside those that tcpdump has for the same bytes. */

const cannot = noTcpdump()
if (cannot !== null) {
  if (process.env['CI'] !== undefined) throw new Error(`tcpdump must be asked here, but: ${cannot}`)
  console.warn(`SKIPPED: our words of packets are not compared with tcpdump's: ${cannot}`)
}

const ip = (proto: number, over: Partial<Header & { kind: 'ipv4' }> = {}): Header => ({
  kind: 'ipv4',
  src: '10.1.15.2',
  dst: '10.1.20.3',
  ttl: 64,
  id: 7,
  df: false,
  mf: false,
  offset: 0,
  tos: 0,
  proto,
  ...over,
})
const tcp = (
  sport: number,
  dport: number,
  payload: Uint8Array,
  over: Partial<Header & { kind: 'tcp' }> = {},
): Packet => ({
  headers: [
    ip(6),
    {
      kind: 'tcp',
      sport,
      dport,
      seq: 0xfffffff0,
      ack: 5,
      flags: 24,
      window: 502,
      options: [],
      ...over,
    },
  ],
  payload,
})
const udp = (sport: number, dport: number, payload: Uint8Array): Packet => ({
  headers: [ip(17), { kind: 'udp', sport, dport }],
  payload,
})
const echo = (length: number): Packet => ({
  headers: [ip(1), { kind: 'icmp', type: 8, code: 0, rest: 0x10001 }],
  payload: pattern(length),
})
const error = (about: Packet, type: number, code: number, rest = 0): Packet => ({
  headers: [ip(1), { kind: 'icmp', type, code, rest }],
  payload: quote(about, 548),
})
const inVxlan = (p: Packet, dport = 8472): Packet => ({
  headers: [
    ip(17, { src: '192.168.0.100', dst: '192.168.0.200' }),
    { kind: 'udp', sport: 40000, dport },
    { kind: 'vxlan', flags: 8, vni: 1 },
    { kind: 'ethernet', dst: '5a:00:00:00:14:00', src: '5a:00:00:00:0f:00' },
    ...p.headers,
  ],
  payload: p.payload,
})

const inIp = (p: Packet): Packet => ({
  headers: [ip(4, { src: '192.168.0.100', dst: '192.168.0.200', df: true }), ...p.headers],
  payload: p.payload,
})

const FRAME: Header = {
  kind: 'ethernet',
  dst: '5a:00:00:00:14:00',
  src: '5a:00:00:00:0f:00',
}
const inGre = (p: Packet, tunnel: object, ...frame: Header[]): Packet => ({
  headers: [
    ip(47, { src: '192.168.0.100', dst: '192.168.0.200' }),
    { kind: 'gre', checksum: false, ...tunnel },
    ...frame,
    ...p.headers,
  ],
  payload: p.payload,
})
const inGeneve = (p: Packet, tunnel: object = {}): Packet => ({
  headers: [
    ip(17, { src: '192.168.0.100', dst: '192.168.0.200' }),
    { kind: 'udp', sport: 7604, dport: 6081, nocheck: true },
    { kind: 'geneve', vni: 7, ...tunnel },
    FRAME,
    ...p.headers,
  ],
  payload: p.payload,
})

const SOME = pattern(33)
/** All that have a word, and many that have none. */
const PORTS = Array.from({ length: 65_536 }, (_, p) => p).filter(
  (p) => p < 18_000 || p % 61 === 0 || p === 30_490 || p === 49_152,
)
const LEFT_OUT = 'its words are left out here'

/** Ours and theirs, packet by packet; only what differs, so that a failure can be read. */
function apart(packets: readonly Packet[]): { readonly ours: string; readonly theirs: string }[] {
  return read(packets).flatMap((theirs, i) => {
    const ours = tcpdump(packets[i]!)
    return ours === theirs ? [] : [{ ours, theirs }]
  })
}

const narrow: readonly Edit[] = [
  { op: 'set', in: 'node-1', table: 'devs', where: { name: 'eth0' }, to: { mtu: 1400 } },
]
const refuseIn = (name: string): Edit => ({
  op: 'add',
  in: name,
  table: 'netfilter',
  row: {
    table: 'filter',
    chain: 'INPUT',
    target: { type: 'REJECT', with: 'icmp-port-unreachable' },
  },
})
/** Whose address it is. */
const at = (t: Topology, ip: Flow['to']): string =>
  nets(t).find((n) => n.devs.some((d) => d.addrs.some((a) => a.startsWith(`${ip}/`))))!.name

function walks(): Walk[] {
  return Object.values(SCENARIOS).flatMap((s) => {
    const flow = (name: string | undefined): Flow => s.flows[name ?? Object.keys(s.flows)[0]!]!
    const ping = pingOf(s)
    const big: Flow = { ...ping, proto: 'udp', dport: 9999, size: 3001, df: false }
    return [
      ...Object.values(s.flows).map((f) => walk(s.topology, f)),
      ...Object.values(s.whatIfs).map((w) => walk(applyAll(s.topology, w.edits), flow(w.flow))),
      walk(s.topology, big),
      // Where each pod has a machine for itself there is no node to narrow.
      ...(nets(s.topology).some((n) => n.name === 'node-1')
        ? [
            walk(applyAll(s.topology, narrow), big),
            walk(applyAll(s.topology, narrow), { ...ping, size: 1473 }),
          ]
        : []),
      walk(applyAll(s.topology, [refuseIn(at(s.topology, ping.to))]), ping),
    ]
  })
}

describe.skipIf(cannot !== null)('tcpdump -ntS', () => {
  it('words every frame of every flow and what-if as we do', () => {
    const frames = walks().flatMap((w) => w.frames.map((f) => f.packet))
    expect(frames.length).toBeGreaterThan(6000)
    expect(apart(frames)).toEqual([])
  })

  it('words fragments, first and later, of each protocol; what is in a VXLAN too', () => {
    const whole = [
      udp(48785, 9999, pattern(3000)),
      echo(2000),
      tcp(40000, 9999, pattern(3000)),
      udp(40000, 8285, encode(echo(2000))),
      inVxlan(echo(2000)),
      inVxlan(udp(40000, 9999, pattern(2000))),
      inVxlan(tcp(40000, 8080, pattern(2000))),
      inVxlan(udp(1, 9999, pattern(2000)), 4789),
      inIp(echo(2000)),
      inIp(udp(40000, 9999, pattern(2000))),
      inIp(tcp(40000, 8080, pattern(2000))),
      inIp(inIp(echo(2000))),
      inIp(inVxlan(echo(2000))),
      inGre(echo(2000), {}),
      inGre(udp(40000, 9999, pattern(2000)), { key: 42, checksum: true }),
      inGre(tcp(40000, 8080, pattern(2000)), { key: 0x138801 }, FRAME),
      inGre(inGre(echo(2000), { key: 1 }), {}, FRAME),
      inGeneve(echo(2000)),
      inGeneve(udp(40000, 9999, pattern(2000))),
      inGeneve(inGre(echo(2000), {})),
    ]
    const pieces = whole.flatMap((p) => [1500, 1400, 580].flatMap((mtu) => fragment(p, mtu)))
    expect(pieces.length).toBeGreaterThan(40)
    expect(apart(pieces)).toEqual([])
  })

  it('words ICMP errors of every code of type 3, about every protocol', () => {
    const about = [
      udp(48785, 9999, pattern(30)),
      echo(56),
      tcp(40000, 9999, pattern(30)),
      { headers: [ip(47)], payload: pattern(20) },
      inIp(echo(56)),
      inGre(echo(56), { key: 42 }),
      inGeneve(echo(56)),
      fragment(udp(48785, 9999, pattern(3000)), 1500)[0]!,
    ]
    const every = (p: Packet): Packet[] =>
      Array.from({ length: 17 }, (_, code) => error(p, 3, code, 0))
    expect(
      apart(
        about.flatMap((p) => [...every(p), error(p, 3, 4, 1410), error(p, 11, 0), error(p, 11, 1)]),
      ),
    ).toEqual([])
  })

  it('reads on at the ports that we know, and at no other: TCP and UDP, at either end', () => {
    const OTHER = 61_000
    const wrong: object[] = []
    const spoken = new Set<string>()
    for (const make of [tcp, udp])
      for (const end of ['src', 'dst'] as const) {
        const packets = PORTS.map((port) =>
          end === 'src' ? make(port, OTHER, SOME) : make(OTHER, port, SOME),
        )
        const plain = make === tcp ? /, length 33$/ : /: UDP, length 33$/
        read(packets).forEach((theirs, i) => {
          const ours = tcpdump(packets[i]!)
          if (!plain.test(theirs)) spoken.add(`${make.name} ${PORTS[i]}`)
          // What depends on the bytes is said to be left out, and only where something is.
          if (ours.includes(LEFT_OUT) ? plain.test(theirs) : ours !== theirs)
            wrong.push({ ours, theirs })
        })
      }
    expect(wrong).toEqual([])
    expect(spoken.size).toBeGreaterThan(450)
  }, 60_000)

  it('has one word for two ports that both have one', () => {
    const ports = [21, 25, 43, 53, 80, 179, 323, 554, 639, 646, 1723, 6379, 6633, 8080, 8554, 10288]
    const packets = ports.flatMap((a) => ports.map((b) => tcp(a, b, SOME)))
    expect(apart(packets).filter((x) => !x.ours.includes(LEFT_OUT))).toEqual([])
  })

  it('keeps its word whatever part of a stream a segment is', () => {
    const port = fc.constantFrom(21, 25, 43, 80, 179, 323, 554, 8080, 8554, 10288)
    const packets = fc
      .sample(fc.record({ port, from: fc.nat(255), length: fc.integer({ min: 0, max: 1448 }) }), {
        ...RUNS,
        numRuns: 3000,
      })
      .map(({ port, from, length }) => tcp(40000, port, pattern(from + length).subarray(from)))
    const differ = apart(packets)
    expect(differ.filter((x) => !x.ours.includes(LEFT_OUT))).toEqual([])
    // Text on the ports of FTP, SMTP and WHOIS.
    expect(differ.length).toBeLessThan(400)
  })

  it('says that it leaves out the words of a payload that speaks', () => {
    const get = new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n')
    expect(tcpdump(tcp(40000, 80, get))).toMatch(
      /, length 18 \[that tcpdump reads as HTTP; its words are left out here\]$/,
    )
  })

  it('words what else a header can say', () => {
    const flags = Array.from({ length: 256 }, (_, f) =>
      tcp(40000, 9999, pattern(f & 1), { flags: f }),
    )
    const options: readonly TcpOption[] = [
      { kind: 'mss', value: 1410 },
      { kind: 'sack-permitted' },
      { kind: 'timestamps', value: 1, echo: 2 },
      { kind: 'nop' },
      { kind: 'window-scale', shift: 7 },
    ]
    const arp = {
      kind: 'arp',
      sha: '02:42:0a:01:0f:02',
      spa: '10.1.15.2',
      tpa: '10.1.15.1',
    } as const
    const about = (op: 'request' | 'reply', tha: Mac): Packet => ({
      headers: [
        { kind: 'ethernet', dst: 'ff:ff:ff:ff:ff:ff', src: arp.sha },
        { ...arp, op, tha },
      ],
      payload: new Uint8Array(0),
    })
    const frames = (['00:00:00:00:00:00', '02:42:aa:00:00:01'] as const).flatMap((tha) => [
      about('request', tha),
      about('reply', tha),
    ])
    expect(
      apart([...flags, tcp(1, 9, pattern(0), { flags: 2, options }), ...frames, echo(0)]),
    ).toEqual([])
  })
})
