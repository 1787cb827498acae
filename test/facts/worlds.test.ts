import { describe, expect, it } from 'vitest'
import { encode } from '#lib/wire/codec.ts'
import { find, headerLength, size, type Packet } from '#lib/wire/packet.ts'
import type { Edit } from '#lib/topology/edit.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { walk } from '#lib/walk/walk.ts'
import { labelOf } from '#lib/words/index.ts'
import {
  networkOf,
  TUNNEL_CASES,
  TUNNELS,
  type Tunnel,
  type TunnelName,
} from '../verify/tunnel-rows.ts'
import { ips } from './see.ts'

/* Section 1 of the facts about worlds: other devices, measured on Linux 6.1 (test/verify/tunnels.test.ts asks it again, frame by frame). How the rows of 1.3 to 1.5 end stands with the cases. */

const ask = (tunnel: TunnelName, what: string): Walk => {
  const c = TUNNEL_CASES.find((x) => x.tunnel === tunnel && x.what === what)
  if (c === undefined) throw new RangeError(`${tunnel}: no case ${what}`)
  return walk(networkOf(c), c.flow)
}
/** The first packet with this label as it leaves a, wrapped. */
const outer = (w: Walk, label: string): Packet => {
  const m = w.messages.find((x) => labelOf(x) === label)
  const f = w.frames.find(
    (x) => x.message === m?.n && x.in === 'a' && x.dev === 'eth0' && x.dir === 'out',
  )
  if (f === undefined) throw new RangeError(`no ${label} left a`)
  return f.packet
}
const named = Object.entries(TUNNELS as Readonly<Record<string, Tunnel>>) as [TunnelName, Tunnel][]

describe('1.1: overhead', () => {
  it.each(named)('%s', (tunnel, { overhead, mtu }) => {
    const echo = outer(ask(tunnel, '1.1: an echo of 84 bytes'), 'echo request')
    const datagram = outer(ask(tunnel, '1.1: a datagram of 1000 bytes'), 'datagram')
    expect([size(echo), size(datagram)]).toEqual([84 + overhead + 14, 1000 + overhead + 14])
    const largest = outer(ask(tunnel, '1.4: M bytes, DF'), 'echo request')
    expect([size(largest), mtu + overhead]).toEqual([1514, 1500])
  })
  it.each(named)('%s: on its device one sees what is inside', (tunnel) => {
    const w = ask(tunnel, '1.1: an echo of 84 bytes')
    const f = w.frames.find((x) => x.in === 'a' && x.dev.startsWith('tun'))!
    const bare = f.packet.headers[0]!.kind === 'ipv4'
    expect(size(f.packet)).toBe(bare ? 84 : 98)
    expect(ips(f)).toHaveLength(1)
  })
})

describe('1.2: outer header', () => {
  const header = (tunnel: TunnelName, what: string) =>
    find(outer(ask(tunnel, what), 'echo request'), 'ipv4')!
  it.each(named)('%s: TTL, after a has counted down', (tunnel, { ttl }) => {
    expect(header(tunnel, '1.1: an echo of 84 bytes').ttl).toBe(ttl === 'inherit' ? 63 : ttl)
    expect(header(tunnel, '1.2: a process on a').ttl).toBe(64)
  })
  it.each(named)('%s: DF', (tunnel, { df }) => {
    expect(header(tunnel, '1.4: M bytes, DF').df).toBe(df !== 'clear')
    expect(header(tunnel, '1.1: an echo of 84 bytes').df).toBe(df === 'set')
  })
  it.each(named)('%s: DSCP 0 unless it is inherited, ECN copied, CE as ECT(0)', (tunnel) => {
    const dscp = tunnel.includes('inherit') ? 0xb8 : 0
    expect(
      ['1.2: TOS 0xb8 (EF)', '1.2: TOS 0x02 (ECT(0))', '1.2: TOS 0x03 (CE)'].map(
        (x) => header(tunnel, x).tos,
      ),
    ).toEqual([dscp, 2, 2])
  })
  it.each(named)('%s: id ≠ 0 whatever the packet has', (tunnel) => {
    const [out, inner] = ips({
      packet: outer(ask(tunnel, '1.4: M bytes, DF'), 'echo request'),
    } as never)
    expect([out!.id === 0, inner!.id]).toEqual([false, 0])
  })
  it('GRE: flags, protocol, checksum and key', () => {
    const words = (tunnel: TunnelName): string => {
      const { packet } = { packet: outer(ask(tunnel, '1.1: an echo of 84 bytes'), 'echo request') }
      const gre = find(packet, 'gre')!
      const from = 14 + 20
      return Array.from(encode(packet).subarray(from, from + headerLength(gre)), (x) =>
        x.toString(16).padStart(2, '0'),
      ).join('')
    }
    expect([words('gre'), words('gretap'), words('nvgre')]).toEqual([
      '00000800',
      '00006558',
      '2000655800138801',
    ])
    expect(words('gre key csum')).toMatch(/^a0000800(?!0000)[0-9a-f]{4}00000000002a$/)
  })
  it.each(['geneve', 'geneve df set', 'geneve inherit'] as const)(
    '%s: a source port of 1 to 65534 by the flow inside, checksum 0 unless it is wanted',
    (tunnel) => {
      const udp = find(outer(ask(tunnel, '1.1: an echo of 84 bytes'), 'echo request'), 'udp')!
      expect([udp.dport, udp.nocheck === true]).toEqual([6081, tunnel !== 'geneve inherit'])
      expect(udp.sport).toBeGreaterThanOrEqual(1)
      expect(udp.sport).toBeLessThanOrEqual(65_534)
    },
  )
  it('a process on a speaks as the tunnel device', () => {
    const inner = named.map(
      ([tunnel]) =>
        ips({ packet: outer(ask(tunnel, '1.2: a process on a'), 'echo request') } as never)[1]!.src,
    )
    expect(new Set(inner)).toEqual(new Set(['10.8.0.1']))
  })
})

