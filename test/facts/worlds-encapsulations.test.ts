import { describe, expect, it } from 'vitest'
import { ipLength, size, type Packet } from '#lib/wire/packet.ts'
import { OVERHEAD } from '#lib/worlds/encapsulations/kinds.ts'
import { parseCluster, SCENARIOS } from '#lib/worlds/all.ts'
import { dev, netns } from '#lib/topology/topology.ts'
import type { Frame } from '#lib/trace/walk.ts'
import { arrivalTtl, ips, see, told, changed } from './see.ts'

/* Section 5 of the facts of other devices: the same packets by every encapsulation, as a router between the nodes sees them. Measured on Linux 6.1; in this world that router is the gateway. */

const PING = 'echo request'
/** The frame that the gateway gets from node-1; the second flow is from another port of the same pod. */
function atGateway(kind: string, flow: 'ping' | 'datagram' | 'second'): Frame {
  const what = kind === 'plain' ? {} : { whatIf: kind }
  const w =
    flow === 'second'
      ? see('encapsulations', 'datagram', { ...what, flow: { sport: 40_001 } })
      : see('encapsulations', flow, what)
  const first = w.messages.find((m) => m.kind === 'flow')!
  const frames = w.frames.filter((f) => f.message === first.n)
  return frames.find((f) => f.in === 'gateway' && f.dir === 'in')!
}
/** Bytes in front of the innermost IP header. */
function innerAt(p: Packet): number {
  const inner = p.headers.findLastIndex((h) => h.kind === 'ipv4')
  return size(p) - ipLength({ ...p, headers: p.headers.slice(inner) })
}
/** Outer protocol, its ports where they are chosen by nobody's hash, TTL, DF. */
function outer(f: Frame): string {
  const [ip] = ips(f)
  const udp = f.packet.headers.find((h) => h.kind === 'udp')
  const ports =
    ip!.proto !== 17 || udp?.kind !== 'udp'
      ? ''
      : ` ${[8472, 6081].includes(udp.dport) ? 'hash' : udp.sport}>${udp.dport}`
  return `${ip!.proto}${ports} ttl ${ip!.ttl}${ip!.df ? ' DF' : ''}`
}

describe('5: what a router in between gets', () => {
  it.each([
    ['plain', '84/98', '1000/1014', '1 ttl 63', 14, 61],
    ['ipip', '104/118', '1020/1034', '4 ttl 63', 34, 62],
    ['gre', '108/122', '1024/1038', '47 ttl 63 DF', 38, 62],
    ['udp', '112/126', '1028/1042', '17 8285>8285 ttl 64 DF', 42, 60],
    ['nvgre', '126/140', '1042/1056', '47 ttl 63 DF', 56, 62],
    ['vxlan', '134/148', '1050/1064', '17 hash>8472 ttl 64', 64, 62],
    ['geneve', '134/148', '1050/1064', '17 hash>6081 ttl 64', 64, 62],
  ] as const)(
    '%s: %s, %s; %s; inner IP at %i; TTL at the pod %i',
    (kind, echo, large, seen, offset, ttl) => {
      const [a, b] = [atGateway(kind, 'ping'), atGateway(kind, 'datagram')]
      const sizes = (f: Frame): string => `${ipLength(f.packet)}/${size(f.packet)}`
      expect([sizes(a), sizes(b)]).toEqual([echo, large])
      expect(outer(a)).toBe(seen)
      expect(innerAt(a.packet)).toBe(offset)
      const w = see('encapsulations', 'ping', kind === 'plain' ? {} : { whatIf: kind })
      expect(arrivalTtl(w, PING)).toBe(ttl)
      // What is added is what the MTU of pods and tunnel is less by.
      expect(ipLength(a.packet) - 84).toBe(OVERHEAD[kind])
      const pod = netns(
        changed('encapsulations', kind === 'plain' ? {} : { whatIf: kind }),
        'web-app-frontend-1',
      )!
      expect(dev(pod, 'eth0')!.mtu).toBe(1500 - OVERHEAD[kind])
    },
  )

  it.each(['ipip', 'gre', 'nvgre', 'udp'])(
    '%s: two flows of the same pods look the same outside: one way of several for all of them',
    (kind) => {
      const [a, b] = [atGateway(kind, 'datagram'), atGateway(kind, 'second')]
      const bare = (f: Frame) => ({ ...ips(f)[0]!, id: 0 })
      expect(bare(a)).toEqual(bare(b))
      expect(outer(a)).toBe(outer(b))
    },
  )
  it.each(['vxlan', 'geneve'])('%s: another flow has another source port', (kind) => {
    const port = (f: Frame) => f.packet.headers.find((h) => h.kind === 'udp')!
    const [a, b] = [atGateway(kind, 'datagram'), atGateway(kind, 'second')].map(port)
    expect(a).not.toMatchObject({ sport: (b as { readonly sport: number }).sport })
    // An echo and its reply, a flow and its answer: the hash is the same both ways.
    const w = see('encapsulations', 'datagram', { whatIf: kind })
    const ports = new Set(
      w.frames.flatMap((f) => {
        const h = f.packet.headers.find((x) => x.kind === 'udp')
        return f.in === 'gateway' && h?.kind === 'udp' ? [h.sport] : []
      }),
    )
    expect(ports.size).toBe(1)
  })
  it('NVGRE has its virtual subnet and its flow in the key', () => {
    expect(atGateway('nvgre', 'ping').packet.headers.find((h) => h.kind === 'gre')).toMatchObject({
      key: 0x00_13_88_01,
    })
  })
})

