import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  applyAll,
  encode,
  explain,
  pcapng,
  walk,
  type Edit,
  type Flow,
  type Frame,
  type HeaderKind,
  type Walk,
} from '#lib/index.ts'
import { shownIn } from '#lib/analysis/kernel/keep.ts'
import type { Kept } from '#lib/analysis/kernel/kept.ts'
import { kernelPcapng } from '#lib/analysis/print/pcapng.ts'
import { netns } from '#lib/topology/topology.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { leastRatio } from '../../ratio.ts'

/* A capture is read back, by a reader of our own and by tshark, and compared frame by frame with the walk it is of. */

interface Option {
  readonly code: number
  readonly value: Uint8Array
}
interface Block {
  readonly type: number
  readonly body: DataView
  readonly options: readonly Option[]
}
/** Where the options of a block begin: a packet's stand behind its padded bytes. */
const FIXED: Readonly<Record<number, (b: DataView) => number>> = {
  0x0a0d0d0a: () => 16,
  1: () => 8,
  6: (b) => 20 + Math.ceil(b.getUint32(12, true) / 4) * 4,
}

function options(b: DataView, from: number): Option[] {
  const found: Option[] = []
  for (let at = from; ;) {
    const [code, length] = [b.getUint16(at, true), b.getUint16(at + 2, true)]
    if (code === 0) {
      expect([length, at + 4]).toEqual([0, b.byteLength])
      return found
    }
    const end = at + 4 + length
    found.push({ code, value: new Uint8Array(b.buffer, b.byteOffset + at + 4, length) })
    at = Math.ceil(end / 4) * 4
    for (let pad = end; pad < at; pad += 1) expect(b.getUint8(pad)).toBe(0)
  }
}

function blocks(file: Uint8Array): Block[] {
  const found: Block[] = []
  const b = new DataView(file.buffer, file.byteOffset, file.length)
  for (let at = 0; at < file.length;) {
    const [type, total] = [b.getUint32(at, true), b.getUint32(at + 4, true)]
    expect([total % 4, b.getUint32(at + total - 4, true)]).toEqual([0, total])
    const body = new DataView(file.buffer, file.byteOffset + at + 8, total - 12)
    found.push({ type, body, options: options(body, FIXED[type]!(body)) })
    at += total
  }
  return found
}

const utf8 = new TextDecoder('utf-8', { fatal: true })
const texts = (b: Block, code: number): string[] =>
  b.options.filter((o) => o.code === code).map((o) => utf8.decode(o.value))
const bytes = (b: Block, code: number): number[][] =>
  b.options.filter((o) => o.code === code).map((o) => [...o.value])
const nameOf = (f: Frame): string => `${f.in}/${f.dev}`
const isFragment = (f: Frame): boolean =>
  f.packet.headers.some((h) => h.kind === 'ipv4' && (h.mf || h.offset > 0))
const kinds = (f: Frame): string => f.packet.headers.map((h) => h.kind).join()

/** The words of epb_flags (section 4.3.1), written out. */
function flags(word: number): { dir: string; to: string | null } {
  return {
    dir: ['?', 'in', 'out', '?'][word & 3]!,
    to: [null, 'host', 'multicast', 'broadcast', 'otherhost'][word >>> 2] ?? null,
  }
}