describe('1.4: one byte too large', () => {
  /** Lengths of the packets on the tunnel device of a. */
  const pieces = (tunnel: TunnelName): number[] => {
    const w = ask(tunnel, '1.4: M + 1 bytes, no DF')
    return w.frames
      .filter((f) => f.in === 'a' && f.dev.startsWith('tun') && f.dir === 'out')
      .map((f) => size(f.packet) - (f.packet.headers[0]!.kind === 'ethernet' ? 14 : 0))
  }
  it.each(named)('%s: the packet inside is cut, each piece is wrapped alone', (tunnel, { mtu }) => {
    const first = Math.floor((mtu - 20) / 8) * 8 + 20
    expect(pieces(tunnel)).toEqual([first, mtu + 1 - first + 20])
  })
  it.each(named.filter(([, t]) => t.df !== 'clear' && t.udp !== true))(
    '%s: the 3/4 that the device makes quotes TTL 63',
    (tunnel) => {
      const w = ask(tunnel, '1.4: a’s own eth0 1400, DF')
      const error = w.frames.find((f) => f.in === 'a' && f.dev === 'eth1' && f.dir === 'out')!
      expect([size(error.packet), error.packet.payload[8]]).toEqual([590, 63])
    },
  )
  it.each(named.filter(([, t]) => t.df !== 'set'))(
    '%s: behind the tunnel the outer packet is cut, and put together before it comes off',
    (tunnel) => {
      const w = ask(tunnel, '1.4: link r–b 1400, no DF, 1st')
      const lengths = w.frames
        .filter((f) => f.in === 'r' && f.dev === 'eth1' && f.dir === 'out')
        .map((f) => size(f.packet) - 14)
      expect(lengths).toEqual([1396, 124])
    },
  )
})

describe('1.5: what does not arrive', () => {
  it.each(named)('%s: b answers 3/3, to a, quoting the outer packet', (tunnel) => {
    const w = ask(tunnel, '1.5: b’s tunnel device down')
    const error = w.frames.find((f) => f.in === 'b' && f.dev === 'eth0' && f.dir === 'out')!
    expect(ips(error)[0]).toMatchObject({ src: '192.168.10.2', dst: '192.168.9.1' })
    expect(find(error.packet, 'icmp')).toMatchObject({ type: 3, code: 3 })
  })
  it.each(named.filter(([, t]) => t.tells))(
    '%s: the next packet is answered 3/1, and sent as well',
    (tunnel) => {
      const w = ask(tunnel, '1.5: r has no route to b, 2nd')
      const sent = w.frames.filter((f) => f.in === 'a' && f.dev === 'eth0' && f.dir === 'out')
      const errors = w.frames.filter((f) => f.in === 'a' && f.dev === 'eth1' && f.dir === 'out')
      expect([sent.length, errors.length, errors[0]!.packet.payload[8]]).toEqual([2, 1, 63])
    },
  )
})

describe('1.10: how often one is told that nothing leads there', () => {
  const answers = (limit: number | null): number => {
    const c = TUNNEL_CASES.find(
      (x) => x.tunnel === 'tunl0' && x.what === '1.1: an echo of 84 bytes',
    )!
    const key = { key: 'net.ipv4.icmp_ratelimit' }
    const edits: readonly Edit[] = [
      { op: 'del', in: 'a', table: 'routes', where: { table: 'main', dst: '10.8.2.0/24' } },
      limit === null
        ? { op: 'del', in: 'a', table: 'sysctls', where: key }
        : { op: 'set', in: 'a', table: 'sysctls', where: key, to: { value: limit } },
    ]
    const w = walk(networkOf({ tunnel: 'tunl0', edits }), { ...c.flow, count: 10 })
    return w.messages.filter((m) => m.kind === 'error').length
  }
  it('twice in a row with the usual icmp_ratelimit, which takes from the same tokens; once without', () =>
    expect([answers(null), answers(1000), answers(0)]).toEqual([2, 2, 1]))
})
