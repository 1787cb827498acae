import { describe, expect, it } from 'vitest'
import { encode } from '#lib/wire/codec.ts'
import { ACK, find, PSH, rewrite, SYN, type Packet, type Tcp } from '#lib/wire/packet.ts'
import type { Frame, Walk } from '#lib/trace/walk.ts'
import { outcomeOf } from '#lib/analysis/kernel/learned.ts'
import { judge } from '#lib/analysis/kernel/verify.ts'
import { walk } from '#lib/walk/walk.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

/* What a kernel may do differently in a long write, and what it may not. The kernel here is the walk itself, changed. */

const CLIENT = 'web-app-frontend-1'
const walkOf = (size: number): Walk =>
  walk(SCENARIOS['flannel-vxlan']!.topology, {
    from: CLIENT,
    to: '10.1.20.3',
    proto: 'tcp',
    dport: 8080,
    size,
    ttl: 64,
  })
const [SHORT, LONG] = [walkOf(9000), walkOf(20_000)]

/** The innermost TCP header changed, if `change` says so. */
function altered(p: Packet, change: (tcp: Tcp, bytes: number) => Partial<Tcp>): Packet {
  const tcp = p.headers.find((h) => h.kind === 'tcp')
  return tcp === undefined ? p : rewrite(p, 'tcp', change(tcp, p.payload.length))
}
const judged = (w: Walk, frames: readonly Frame[]) =>
  judge(w, {
    outcome: outcomeOf(w),
    lost: 0,
    counters: {},
    frames: frames.map((f) => {
      const hex = Array.from(encode(f.packet), (x) => x.toString(16).padStart(2, '0')).join('')
      return { in: f.in, dev: f.dev, dir: f.dir, to: f.to, len: hex.length / 2, hex }
    }),
  })
const changed = (w: Walk, change: (tcp: Tcp, bytes: number) => Partial<Tcp>) =>
  judged(
    w,
    w.frames.map((f) => ({ ...f, packet: altered(f.packet, change) })),
  )
const base = (w: Walk): number =>
  find(w.frames.find((f) => find(f.packet, 'tcp') !== undefined)!.packet, 'tcp')!.seq + 1
const number = (w: Walk, tcp: Tcp): number => Math.floor(((tcp.seq - base(w)) >>> 0) / 1398)
const isAck = (f: Frame): boolean =>
  f.packet.payload.length === 0 &&
  find(f.packet, 'tcp')?.flags === ACK &&
  f.in === CLIENT &&
  f.dir === 'in'
/** One frame of the client's device moved behind as many others as `by` says. */
function moved(w: Walk, which: (f: Frame) => boolean, by: number): Frame[] {
  const at = w.frames.findIndex(which)
  const out = w.frames.toSpliced(at, 1)
  return out.toSpliced(at + by, 0, w.frames[at]!)
}

describe('a kernel that does the same', () => {
  it.each([
    ['short', SHORT],
    ['long', LONG],
  ])('agrees: %s', (_, w) =>
    expect([
      judged(w, w.frames).differences,
      Object.keys(judged(w, w.frames).allowances).filter(
        (r) => r.startsWith('tcp-') && r !== 'tcp-number' && r !== 'tcp-clock',
      ),
    ]).toEqual([[], []]),
  )
})

describe('the window of a SYN', () => {
  it('is the walk’s', () =>
    expect(
      changed(SHORT, (t) => (t.flags & SYN ? { window: 64240 } : {})).differences.filter((d) =>
        d.includes('tcp.window'),
      ).length,
    ).toBeGreaterThan(0))
  it('of other segments is not looked at', () =>
    expect(changed(SHORT, (t) => (t.flags & SYN ? {} : { window: 63 })).differences).toEqual([]))
})

describe('PSH', () => {
  it('may stand elsewhere inside a write', () => {
    const j = changed(SHORT, (t, bytes) =>
      bytes === 1398 ? { flags: number(SHORT, t) % 2 === 1 ? PSH | ACK : ACK } : {},
    )
    expect([j.differences, j.allowances['tcp-push']! > 0]).toEqual([[], true])
  })
  it('stands at the end of a write', () =>
    expect(
      changed(SHORT, (t, bytes) => (bytes > 100 && bytes < 1398 ? { flags: ACK } : {})).differences
        .length,
    ).toBeGreaterThan(0))
  it('does not stand on two in a row', () =>
    expect(
      changed(SHORT, (_, bytes) => (bytes === 1398 ? { flags: PSH | ACK } : {})).differences[0],
    ).toMatch(/PSH on a segment that left alone/))
})