describe('1.3 and 1.5: who answers a probe', () => {
  const probes = (kind: string): string[] =>
    [1, 2, 3, 4].map((n) => {
      const w = see('encapsulations', `probe-${n}`, kind === 'plain' ? {} : { whatIf: kind })
      return told(w)
    })
  it('without encapsulation every router is seen', () =>
    expect(probes('plain')).toEqual([
      'ICMP 11/0 from 10.1.15.1',
      'ICMP 11/0 from 192.168.0.1',
      expect.stringMatching(/^ICMP 11\/0 from 192\.168\.0\.200$/),
      'reply, TTL 61',
    ]))
  it.each(['ipip', 'gre', 'nvgre'])(
    '%s takes its TTL from the packet: the gateway tells node-1, and nobody else',
    (kind) =>
      expect(probes(kind)).toEqual([
        'ICMP 11/0 from 10.1.15.1',
        'silence: ttl-exceeded in gateway',
        'reply, TTL 62',
        'reply, TTL 62',
      ]),
  )
  it.each(['vxlan', 'geneve'])(
    '%s has a TTL of its own: the gateway is no hop, node-2 is',
    (kind) => {
      const [, second, ...rest] = probes(kind)
      expect(second).toMatch(/^ICMP 11\/0 from (?:10\.1\.20\.0|10\.8\.0\.2)$/)
      expect(rest).toEqual(['reply, TTL 62', 'reply, TTL 62'])
    },
  )
})

describe('1.4: a narrow way behind the gateway', () => {
  it.each([
    ['narrow-way', 'full', 'ICMP 3/4 mtu 1400 from 192.168.0.1'],
    ['ipip-narrow', 'full', 'silence: too-big in gateway'],
    ['ipip-narrow', 'large-no-df', 'reply, TTL 62'],
    ['gre-narrow', 'large-no-df', 'silence: too-big in gateway'],
    ['vxlan-narrow', 'full', 'reply, TTL 62'],
  ] as const)('%s, %s: %s', (whatIf, flow, says) =>
    expect(told(see('encapsulations', flow, { whatIf }))).toBe(says),
  )
})

describe('1.5: a gateway that lets only TCP, UDP and ICMP pass', () => {
  it.each([
    ['udp', 'reply, TTL 60'],
    ['ipip', 'silence: netfilter in gateway'],
    ['gre', 'silence: netfilter in gateway'],
    // A frame is carried: who asks for the other end by ARP hears nothing.
    ['nvgre', 'ICMP 3/1 from 10.1.15.1'],
    ['vxlan', 'reply, TTL 62'],
    ['geneve', 'reply, TTL 62'],
  ])('%s: %s', (whatIf, says) => {
    const { edits } = SCENARIOS['encapsulations']!.whatIfs['only-known-protocols']!
    expect(told(see('encapsulations', 'ping', { whatIf, edits }))).toBe(says)
  })
})

describe('a cluster file says which', () => {
  const file = (encapsulation: string, nodes = 3): string =>
    `{ packet-walk: 1, network: encapsulations, encapsulation: ${encapsulation}, nodes: [${Array.from({ length: nodes }, (_, i) => `{ name: n${i + 1} }`).join()}], pods: [{ name: a, node: n1 }, { name: b, node: n3 }] }`
  it.each(Object.keys(OVERHEAD))('%s', (kind) => {
    const s = parseCluster(file(kind))
    expect(s.topology.source.names).toContain('gateway')
    const n1 = netns(s.topology, 'n1')!
    expect(dev(n1, 'docker0')!.mtu).toBe(1500 - OVERHEAD[kind as keyof typeof OVERHEAD])
  })
})
