import { describe, expect, it } from 'vitest'
import {
  applyAll,
  encode,
  netns,
  resolveFlow,
  walk,
  type Edit,
  type NfRule,
  type Topology,
} from '#lib/index.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

/* Networks that go on for ever, or would: every walk ends soon, with the drop that the kernel has for it, or with a limit of the model's own that says so. */

const { topology, flows } = SCENARIOS['flannel-vxlan']!
const CLIENT = 'web-app-frontend-1'
const rule = (row: NfRule, name = 'node-1'): Edit => ({
  op: 'add',
  in: name,
  table: 'netfilter',
  row,
})
const chain = (name: string): Edit => ({
  op: 'add',
  in: 'node-1',
  table: 'chains',
  row: { table: 'filter', chain: name, policy: null },
})
const from = (t: Topology, name: string, to: string) => walk(t, resolveFlow(t, { from: name, to }))

describe('a tunnel whose packets come to it again', () => {
  it('by a route: it is refused at once (udp_tunnel_dst_lookup)', () => {
    const t = applyAll(topology, [
      {
        op: 'add',
        in: 'node-1',
        table: 'routes',
        row: {
          table: 'main',
          dst: '192.168.0.200/32',
          via: '10.1.20.0',
          dev: 'flannel.1',
          onlink: true,
        },
      },
    ])
    const w = from(t, CLIENT, '10.1.20.3')
    expect([w.loss?.drop, w.loss?.in]).toEqual([
      { reason: 'tunnel-loop', dst: '192.168.0.200', dev: 'flannel.1' },
      'node-1',
    ])
    expect(w.frames.filter((f) => f.dev === 'flannel.1')).toHaveLength(1)
  })
  it('by DNAT in OUTPUT: the fourth time is one too many (IP_TUNNEL_RECURSION_LIMIT)', () => {
    const t = applyAll(topology, [
      rule({ table: 'nat', chain: 'OUTPUT', target: { type: 'DNAT', to: '10.1.20.2' } }),
    ])
    const w = from(t, 'node-1', '10.1.20.2')
    expect([w.loss?.drop, w.loss?.in]).toEqual([
      { reason: 'too-nested', dev: 'flannel.1' },
      'node-1',
    ])
    // As tcpdump showed them on Linux 6.18; 6.1 goes on to the ninth.
    expect(
      w.frames.filter((f) => f.dev === 'flannel.1').map((f) => encode(f.packet).length),
    ).toEqual([98, 148, 198, 248])
  })
})

describe('chains', () => {
  it('that come back to themselves are an author’s error, with the way round', () => {
    const loop = applyAll(topology, [
      chain('A'),
      chain('B'),
      rule({ table: 'filter', chain: 'A', target: { type: 'JUMP', chain: 'B' } }),
      rule({ table: 'filter', chain: 'B', target: { type: 'JUMP', chain: 'A' } }),
      rule({ table: 'filter', chain: 'OUTPUT', target: { type: 'JUMP', chain: 'A' } }),
    ])
    expect(() => from(loop, 'node-1', '10.1.20.3')).toThrow(
      /chain \w+ of table filter is reached again from itself \(.*A → B → A|B → A → B.*\); iptables refuses a loop/,
    )
  })
  it('without a loop, but with more ways through them than anybody can go, end with a limit of the model’s', () => {
    const names = Array.from({ length: 14 }, (_, i) => `C${i}`)
    const edits = names.flatMap((name, i): Edit[] =>
      Array.from({ length: i < names.length - 1 ? 8 : 0 }, () =>
        rule({ table: 'filter', chain: name, target: { type: 'JUMP', chain: `C${i + 1}` } }),
      ),
    )
    const t = applyAll(topology, [
      ...names.map(chain),
      ...edits,
      rule({ table: 'filter', chain: 'OUTPUT', target: { type: 'JUMP', chain: 'C0' } }),
    ])
    const w = from(t, 'node-1', '10.1.20.3')
    expect(w.loss?.drop).toEqual({ reason: 'rule-budget' })
  })
  it('that are only long are asked to their end', () => {
    const many = Array.from(
      { length: 20_000 },
      () =>
        ({
          table: 'filter',
          chain: 'FORWARD',
          src: '203.0.113.9/32',
          target: { type: 'DROP' },
        }) as const satisfies NfRule,
    )
    const n = netns(topology, 'node-1')!
    const t: Topology = {
      source: topology.source,
      edited: new Map([['node-1', { ...n, netfilter: [...many, ...n.netfilter] }]]),
    }
    expect(walk(t, flows['frontend-1-to-backend-2']!).delivered).toBe(true)
  })
})

describe('a veth pair with both ends on one bridge', () => {
  const mac = (n: number) => `02:00:00:00:00:0${n}` as const
  const end = (n: 1 | 2): Edit => ({
    op: 'add',
    in: 'node-1',
    table: 'devs',
    row: {
      kind: 'veth',
      name: `loop${n}`,
      mac: mac(n),
      mtu: 1500,
      up: true,
      addrs: [],
      master: 'docker0',
      peer: { netns: 'node-1', dev: `loop${3 - n}` },
    },
  })
  const { topology: docker } = SCENARIOS['docker-bridge']!
  const t = applyAll(docker, [end(1), end(2)])
  it('is a storm, and the walk says that it stops here, not that somebody stayed silent', () => {
    const w = from(t, CLIENT, '172.17.0.9')
    expect(w.loss?.drop).toEqual({ reason: 'step-budget' })
    expect(w.steps.length).toBe(20_000)
    expect(w.after.source.names.length).toBeGreaterThan(0)
  })
  it('of jumbo frames ends by their bytes', () => {
    const jumbo = applyAll(
      t,
      ['loop1', 'loop2', 'docker0', 'veth0', 'veth1'].map((name): Edit => ({
        op: 'set',
        in: 'node-1',
        table: 'devs',
        where: { name },
        to: { mtu: 65_000 },
      })),
    )
    const wide = applyAll(jumbo, [
      { op: 'set', in: CLIENT, table: 'devs', where: { name: 'eth0' }, to: { mtu: 65_000 } },
      {
        op: 'add',
        in: CLIENT,
        table: 'neigh',
        row: { ip: '172.17.0.9', dev: 'eth0', lladdr: '02:00:00:00:00:99', state: 'PERMANENT' },
      },
    ])
    const w = walk(wide, resolveFlow(wide, { from: CLIENT, to: '172.17.0.9', size: 60_000 }))
    expect(w.loss?.drop).toEqual({ reason: 'step-budget' })
    expect(w.frames.length).toBeLessThan(2000)
  })
})