describe('acknowledgements of a long write', () => {
  /** Every second one is not sent, at no place, once all data has left. */
  const fewer = LONG.frames.filter((f) => {
    const t = find(f.packet, 'tcp') ?? f.packet.headers.find((h) => h.kind === 'tcp')
    return (
      t === undefined ||
      f.packet.payload.length > 0 ||
      t.flags !== ACK ||
      t.ack <= base(LONG) + 5 * 1398 ||
      ((t.ack - base(LONG)) >>> 0) % 2796 !== 1398
    )
  })
  it('may cover more segments', () => {
    const j = judged(LONG, renumbered(fewer))
    expect([j.differences, j.allowances['tcp-acks']]).toEqual([[], 1])
  })
  it('may come earlier', () =>
    expect(
      judged(
        LONG,
        moved(LONG, (f) => isAck(f) && find(f.packet, 'tcp')!.ack === base(LONG) + 2796, -2),
      ).differences,
    ).toEqual([]))
  it('behind a port that NAT drew are compared by place', () => {
    const { topology, flows } = SCENARIOS['flannel-vxlan']!
    const ports = (w: Walk): number[] => [
      ...new Set(
        w.frames.flatMap((f) =>
          f.packet.headers.flatMap((h) => (h.kind === 'tcp' ? [h.sport] : [])),
        ),
      ),
    ]
    const known = (w: Walk): number[] => [
      find(
        w.frames.find((f) => f.in === w.flow.from && find(f.packet, 'tcp') !== undefined)!.packet,
        'tcp',
      )!.sport,
      80,
      8080,
      30_080,
    ]
    const drawnIn = (w: Walk): number | undefined => ports(w).find((p) => !known(w).includes(p))
    const w = [0, 1, 2, 3, 4]
      .map((draw) => walk(topology, { ...flows['node-port']!, size: 20_000, draw }))
      .find((x) => drawnIn(x) !== undefined)!
    const [drawn, start] = [drawnIn(w)!, base(w)]
    const renamed = w.frames.map((f) => ({
      ...f,
      packet: altered(f.packet, (t) => ({
        sport: t.sport === drawn ? drawn - 1 : t.sport,
        dport: t.dport === drawn ? drawn - 1 : t.dport,
      })),
    }))
    // One acknowledgement covers a segment more.
    const some = renamed.map((f) => ({
      ...f,
      packet: altered(f.packet, (t, bytes) =>
        bytes === 0 && t.flags === ACK && (t.ack - start) >>> 0 === 10 * 1398
          ? { ack: t.ack + 1398 }
          : {},
      ),
    }))
    expect(judged(w, some).differences).toEqual([])
    expect(judged(w, some).allowances['tcp-acks']).toBe(1)
  })
  it('of a shorter write are each there', () => {
    const w = SHORT
    const some = w.frames.filter(
      (f) =>
        !(
          f.packet.payload.length === 0 &&
          f.packet.headers.some(
            (h) => h.kind === 'tcp' && h.flags === ACK && h.ack === base(w) + 1398,
          )
        ),
    )
    expect(judged(w, some).differences.length).toBeGreaterThan(0)
  })
  it('end segments', () =>
    expect(
      judged(
        LONG,
        renumbered(fewer).map((f) => ({
          ...f,
          packet: altered(f.packet, (t, bytes) =>
            bytes === 0 && t.ack === base(LONG) + 8 * 1398 ? { ack: t.ack + 5 } : {},
          ),
        })),
      ).differences.some((d) => d.includes('ends no segment')),
    ).toBe(true))
  it('let no more than ten and two for each go out', () => {
    const early = moved(
      LONG,
      (f) => isAck(f) && find(f.packet, 'tcp')!.ack === base(LONG) + 1398,
      1,
    )
    const at = early.findIndex((f) => isAck(f) && find(f.packet, 'tcp')!.ack === base(LONG) + 1398)
    const out = early.filter(
      (f, i) => i > at && f.in === CLIENT && f.dir === 'out' && f.packet.payload.length > 0,
    )
    const rest = early.filter((f) => !out.includes(f))
    expect(
      judged(LONG, rest.toSpliced(at + 1, 0, ...out)).differences.some((d) =>
        d.includes('segments when 1 were acknowledged'),
      ),
    ).toBe(true)
  })
})

/** The server's IP ids without the gaps that left-out frames make. */
function renumbered(frames: readonly Frame[]): Frame[] {
  const own = (f: Frame): number | null => {
    const at = f.packet.headers.findLastIndex((h) => h.kind === 'ipv4')
    const ip = f.packet.headers[at]
    return ip?.kind === 'ipv4' && ip.src === '10.1.20.3' && ip.id !== 0 ? ip.id : null
  }
  const ids = [...new Set(frames.map(own).filter((id) => id !== null))].toSorted((a, b) => a - b)
  return frames.map((f) => {
    const id = own(f)
    if (id === null) return f
    const at = f.packet.headers.findLastIndex((h) => h.kind === 'ipv4')
    return {
      ...f,
      packet: {
        ...f.packet,
        headers: f.packet.headers.map((h, i) =>
          i === at && h.kind === 'ipv4' ? { ...h, id: ids[0]! + ids.indexOf(id) } : h,
        ),
      },
    }
  })
}
