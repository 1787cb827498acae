import { describe, expect, it } from 'vitest'
import { encode } from '#lib/wire/codec.ts'
import { DATAGRAM_HEADERS, ipLength, NO_BYTES, PROTO, wholeIp } from '#lib/wire/packet.ts'
import { walk } from '#lib/walk/walk.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const { topology, flows } = SCENARIOS['docker-bridge']!

describe('an ICMP error', () => {
  it.each([
    [32, 20 + 8 + 20 + 8 + 32],
    [1400, 576],
  ])('about a datagram of %i bytes is %i long', (size, bytes) => {
    const w = walk(topology, { ...flows['ping']!, proto: 'udp', dport: 4001, size })
    expect(w.loss?.drop.reason).toBe('no-socket')
    const made = w.steps.find((s) => s.decision.kind === 'icmp' && s.decision.did === 'make')!
    expect(ipLength(made.packet)).toBe(bytes)
  })
  it('has as much in front of its quote as a datagram in front of its data', () => {
    const ip = (proto: number) =>
      wholeIp({
        src: '10.0.0.1',
        dst: '10.0.0.2',
        ttl: 64,
        id: 0,
        df: false,
        tos: 0,
        proto,
      })
    const error = [ip(PROTO.icmp), { kind: 'icmp', type: 3, code: 3, rest: 0 }] as const
    const datagram = [ip(PROTO.udp), { kind: 'udp', sport: 1, dport: 2 }] as const
    for (const headers of [error, datagram])
      expect(encode({ headers, payload: NO_BYTES })).toHaveLength(DATAGRAM_HEADERS)
  })
})