const narrow: readonly Edit[] = [
  { op: 'set', in: 'node-1', table: 'devs', where: { name: 'eth0' }, to: { mtu: 1400 } },
]
const big = (f: Flow | undefined): Flow => ({
  ...f!,
  proto: 'udp',
  dport: 9999,
  size: 3001,
  df: false,
})
interface Case {
  readonly name: string
  readonly walk: () => Walk
}
const make = (name: string, id: string, edits: readonly Edit[], flow: Flow | undefined): Case => ({
  name: `${id}, ${name}`,
  walk: () => walk(applyAll(SCENARIOS[id]!.topology, edits), flow!),
})
const FLOWS = Object.values(SCENARIOS).flatMap((s) =>
  Object.entries(s.flows).map(([name, f]) => make(name, s.id, [], f)),
)
/** The first flows of each world: what every one of them holds is read block by block above. */
const FEW = Object.values(SCENARIOS).flatMap((s) =>
  FLOWS.filter((c) => c.name.startsWith(`${s.id}, `)).slice(0, 6),
)
const WHAT_IFS = Object.values(SCENARIOS).flatMap((s) =>
  Object.entries(s.whatIfs).map(([name, w]) =>
    make(name, s.id, w.edits, s.flows[w.flow ?? Object.keys(s.flows)[0]!]),
  ),
)
/** Packets in fragments, wrapped in fragments, and the ICMP error about them. */
const FRAGMENTS = Object.values(SCENARIOS).flatMap(({ id, topology, flows: { ping, large } }) =>
  ping === undefined || large === undefined
    ? []
    : [
        make('a large datagram', id, [], big(ping)),
        // Where each pod has a machine for itself there is no node to narrow.
        ...(netns(topology, 'node-1') === undefined
          ? []
          : [make('eth0 narrower than the pods know', id, narrow, large)]),
      ],
)
const LOCAL = make('node-1 to itself', 'flannel-vxlan', [], {
  from: 'node-1',
  to: '192.168.0.100',
  proto: 'tcp',
  dport: 9,
  size: 1,
  ttl: 64,
})

/** Devices without Ethernet of our worlds, whose link type is 101 (LINKTYPE_RAW). */
const BARE = /^(?:flannel0|flannel\.ipip|tunl0|gre\d+)$/

