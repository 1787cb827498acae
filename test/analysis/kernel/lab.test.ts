import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { labGaps, labScript } from '#lib/analysis/kernel/lab.ts'
import { questionSize } from '#lib/trace/flow.ts'
import {
  applyAll,
  emptyNetns,
  emptyVpc,
  fromSpaces,
  netns,
  walk,
  type Edit,
  type Netns,
} from '#lib/index.ts'
import type { Route } from '#lib/topology/rows.ts'
import { withSpace } from '#lib/topology/topology.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

/* The text of lab scripts; test/verify runs them. */

const script = (id: string, edits: readonly Edit[] = []): string =>
  labScript(applyAll(SCENARIOS[id]!.topology, edits), {
    title: 'a title',
    command: 'packet-walk lab',
  })

describe('a lab script', () => {
  it.each(Object.keys(SCENARIOS))('%s: is bash, and the same each time', (id) => {
    expect(spawnSync('bash', ['-n'], { input: script(id), encoding: 'utf8' }).stderr).toBe('')
    expect(script(id)).toBe(script(id))
  })
  it('says a row as often as it stands there, and next hops once, with the first of theirs', () => {
    const one = { table: 'main', dst: '10.9.0.0/16', dev: 'eth0', via: '192.168.0.1' } as const
    const { topology } = SCENARIOS['lan']!
    const node = netns(topology, 'node-1')!
    const said = (rows: readonly Route[]): readonly string[] =>
      labScript(withSpace(topology, { ...node, routes: [...node.routes, ...rows] }), {
        title: 'a title',
        command: 'packet-walk lab',
      })
        .split('\n')
        .filter((l) => l.includes('10.9.0.0/16'))
    expect(said([one, one])).toHaveLength(2)
    const hops = [
      { ...one, weight: 1 },
      { ...one, via: '192.168.0.2', weight: 2 },
    ] as const
    expect(said(hops)).toHaveLength(1)
  })
  it('a gateway that is an address of its own is no onlink one: Linux refuses that', () => {
    const row = { table: 'main', dst: '127.0.0.1/32', dev: 'lo', via: '127.0.0.1' } as const
    const text = script('flannel-vxlan', [{ op: 'add', in: 'node-1', table: 'routes', row }])
    expect(text).toMatch(/^route add 127\.0\.0\.1 via 127\.0\.0\.1 dev lo$/m)
  })
  it('has the rows as commands', () => {
    const text = script('flannel-vxlan')
    for (const line of [
      'link add name flannel.1 address 5a:00:00:00:0f:00 mtu 1450 type vxlan id 1 local 192.168.0.100 dstport 8472 nolearning udpcsum',
      'route add 10.1.20.0/24 via 10.1.20.0 dev flannel.1 onlink',
      'neigh replace 10.1.20.0 dev flannel.1 lladdr 5a:00:00:00:14:00 nud permanent',
      'fdb append 5a:00:00:00:14:00 dev flannel.1 dst 192.168.0.200 self permanent',
      'net/ipv4/ip_forward 1',
    ])
      expect(text.split('\n')).toContain(line)
  })
  it('its listeners answer as long as a walk’s do, and the heading says how long', () => {
    const listens: Edit = {
      op: 'add',
      in: 'backend-service-2',
      table: 'sockets',
      row: { proto: 'udp', port: 53, program: 'coredns' },
    }
    const t = applyAll(SCENARIOS['flannel-vxlan']!.topology, [listens])
    const answer = walk(t, {
      from: 'web-app-frontend-1',
      to: '10.1.20.3',
      proto: 'udp',
      dport: 53,
      size: questionSize({ proto: 'udp', dport: 53 }),
      ttl: 64,
    }).steps.findLast((x) => x.decision.kind === 'app')!.packet.payload.length
    const text = script('flannel-vxlan', [listens])
    const says = /"port":53,"says":"([0-9a-f]+)"/.exec(text)![1]!
    expect([says.length / 2, answer]).toEqual([48, 48])
    expect(text).toContain('TCP answers a request with 22 bytes, UDP a datagram with 48')
    expect(script('flannel-vxlan')).toContain('UDP a datagram with 32')
  })
  it('tells the stub of the VPC nothing of what it does not decide', () => {
    expect(/"(groups|sourceDestCheck|sgRules|aclRules)"/.test(script('vpc-cni'))).toBe(false)
  })
  it('keeps a gateway that no route leads to any more, as a kernel does', () => {
    const text = script('docker-bridge', [
      { op: 'del', in: 'web-app-frontend-1', table: 'routes', where: { proto: 'kernel' } },
    ])
    expect(text).toContain('addr add 172.17.0.2/16 dev eth0 noprefixroute\n')
    expect(text).toContain('route add default via 172.17.0.1 dev eth0 onlink\n')
  })
  it.each<[string, Edit]>([
    [
      'a device',
      {
        op: 'set',
        in: 'node-1',
        table: 'devs',
        where: { name: 'docker0' },
        to: { name: '$(reboot)' },
      },
    ],
    [
      'a table',
      {
        op: 'add',
        in: 'node-1',
        table: 'routes',
        row: { table: '`reboot`', dst: '10.9.0.0/16', dev: 'eth0' },
      },
    ],
    [
      'a comment of the firewall',
      {
        op: 'add',
        in: 'node-1',
        table: 'netfilter',
        row: {
          table: 'filter',
          chain: 'INPUT',
          comment: 'x\nSAVED\nreboot',
          target: { type: 'ACCEPT' },
        },
      },
    ],
  ])('lets no shell into the name of %s', (_, edit) =>
    expect(() => script('flannel-vxlan', [edit])).toThrow(RangeError),
  )
  it('says what it does not build', () => {
    const row = {
      proto: 'udp',
      original: { src: '10.0.0.1', dst: '10.0.0.2', sport: 1, dport: 2 },
      reply: { src: '10.0.0.2', dst: '10.0.0.1', sport: 2, dport: 1 },
      mark: 0,
      replied: false,
    } as const
    const t = applyAll(
      SCENARIOS['flannel-udp']!.topology,
      (
        [
          row,
          { ...row, proto: 'icmp' },
          { ...row, original: { ...row.original, src: '10.0.0.3' } },
          { ...row, proto: 'tcp' },
          { ...row, gone: true },
        ] as const
      ).map((r) => ({ op: 'add', in: 'node-1', table: 'conntrack', row: r })),
    )
    expect(labGaps(t)).toEqual([
      'node-1: the connection 10.0.0.1 → 10.0.0.2 is not there: an echo has one id, and its two ports differ',
      'node-1: the connection 10.0.0.3 → 10.0.0.2 is not there: an entry before it has one of its ends: the kernel says EEXIST',
    ])
  })
  it('says of every row that it leaves out that it does', () => {
    const link = { mtu: 1500, addrs: [] } as const
    const n: Netns = {
      ...emptyNetns('n', 'n', 'node'),
      devs: [
        { ...link, kind: 'bridge', name: 'b0', mac: '02:00:00:00:00:01', up: true },
        { ...link, kind: 'bridge', name: 'b1', mac: '02:00:00:00:00:02', up: false },
      ],
      rules: [
        { priority: 0, table: 'local' },
        { priority: 32766, table: '7' },
        { priority: 32767, table: 'default', from: '10.0.0.0/8' },
        { priority: 9, table: 'main' },
      ],
      routes: [
        { table: 'main', dst: '10.1.0.0/16', dev: 'b1' },
        { table: 'main', dst: '10.2.0.0/16', dev: 'b9', via: '10.0.0.1' },
        { table: 'main', dst: '10.3.0.0/16', dev: 'b0' },
        { table: 'cache', dst: '10.4.0.1/32', mtu: 1400 },
      ],
      neigh: [
        { ip: '10.0.0.1', dev: 'b1', lladdr: '02:00:00:00:00:09', state: 'PERMANENT' },
        { ip: '10.0.0.2', dev: 'b0', lladdr: null, state: 'FAILED' },
      ],
      fdb: [{ mac: '02:00:00:00:00:07', dev: 'v0', master: 'b0', state: 'learned' }],
      daemons: [
        { name: 'one', tun: 't0', port: 1, local: '10.0.0.1' },
        { name: 'two', tun: 't1', port: 2, local: '10.0.0.1' },
      ],
    }
    expect(labGaps(fromSpaces([emptyVpc('vpc', []), emptyVpc('other', []), n]))).toEqual([
      'other: a lab has one VPC, vpc; what is wired to this one is wired to nothing',
      'n: the route 10.1.0.0/16 dev b1 is not there, as b1 is down',
      'n: the route 10.2.0.0/16 via 10.0.0.1 dev b9 is not there, as there is no b9',
      'n: the path MTU 1400 to 10.4.0.1/32 is not known there; flows learn it',
      'n: the neighbour 10.0.0.1 is not there, as b1 is down',
      'n: the bridge has not learned 02:00:00:00:00:07, as v0 has no carrier',
      'n: of its programs only one on t0 runs, not two on t1',
    ])
  })
  it.each(Object.entries(SCENARIOS))(
    '%s: leaves nothing out, whatever is changed, but what is down',
    (_, s) => {
      expect(labGaps(s.topology)).toEqual([])
      for (const w of Object.values(s.whatIfs))
        for (const gap of labGaps(applyAll(s.topology, w.edits)))
          expect(gap).toMatch(/is down|nobody holds/)
    },
  )
})
