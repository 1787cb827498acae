import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { find, resolveFlow, walk, type Packet } from '#lib/index.ts'
import { payload, payloadHex } from '#lib/wire/payload.ts'
import { LINK, pcap } from './pcap.ts'
import { parseCluster } from '#lib/worlds/all.ts'

/* What Wireshark's dissectors make of what the programs say, asked of tshark where it is installed. */

const tshark = spawnSync('tshark', ['--version']).status === 0
/** All that IANA calls well known, and those that a cluster has besides. */
const PORTS = [
  ...Array.from({ length: 1024 }, (_, i) => i + 1),
  1812,
  1813,
  2152,
  2375,
  2376,
  2377,
  2379,
  2380,
  3128,
  3306,
  3784,
  4149,
  4240,
  4317,
  4318,
  4500,
  4789,
  5060,
  5353,
  5355,
  5432,
  5473,
  5601,
  5672,
  6081,
  6379,
  6443,
  6783,
  6784,
  6831,
  7946,
  8080,
  8125,
  8285,
  8443,
  8472,
  8888,
  9000,
  9042,
  9090,
  9091,
  9092,
  9093,
  9099,
  9100,
  9153,
  9200,
  9411,
  10249,
  10250,
  10255,
  10256,
  10257,
  10259,
  11211,
  14250,
  15672,
  16686,
  27017,
  30000,
  30080,
  32767,
  50051,
  51820,
  51821,
  61616,
]
/** Where nothing that programs may say in so few bytes is what the dissector waits for. */
const LEFT: { readonly [P in 'udp' | 'tcp']: readonly number[] } = {
  udp: [464, 513, 520, 521],
  tcp: [639],
}
const FEW = 400

/** The frames that the sender's own device shows of a flow to each port. */
function frames(proto: 'udp' | 'tcp', ports: readonly number[], size?: number): Shown {
  return Array.from({ length: Math.ceil(ports.length / FEW) }, (_, i) =>
    ports.slice(i * FEW, (i + 1) * FEW),
  ).flatMap((some) => {
    const { topology } = parseCluster(
      `{ packet-walk: 1, network: docker-bridge, nodes: [{ name: n1 }], pods: [{ name: a, node: n1 }, { name: b, node: n1, listen: [${some.map((p) => `${proto}/${p}`).join(', ')}] }] }`,
    )
    return some.flatMap((port) => {
      const w = walk(
        topology,
        resolveFlow(topology, {
          from: 'a',
          to: `b:${port}`,
          proto,
          ...(size === undefined ? {} : { size }),
        }),
        { warm: true },
      )
      expect(w.delivered, `${proto} ${port}`).toBe(true)
      return w.frames
        .filter((f) => f.in === 'a' && f.dev === 'eth0' && find(f.packet, 'ipv4') !== undefined)
        .map(({ packet }) => ({ port, packet }))
    })
  })
}

type Shown = readonly { readonly port: number; readonly packet: Packet }[]

/** What tshark says of the frames that a filter lets pass: fields apart by tabs, a line each. */
function asked(shown: Shown, filter: string, fields: readonly string[]): readonly string[] {
  const dir = mkdtempSync(join(tmpdir(), 'payload-'))
  try {
    writeFileSync(
      join(dir, 'p.pcap'),
      pcap(
        shown.map((f) => f.packet),
        LINK.ethernet,
      ),
    )
    const out = execFileSync(
      'tshark',
      [
        '-r',
        join(dir, 'p.pcap'),
        '-n',
        '-Y',
        filter,
        '-T',
        'fields',
        ...fields.flatMap((f) => ['-e', f]),
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    )
    return out.split('\n').filter((l) => l !== '')
  } finally {
    rmSync(dir, { recursive: true })
  }
}

/** The ports of those frames that tshark calls malformed. */
const malformed = (shown: Shown): readonly number[] =>
  [
    ...new Set(
      asked(shown, '_ws.malformed', ['frame.number']).map((l) => shown[Number(l) - 1]!.port),
    ),
  ].toSorted((a, b) => a - b)
const dissected = (shown: Shown, fields: readonly string[]): readonly (readonly string[])[] =>
  asked(shown, 'dns', fields).map((l) => l.split('\t'))

describe('what programs say', () => {
  it.skipIf(!tshark).each(['udp', 'tcp'] as const)(
    'over %s is malformed to nobody, question and answer, but on the ports that are named',
    (proto) => {
      expect(malformed(frames(proto, PORTS))).toEqual(LEFT[proto])
    },
    120_000,
  )
  it
    .skipIf(!tshark)
    .each([12, 17, 18, 19, 31, 60, 100, 271, 272, 273, 288, 289, 300, 512, 1400, 3000])(
    'a DNS message of %i bytes is one',
    (size) => {
      for (const proto of ['udp', 'tcp'] as const)
        expect(
          malformed(
            frames(
              proto,
              [53, 5353, ...(proto === 'udp' ? [5355] : [])],
              proto === 'udp' ? size : size + 2,
            ),
          ),
          proto,
        ).toEqual(proto === 'tcp' && size < 17 ? [53, 5353] : [])
    },
    60_000,
  )
  it.skipIf(!tshark).each([
    [123, 48],
    [123, 68],
    [67, 244],
    [67, 548],
    [68, 300],
  ] as const)('udp %i in %i bytes is a message', (port, size) => {
    expect(malformed(frames('udp', [port], size))).toEqual([])
  })
  it.skipIf(!tshark)('a DNS answer repeats the question and has an address', () => {
    for (const proto of ['udp', 'tcp'] as const)
      for (const size of [33, 100, 271]) {
        const [question, said] = dissected(frames(proto, [53], size), ['dns.qry.name', 'dns.a'])
        expect(question![0]).toMatch(/^packet-walk\./)
        expect(said).toEqual([question![0], '192.0.2.1'])
      }
  })
  it('is as long as was asked, and the program in the lab says the same', () => {
    for (const proto of ['udp', 'tcp'] as const)
      for (const dport of [53, 67, 123, 213, 500, 5353, 8080])
        for (const n of [0, 1, 2, 11, 12, 17, 18, 33, 34, 48, 244, 272, 1400, 65_507, 200_000])
          for (const answer of [false, true]) {
            const bytes = payload({ proto, dport }, answer, n)
            expect(bytes.length).toBe(n)
            const hex = payloadHex({ proto, dport }, answer, n)
            const due =
              hex === null
                ? Buffer.from(Uint8Array.from({ length: n }, (_, i) => i))
                : Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(n - hex.length / 2)])
            expect(Buffer.from(bytes).equals(due), `${proto} ${dport} ${n}`).toBe(true)
          }
  })
})