describe('a capture, block by block', () => {
  it.each([...FLOWS, ...WHAT_IFS, ...FRAGMENTS, LOCAL])('$name', (c) => {
    const w = c.walk()
    const [head, ...rest] = blocks(pcapng(w))
    expect([0, 4, 8, 12].map((at) => head!.body.getUint32(at, true))).toEqual([
      0x1a2b3c4d, 1, 0xffffffff, 0xffffffff,
    ])
    expect(texts(head!, 4)).toEqual(['Packet Walk'])
    const devices = rest.filter((b) => b.type === 1)
    const packets = rest.filter((b) => b.type === 6)
    expect(rest).toEqual([...devices, ...packets])
    expect(devices.map((b) => texts(b, 2)[0])).toEqual([...new Set(w.frames.map(nameOf))])
    for (const d of devices) expect([d.body.getUint32(4, true), bytes(d, 9)]).toEqual([0, [[6]]])
    expect(packets.length).toBe(w.frames.length)
    w.frames.forEach((f, i) => {
      const p = packets[i]!
      const [on, high, low, captured, original] = [0, 4, 8, 12, 16].map((at) =>
        p.body.getUint32(at, true),
      )
      const device = devices[on!]!
      expect(texts(device, 2)).toEqual([nameOf(f)])
      expect(device.body.getUint16(0, true)).toBe(
        f.packet.headers[0]!.kind === 'ethernet' ? 1 : 101,
      )
      expect([high, low]).toEqual([0, f.seq])
      const sent = encode(f.packet)
      expect([captured, original]).toEqual([sent.length, sent.length])
      expect(new Uint8Array(p.body.buffer, p.body.byteOffset + 20, captured)).toEqual(sent)
      const word = p.options.find((o) => o.code === 2)!.value
      expect(flags(word[0]!)).toEqual({ dir: f.dir, to: f.to })
      expect(Array.from(word, (x, n) => (n === 0 ? 0 : x))).toEqual([0, 0, 0, 0])
      expect(bytes(p, 5)).toEqual([[f.message & 255, f.message >> 8, 0, 0, 0, 0, 0, 0]])
      expect(texts(p, 1).at(-1)).toBe(explain(w.steps[f.step]!, w.after))
    })
  })

  it('says of a device what it is and of whom', () => {
    const said = blocks(pcapng(FLOWS.find((c) => c.name === 'flannel-udp, ping')!.walk()))
      .filter((b) => b.type === 1)
      .map((b) => `${texts(b, 2)[0]}: ${texts(b, 3)[0]}`)
    expect(said).toContain('node-1/flannel0: tun of node node-1, MTU 1472')
    expect(said).toContain(
      'backend-service-2/eth0: veth of pod backend-service-2 on node-2, MTU 1472',
    )
  })

  it('says of a frame what was decided since the one before, leaving out rules that changed nothing', () => {
    const w = walk(
      SCENARIOS['flannel-vxlan']!.topology,
      SCENARIOS['flannel-vxlan']!.flows['ping']!,
      { warm: true },
    )
    const packets = blocks(pcapng(w)).filter((b) => b.type === 6)
    const at = w.frames.findIndex((f) => nameOf(f) === 'node-1/eth0')
    expect(texts(packets[at]!, 1)).toEqual([
      'The FDB of flannel.1 says 5a:00:00:00:14:00 is behind 192.168.0.200, so the frame becomes the payload of a UDP datagram to 192.168.0.200:8472.',
      'The longest prefix that holds 192.168.0.200 is 192.168.0.0/24: straight to it on eth0.',
      'The neighbour 192.168.0.200 on eth0 has MAC 0a:00:00:00:00:c8.',
      'Out on eth0.',
    ])
    expect(texts(packets[at + 1]!, 1).at(0)).toContain('ecurity group')
    expect(texts(packets[at + 1]!, 1).at(-1)).toBe('In on eth0.')
  })

  it.each([...FLOWS, ...FRAGMENTS])(
    '$name: tells how to decode a tunnel where there is one',
    (c) => {
      const w = c.walk()
      const said = texts(blocks(pcapng(w))[0]!, 1).join('\n')
      // A frame may die in the tunnel, or be wrapped and die on the way: only one that is on the wire wrapped wants the hint.
      const wrapped = (port: number) =>
        w.frames.some((f) => f.packet.headers.some((h) => h.kind === 'udp' && h.dport === port))
      expect(said.includes('-d udp.port==8472,vxlan')).toBe(wrapped(8472))
      expect(said.includes('-d udp.port==8285,ip')).toBe(wrapped(8285))
      expect(said.includes('tcp.analyze_sequence_numbers')).toBe(w.flow.proto === 'tcp')
      expect(said).toContain('no clock')
    },
  )

  it('tells it also when every wrapped packet is in fragments', () => {
    const w = FRAGMENTS.find(
      (c) => c.name === 'flannel-vxlan, eth0 narrower than the pods know',
    )!.walk()
    const pieces = w.frames.filter((f) => f.packet.headers.length === 2 && isFragment(f))
    expect(pieces.length).toBeGreaterThan(2)
    expect(texts(blocks(pcapng({ ...w, frames: pieces }))[0]!, 1).join('\n')).toContain(
      '-d udp.port==8472,vxlan',
    )
  })

  it('cuts a sentence at the 65535 bytes an option holds, between two characters', () => {
    const w = FLOWS[0]!.walk()
    const program = '→'.repeat(30_000)
    const long: Walk = {
      ...w,
      steps: w.steps.map((s) => ({
        ...s,
        decision: { kind: 'app', did: 'send', what: 'answer', program },
      })),
    }
    const packet = blocks(pcapng(long)).find((b) => b.type === 6)!
    const said = texts(packet, 1).at(-1)!
    const whole = explain(long.steps[0]!, long.after)
    expect(whole.startsWith(said)).toBe(true)
    expect(new TextEncoder().encode(said).length).toBeGreaterThan(65_535 - 3)
  })

  it.each(Object.keys(SCENARIOS))('holds what Linux showed of %s, byte for byte', (world) => {
    const kept = JSON.parse(
      readFileSync(new URL(`../../../public/kernel/${world}.json`, import.meta.url), 'utf8'),
    ) as Kept
    const { flows, topology } = SCENARIOS[world]!
    const flow = flows['ping'] === undefined ? Object.keys(flows)[0]! : 'ping'
    const run = kept.runs[flow]![''] as Extract<
      Kept['runs'][string][string],
      { frames: readonly number[] }
    >
    const { frames } = shownIn(kept, run)
    const [head, ...rest] = blocks(kernelPcapng(walk(topology, flows[flow]!), kept.kernel, frames))
    expect([texts(head!, 3), texts(head!, 1)[0]]).toEqual([
      [`Linux ${kept.kernel}`],
      `Captured from Linux ${kept.kernel}, in the lab that packet-walk lab builds.`,
    ])
    const [devices, packets] = [1, 6].map((type) => rest.filter((b) => b.type === type)) as [
      Block[],
      Block[],
    ]
    expect(packets.length).toBe(frames.length)
    frames.forEach((f, i) => {
      const b = packets[i]!.body
      const device = devices[b.getUint32(0, true)]!
      expect(texts(device, 2)).toEqual([`${f.in}/${f.dev}`])
      expect(device.body.getUint16(0, true)).toBe(BARE.test(f.dev) ? 101 : 1)
      expect(Buffer.from(b.buffer, b.byteOffset + 20, b.getUint32(12, true)).toString('hex')).toBe(
        f.hex,
      )
      expect(flags(packets[i]!.options.find((o) => o.code === 2)!.value[0]!)).toEqual({
        dir: f.dir,
        to: f.to,
      })
    })
  })

  it('without frames is a section of its own', () => {
    expect(blocks(pcapng({ ...FLOWS[0]!.walk(), frames: [] })).map((b) => b.type)).toEqual([
      0x0a0d0d0a,
    ])
  })

  it('takes about as long as writing its frames as JSON', () => {
    const w = FLOWS.find((c) => c.name === 'flannel-vxlan, frontend-1-to-backend-2')!.walk()
    const many: Walk = { ...w, frames: [w, w, w, w].flatMap((x) => x.frames).slice(0, 400) }
    expect(many.frames.length).toBe(400)
    expect(
      leastRatio(
        () => JSON.stringify(many.frames),
        () => pcapng(many),
        20,
      ),
    ).toBeLessThan(5)
  })
})

