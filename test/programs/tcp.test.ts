import { describe, expect, it } from 'vitest'
import { ACK, find, PSH, SYN, type Tcp } from '#lib/wire/packet.ts'
import { applyAll } from '#lib/topology/apply.ts'
import type { Edit } from '#lib/topology/edit.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { NEWEST } from '#lib/run/run.ts'
import { walk } from '#lib/walk/walk.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { mtu } from '../facts/see.ts'
import { labelOf } from '#lib/words/index.ts'

/* What TCP sends, acknowledges and sends again. Numbers measured on Linux 6.18 in the labs of these worlds. */

const CLIENT = 'web-app-frontend-1'
const VXLAN: Flow = { from: CLIENT, to: '10.1.20.3', proto: 'tcp', dport: 8080, size: 33, ttl: 64 }
const DOCKER: Flow = { ...VXLAN, to: '192.168.0.200' }
const run = (world: string, flow: Flow, edits: readonly Edit[] = []): Walk =>
  walk(applyAll(SCENARIOS[world]!.topology, edits), flow)

interface Seen {
  readonly tcp: Tcp
  readonly bytes: number
  readonly dir: 'in' | 'out'
}
/** The segments at the client's device, in order. */
const segments = (w: Walk): Seen[] =>
  w.frames
    .filter((f) => f.in === CLIENT && f.dev === 'eth0')
    .flatMap((f) => {
      const tcp = find(f.packet, 'tcp')
      return tcp === undefined || find(f.packet, 'icmp') !== undefined
        ? []
        : [{ tcp, bytes: f.packet.payload.length, dir: f.dir }]
    })
const sizes = (w: Walk): number[] =>
  segments(w)
    .filter((s) => s.dir === 'out' && s.bytes > 0)
    .map((s) => s.bytes)
const pushed = (w: Walk): boolean[] =>
  segments(w)
    .filter((s) => s.dir === 'out' && s.bytes > 0)
    .map((s) => (s.tcp.flags & PSH) !== 0)
/** The server's acknowledgements, relative to the client's data, with SACK blocks. */
const acks = (w: Walk): string[] => {
  const base = segments(w)[0]!.tcp.seq + 1
  return segments(w)
    .filter((s) => s.dir === 'in' && s.bytes === 0 && s.tcp.flags === ACK)
    .map((s) =>
      [
        (s.tcp.ack - base) >>> 0,
        ...s.tcp.options.flatMap((o) =>
          o.kind === 'sack' ? o.blocks.map((b) => b.map((x) => (x - base) >>> 0).join('-')) : [],
        ),
      ].join(' '),
    )
}

describe('the MSS', () => {
  it.each([
    [1500, 1460, 64240, 65160],
    [1450, 1410, 64860, 64308],
    [1472, 1432, 64440, 65320],
    [552, 512, 65535, 65500],
    [200, 256, 65535, 65392],
    [9001, 8961, 62727, 62643],
  ])(
    'MTU %i: offers %i; the windows of SYN and SYN-ACK are whole segments: %i, %i',
    (size, mss, syn, synAck) => {
      const w = run('docker-bridge', { ...DOCKER, to: '172.17.0.3', dport: 80 }, [
        mtu(CLIENT, 'eth0', size),
        mtu('backend-service-1', 'eth0', size),
      ])
      const [first, second] = segments(w)
      expect([
        find({ headers: [first!.tcp], payload: new Uint8Array(0) }, 'tcp')!.options.find(
          (o) => o.kind === 'mss',
        ),
        first!.tcp.window,
        second!.tcp.window,
      ]).toEqual([{ kind: 'mss', value: mss }, syn, synAck])
      expect(second!.tcp.flags).toBe(SYN | ACK)
    },
  )
  it('is the peer’s if that is smaller', () =>
    expect(
      sizes(
        run('docker-bridge', { ...DOCKER, to: '172.17.0.3', dport: 80, size: 1449 }, [
          mtu(CLIENT, 'eth0', 1501),
        ]),
      ),
    ).toEqual([1448, 1]))
  it('is at most half of the largest window: over lo', () => {
    const w = run(
      'docker-bridge',
      { ...VXLAN, from: 'node-2', to: '127.0.0.1', dport: 9, size: 40_000 },
      [
        {
          op: 'add',
          in: 'node-2',
          table: 'sockets',
          row: { proto: 'tcp', port: 9, program: 'sink' },
        },
      ],
    )
    expect(w.delivered).toBe(true)
    expect(
      w.frames
        .filter((f) => f.dev === 'lo' && f.dir === 'out' && f.packet.payload.length > 100)
        .map((f) => f.packet.payload.length),
    ).toEqual([32741, 7259])
  })
})

