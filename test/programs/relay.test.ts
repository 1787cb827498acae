import { describe, expect, it } from 'vitest'
import { walk } from '#lib/walk/walk.ts'
import { resolveFlow, type FlowQuestion } from '#lib/worlds/cluster/resolve.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { find } from '#lib/wire/packet.ts'
import { parseCluster } from '#lib/worlds/all.ts'
import { labelOf } from '#lib/words/index.ts'

/* What docker-proxy makes of a connection. test/verify/field.ts asks the kernel about the frames. */

const see = (ask: FlowQuestion, edits = ''): Walk => {
  const { topology } = parseCluster(
    `{ packet-walk: 1, network: docker-bridge, nodes: [{ name: h1, ip: 192.168.0.10 }], pods: [{ name: db, node: h1, listen: [tcp/5432, udp/53], publish: ["15432:5432", "15433:9", "5353:53/udp"] }, { name: web, node: h1 }], edits: [${edits}] }`,
  )
  return walk(topology, resolveFlow(topology, ask))
}
/** Who sends what to whom, as db's own device shows it. */
const seenBy = (w: Walk, name: string, dir: 'in' | 'out'): readonly string[] =>
  w.frames.flatMap((f) => {
    const [ip, l4] = [find(f.packet, 'ipv4'), f.packet.headers.at(-1)!]
    return f.in !== name ||
      f.dir !== dir ||
      ip === undefined ||
      (l4.kind !== 'tcp' && l4.kind !== 'udp')
      ? []
      : [`${ip.src} ${ip.dst}:${l4.dport} ${f.packet.payload.length}`]
  })
const labels = (w: Walk): readonly string[] =>
  w.messages.filter((m) => m.kind === 'flow').map((m) => labelOf(m))

describe('a program that relays', () => {
  it('calls in turn, from the address that its way has, and both connections end', () => {
    const w = see({ from: 'web', to: '192.168.0.10:15432' })
    expect(w.delivered).toBe(true)
    expect([...new Set(seenBy(w, 'db', 'in'))]).toEqual([
      '172.17.0.1 172.17.0.2:5432 0',
      '172.17.0.1 172.17.0.2:5432 33',
    ])
    expect(
      labels(w).filter((x) => x === 'SYN' || x === 'request' || x === 'response' || x === 'FIN'),
    ).toEqual([
      'SYN',
      'SYN',
      'request',
      'request',
      'response',
      'response',
      'FIN',
      'FIN',
      'FIN',
      'FIN',
    ])
  })
  it('hands on all of a long write, byte for byte', () => {
    const w = see({ from: 'web', to: '192.168.0.10:15432', size: 9000 })
    const bytes = (name: string, dir: 'in' | 'out', dport: number): number[] =>
      w.frames
        .filter((f) => f.in === name && f.dir === dir && find(f.packet, 'tcp')?.dport === dport)
        .flatMap((f) => [...f.packet.payload])
    expect(w.delivered).toBe(true)
    expect(bytes('db', 'in', 5432)).toHaveLength(9000)
    expect(bytes('db', 'in', 5432)).toEqual(bytes('web', 'out', 15432))
  })
  it('is delivered when the caller’s connection has ended too, the last', () => {
    const w = see({ from: 'web', to: '192.168.0.10:15432' })
    const [fins, last] = [w.messages.filter((m) => labelOf(m) === 'FIN'), w.messages.at(-1)!]
    expect(fins.map((m) => w.steps.find((x) => x.message === m.n)!.in)).toEqual([
      'web',
      'h1',
      'db',
      'h1',
    ])
    expect([labelOf(last), w.steps.find((x) => x.message === last.n)!.in]).toEqual([
      'last ACK',
      'web',
    ])
  })
  it('closes without a word where nobody listens in the container', () => {
    const w = see({ from: 'web', to: '192.168.0.10:15433' })
    expect([w.delivered, w.loss?.drop.reason, w.loss?.in, w.loss?.icmp]).toEqual([
      false,
      'no-socket',
      'db',
      null,
    ])
    expect(labels(w)).toEqual([
      'SYN',
      'SYN-ACK',
      'ACK',
      'SYN',
      'RST',
      'FIN',
      'ACK',
      'request',
      'RST',
    ])
    expect(
      w.steps
        .filter((s) => s.decision.kind === 'app' && s.decision.did === 'error')
        .map((s) => `${s.in}: ${(s.decision as { readonly what: string }).what}`),
    ).toEqual(['db: reset', 'h1: connection-refused', 'h1: reset', 'web: broken-pipe'])
  })
  it('answers a datagram from the address that was asked', () => {
    const w = see({ from: 'web', to: '192.168.0.10:5353', proto: 'udp' })
    expect(w.delivered).toBe(true)
    expect(seenBy(w, 'web', 'in').map((x) => x.split(' ')[0])).toEqual(['192.168.0.10'])
    expect(seenBy(w, 'db', 'in')).toEqual(['172.17.0.1 172.17.0.2:53 32'])
  })
})