describe('a translation without a free port', () => {
  /** All ports that MASQUERADE could take towards one address and port are taken. */
  const taken = (proto: 'tcp' | 'udp'): Topology => {
    const n = netns(topology, 'node-1')!
    const conntrack = Array.from(
      { length: 65_536 },
      (_, port) =>
        ({
          proto,
          original: { src: '10.9.9.9', dst: '203.0.113.10', sport: port, dport: 443 },
          reply: { src: '203.0.113.10', dst: '192.168.0.100', sport: 443, dport: port },
          mark: 0,
          replied: true,
        }) as const,
    )
    return { source: topology.source, edited: new Map([['node-1', { ...n, conntrack }]]) }
  }
  it.each(['tcp', 'udp'] as const)('%s: it is dropped when it is to be written down', (proto) => {
    const t = taken(proto)
    const w = walk(t, resolveFlow(t, { from: CLIENT, to: '203.0.113.10:443', proto }))
    expect([w.loss?.drop, w.loss?.in]).toEqual([
      { reason: 'nat-no-port', proto, src: '192.168.0.100' },
      'node-1',
    ])
  })
  it('another protocol’s ports are its own', () => {
    const t = taken('tcp')
    expect(walk(t, resolveFlow(t, { from: CLIENT, to: '203.0.113.10' })).delivered).toBe(true)
  })
})

it('a connection to oneself, as large as one packet can be, is delivered', () => {
  for (const size of [65_483, 65_484, 65_507, 200_000])
    expect(
      walk(
        topology,
        resolveFlow(topology, { from: CLIENT, to: `${CLIENT}:8080`, size }),
      ).frames.every((f) => encode(f.packet).length <= 65_549),
      `${size}`,
    ).toBe(true)
})

describe('who sends to nobody, or to all', () => {
  const cni = SCENARIOS['vpc-cni']!.topology
  const without = (name: string, dev: string, t = topology): Topology => {
    const n = netns(t, name)!
    return {
      source: t.source,
      edited: new Map([[name, { ...n, devs: n.devs.filter((d) => d.name !== dev) }]]),
    }
  }
  it.each([
    [
      'a node’s broadcast address, a datagram',
      () => walk(cni, resolveFlow(cni, { from: CLIENT, to: '192.168.0.255:4789', proto: 'udp' })),
      'broadcast-ignored',
      'node-1',
    ],
    [
      'a node’s broadcast address, an echo',
      () =>
        walk(topology, resolveFlow(topology, { from: 'backend-service-2', to: '192.168.0.255' }), {
          warm: true,
        }),
      'broadcast-ignored',
      'node-2',
    ],
    [
      'itself, without lo',
      () => walk(without(CLIENT, 'lo'), resolveFlow(topology, { from: CLIENT, to: CLIENT })),
      'link-down',
      CLIENT,
    ],
    [
      'a node without its NIC',
      () =>
        walk(
          without('node-2', 'eth0'),
          resolveFlow(topology, { from: CLIENT, to: '192.168.0.200' }),
        ),
      'link-down',
      'node-2',
    ],
  ] as const)('%s: is told why', (_, f, reason, where) => {
    const w = f()
    expect([w.delivered, w.loss?.drop.reason, w.loss?.in]).toEqual([false, reason, where])
  })
  it('a multicast address is refused: the model has none', () => {
    expect(() => resolveFlow(topology, { from: CLIENT, to: '224.0.0.1' })).toThrow(
      'to: 224.0.0.1 is a multicast address',
    )
    expect(() => walk(topology, { ...flows['ping']!, to: '239.1.2.3' })).toThrow('multicast')
  })
  it.each(Object.values(SCENARIOS).map((s) => [s.id, s] as const))(
    '%s: from everywhere to every address, and to those nobody has: what is not delivered was lost somewhere',
    (_, s) => {
      const t = s.topology
      const nets = t.source.names.flatMap((n) => netns(t, n) ?? [])
      const every = nets.flatMap((n) => n.devs.flatMap((d) => d.addrs.map((a) => a.split('/')[0]!)))
      const silent: string[] = []
      for (const n of nets) {
        for (const to of new Set([
          ...every,
          '192.168.0.255',
          '172.17.255.255',
          '10.1.15.255',
          '10.1.20.0',
          '0.0.0.0',
          '255.255.255.255',
          '192.168.0.1',
          '192.168.77.77',
          '203.0.113.255',
          '198.51.100.200',
          '10.96.0.50',
          '8.8.8.8',
        ])) {
          for (const q of [
            { to },
            { to: `${to}:53`, proto: 'udp' as const },
            { to: `${to}:8080` },
          ]) {
            const w = walk(t, resolveFlow(t, { from: n.name, ...q }))
            if (!w.delivered && w.loss === null) silent.push(`${n.name} to ${q.to}`)
          }
        }
      }
      expect(silent).toEqual([])
    },
  )
})