// Not -V: to tshark that means to capture, and to print what it sees.
const missing = spawnSync('tshark', ['--version']).error !== undefined
if (missing)
  process.stderr.write(
    '\nSKIPPED: what tshark makes of a capture needs tshark (Debian package tshark)\n\n',
  )

const FIELDS = [
  'frame.interface_name',
  'frame.interface_description',
  'frame.packet_flags_direction',
  'frame.packet_id',
  'frame.comment',
  'frame.protocols',
  'frame.len',
  'ip.checksum.status',
  'udp.checksum.status',
  'tcp.checksum.status',
  'icmp.checksum.status',
  '_ws.malformed',
  '_ws.expert.message',
] as const
type Seen = { readonly [F in (typeof FIELDS)[number]]?: readonly string[] }
const dir = mkdtempSync(join(tmpdir(), 'packet-walk-'))
let files = 0
afterAll(() => rmSync(dir, { recursive: true }))

/** What tshark reads out of a capture, frame by frame. */
async function tshark(capture: Uint8Array): Promise<Seen[]> {
  files += 1
  const file = join(dir, `${files}.pcapng`)
  writeFileSync(file, capture)
  const prefs = [
    'ip.check_checksum:TRUE',
    'udp.check_checksum:TRUE',
    'tcp.check_checksum:TRUE',
    'tcp.analyze_sequence_numbers:FALSE',
  ].flatMap((p) => ['-o', p])
  const args = [
    '-n',
    '-r',
    file,
    ...prefs,
    '-d',
    'udp.port==8472,vxlan',
    '-d',
    'udp.port==8285,ip',
    '-T',
    'json',
    ...FIELDS.flatMap((f) => ['-e', f]),
  ]
  // A home of its own: what the person set up for Wireshark must not matter.
  const child = spawn('tshark', args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 30_000,
    env: { ...process.env, LC_ALL: 'C.UTF-8', HOME: dir, XDG_CONFIG_HOME: dir },
  })
  let [out, said] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (s: string) => {
    out += s
  })
  child.stderr.setEncoding('utf8').on('data', (s: string) => {
    said += s
  })
  const status = await new Promise((done) => {
    child.on('close', done)
  })
  if (status !== 0) throw new Error(`tshark: ${said}`)
  return (JSON.parse(out) as { _source: { layers: Seen } }[]).map((x) => x._source.layers)
}