describe('a long write', () => {
  it('leaves in bursts of five, the last of each with PSH', () =>
    expect(pushed(run('flannel-vxlan', { ...VXLAN, size: 9786 }))).toEqual([
      false,
      false,
      false,
      false,
      true,
      false,
      true,
    ]))
  it('never has more under way than ten segments and two for each acknowledged, nor more than the peer’s window', () => {
    const all = segments(run('flannel-vxlan', { ...VXLAN, size: 200_000 }))
    const base = all[0]!.tcp.seq + 1
    let [sent, una, most] = [0, 0, 0]
    const early: number[] = []
    for (const s of all) {
      if (s.dir === 'in') {
        una = Math.max(una, (s.tcp.ack - base) | 0)
        continue
      }
      if (s.bytes === 0) continue
      sent += 1
      most = Math.max(most, s.tcp.seq - base + s.bytes - una)
      if (una === 0) early.push(s.bytes)
      expect(sent).toBeLessThanOrEqual(10 + 2 * Math.ceil(una / 1398))
    }
    expect(early).toHaveLength(10)
    expect(sent).toBe(Math.ceil(200_000 / 1398))
    expect(most).toBeLessThanOrEqual(502 << 7)
    expect(most).toBeGreaterThan(40 * 1398)
  })
  it('is acknowledged segment by segment at first, then every second one', () => {
    const w = run('flannel-vxlan', { ...VXLAN, size: 30 * 1398 })
    expect(
      acks(w)
        .slice(0, 19)
        .map((a) => Number(a) / 1398),
    ).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22])
    expect(w.delivered).toBe(true)
  })
})

describe('a segment larger than the next network', () => {
  const NARROW = [mtu('node-1', 'eth0', 1400)]
  const SILENT: readonly Edit[] = [
    ...NARROW,
    {
      op: 'add',
      in: 'node-1',
      table: 'netfilter',
      row: { table: 'filter', chain: 'OUTPUT', proto: 'icmp', target: { type: 'DROP' } },
    },
  ]
  it('goes again in smaller ones once ICMP 3/4 came, and what arrived meanwhile is acknowledged selectively, then as a duplicate', () => {
    const w = run('docker-bridge', { ...DOCKER, size: 3000 }, NARROW)
    expect(w.delivered).toBe(true)
    expect(sizes(w)).toEqual([1448, 1448, 104, 1348, 1348, 304])
    expect(acks(w)).toEqual(['0 2896-3000', '1348 2896-3000', '2696 2896-3000', '3000 2896-3000'])
  })
  it('is cut packet by packet, as it was sent: in bursts of two the second begins anew', () => {
    const w = walk(
      applyAll(SCENARIOS['docker-bridge']!.topology, NARROW),
      { ...DOCKER, size: 5900 },
      { traits: { ...NEWEST, burst: 2 } },
    )
    expect(w.delivered).toBe(true)
    expect(sizes(w)).toEqual([1448, 1448, 1448, 1448, 108, 1348, 1348, 200, 1348, 1348, 200])
  })
  it('one path MTU is one row, however many errors say so', () => {
    const w = run('docker-bridge', { ...DOCKER, size: 3000 }, NARROW)
    expect(w.steps.flatMap((s) => s.writes).filter((x) => x.table === 'routes')).toEqual([
      {
        op: 'add',
        in: CLIENT,
        table: 'routes',
        row: { table: 'cache', dst: '192.168.0.200/32', mtu: 1400 },
      },
    ])
  })
  it('hangs where nobody is told: sent again as large as it was, because something later arrived (RACK), and never acknowledged', () => {
    const w = run('docker-bridge', { ...DOCKER, size: 3000 }, SILENT)
    expect([w.delivered, w.loss?.drop.reason, w.loss?.icmp]).toEqual([false, 'too-big', null])
    expect(sizes(w)).toEqual([1448, 1448, 104, 1448, 1448])
    expect(acks(w)).toEqual(['0 2896-3000'])
  })
  it('of the server’s: it is told too', () => {
    const w = run('docker-bridge', { ...DOCKER, answer: 3000 }, [
      mtu('node-2', 'eth0', 1400),
      mtu('node-1', 'eth0', 1400),
    ])
    expect(w.delivered).toBe(true)
    expect(
      segments(w)
        .filter((s) => s.dir === 'in' && s.bytes > 0)
        .map((s) => s.bytes),
    ).toEqual([104, 1348, 1348, 304])
  })
})

describe('nothing to say', () => {
  it.each([
    [0, 22],
    [33, 0],
    [0, 0],
  ])('a request of %i bytes and an answer of %i: it closes', (size, answer) => {
    const w = run('flannel-vxlan', { ...VXLAN, size, answer })
    expect([w.delivered, labelOf(w.messages.at(-1)!)]).toEqual([true, 'last ACK'])
  })
})