/** Our headers as Wireshark chains the names of its dissectors, where they are called otherwise. */
const CHAIN: { readonly [K in HeaderKind]?: string } = { ethernet: 'eth:ethertype', ipv4: 'ip' }
const chain = (f: Frame): string => {
  const [first] = f.packet.headers
  const all = f.packet.headers.map((h) => CHAIN[h.kind] ?? h.kind).join(':')
  // Behind a tag there is another type.
  return `${first!.kind === 'ethernet' ? '' : 'raw:'}${all.replace(':vlan:', ':vlan:ethertype:')}`
}
const GOOD = '1'

describe.runIf(!missing)('tshark', () => {
  // What an error quotes is cut off: its inner checksum cannot be verified.
  const TELLING = WHAT_IFS.filter((c) =>
    c
      .walk()
      .frames.some(
        (f) =>
          isFragment(f) ||
          f.packet.headers.some((h) => h.kind === 'icmp' && [3, 11].includes(h.type)),
      ),
  )
  it('has what-ifs with ICMP errors to look at, and fragments', () => {
    expect(TELLING.length).toBeGreaterThan(5)
    expect(FRAGMENTS.filter((c) => c.walk().frames.some(isFragment)).length).toBeGreaterThan(5)
  })
  // Most of the time tshark starts: several at once.
  it.concurrent.each([...FEW, ...TELLING, ...FRAGMENTS, LOCAL])(
    'reads $name as it was sent',
    async (c) => {
      const w = c.walk()
      const seen = await tshark(pcapng(w))
      expect(seen.length).toBe(w.frames.length)
      w.frames.forEach((f, i) => {
        const s = seen[i]!
        const where = `frame ${i + 1}, ${nameOf(f)}, ${kinds(f)}`
        expect(s['_ws.malformed'], where).toBeUndefined()
        expect(
          (s['_ws.expert.message'] ?? []).filter((m) =>
            /checksum|malformed|bogus|exceeds|illegal|truncated/i.test(m),
          ),
          where,
        ).toEqual([])
        expect(s['frame.interface_name'], where).toEqual([nameOf(f)])
        expect(s['frame.interface_description']?.[0], where).toContain(f.in)
        expect(s['frame.packet_flags_direction']?.map(Number), where).toEqual([
          f.dir === 'in' ? 1 : 2,
        ])
        expect(s['frame.packet_id'], where).toEqual([String(f.message)])
        expect(s['frame.len'], where).toEqual([String(encode(f.packet).length)])
        expect(s['frame.comment']?.at(-1), where).toBe(explain(w.steps[f.step]!, w.after))
        // Of fragments Wireshark dissects the last one it meets, with what is inside all of them.
        if (isFragment(f)) return
        expect(
          s['frame.protocols']?.[0]?.startsWith(chain(f)),
          `${where}: ${s['frame.protocols']?.[0]}`,
        ).toBe(true)
        for (const [kind, field] of [
          ['ipv4', 'ip.checksum.status'],
          ['udp', 'udp.checksum.status'],
          ['tcp', 'tcp.checksum.status'],
          ['icmp', 'icmp.checksum.status'],
        ] as const) {
          const own = f.packet.headers.filter((h) => h.kind === kind)
          const found = s[field] ?? []
          expect(found.slice(0, own.length), `${where} ${field}`).toEqual(
            own.map((h) => (h.kind === 'udp' && h.nocheck === true ? '3' : GOOD)),
          )
        }
      })
    },
    40_000,
  )
})
