import { describe, expect, it } from 'vitest'
import { find } from '#lib/wire/packet.ts'
import { parseQuote } from '#lib/wire/quote.ts'
import { DROPS } from '#lib/trace/drops.ts'
import type { Edit } from '#lib/topology/edit.ts'
import { netns, withSpace, withTable } from '#lib/topology/topology.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { walk } from '#lib/walk/walk.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import {
  arrivalTtl,
  framesOf,
  hop,
  inVpc,
  ips,
  mtu,
  podMtu,
  see,
  told,
  world,
  type Change,
} from './see.ts'
import { labelOf } from '#lib/words/index.ts'

/* What the kernel lab measured, sections 0 to 5, asked of the product's own worlds. Sections 1 to 3 are held frame by frame by test/labs; 4 and 5 only here. */

const CHECKS_OFF: readonly Edit[] = (['node-1', 'node-2'] as const).map((n) => ({
  op: 'set',
  in: 'vpc',
  table: 'enis',
  where: { id: `eni-${n}-eth0` },
  to: { sourceDestCheck: false },
}))
const sysctl = (ns: string, key: `net.${string}`, value: number): Edit => ({
  op: 'set',
  in: ns,
  table: 'sysctls',
  where: { key },
  to: { value },
})
const noRoute = (ns: string, dst: string): Edit => ({
  op: 'del',
  in: ns,
  table: 'routes',
  where: { dst, table: 'main' },
})
const taps = (w: Walk, label: string): string[] =>
  framesOf(w, label).map(
    (f) => `${f.in}/${f.dev} ${f.dir}${f.to === 'otherhost' ? ' otherhost' : ''}`,
  )
const quoted = (w: Walk, label: string) => parseQuote(framesOf(w, label).at(-1)!.packet.payload)

describe('0: rules that hold everywhere', () => {
  it('a port shows a frame for the bridge as otherhost, then the bridge shows it', () =>
    expect(taps(see('flannel-vxlan', 'ping'), 'echo request').slice(0, 3)).toEqual([
      'web-app-frontend-1/eth0 out',
      'node-1/veth0 in otherhost',
      'node-1/docker0 in',
    ]))
  it('from port to port the bridge itself shows nothing', () =>
    expect(taps(see('flannel-vxlan', 'same-node'), 'SYN')).toEqual([
      'web-app-frontend-1/eth0 out',
      'node-1/veth0 in otherhost',
      'node-1/veth1 out',
      'backend-service-1/eth0 in',
    ]))
  it('an ICMP error: TTL 64, TOS 0xc0, no DF, an id, and 576 bytes at most', () => {
    const small = ips(
      framesOf(see('flannel-vxlan', 'ping', { flow: { ttl: 1 } }), 'time exceeded')[0]!,
    )[0]!
    expect(small).toMatchObject({ ttl: 64, tos: 0xc0, df: false })
    expect(small.id).not.toBe(0)
    expect(
      hop(framesOf(see('flannel-vxlan', 'ping', { flow: { ttl: 1 } }), 'time exceeded')[0]!)[5],
    ).toBe('112/126')
    expect(
      hop(
        framesOf(
          see('flannel-vxlan', 'ping', { flow: { ttl: 1, size: 1400 } }),
          'time exceeded',
        )[0]!,
      )[5],
    ).toBe('576/590')
  })
  it('unresolved ARP: three questions, then 3/1; to oneself over lo', () => {
    const w = see('flannel-vxlan', 'same-node', {
      flow: { to: '10.1.15.99', proto: 'icmp', dport: 0, size: 56 },
      cold: true,
    })
    expect(w.messages.filter((m) => labelOf(m).startsWith('who-has'))).toHaveLength(3)
    expect(told(w)).toBe('ICMP 3/1 from 10.1.15.2')
    expect(taps(w, 'host unreachable')).toEqual([
      'web-app-frontend-1/lo out',
      'web-app-frontend-1/lo in',
    ])
  })
  it('ids: SYN and later segments count up, SYN-ACK has 0; all with DF', () => {
    const w = see('flannel-vxlan', 'frontend-1-to-backend-2')
    const first = (label: string) => ips(framesOf(w, label)[0]!)[0]!
    expect(first('SYN-ACK').id).toBe(0)
    expect(first('ACK').id).toBe(first('SYN').id + 1)
    expect(first('request').id).toBe(first('SYN').id + 2)
    expect(['SYN', 'SYN-ACK', 'ACK', 'request'].every((l) => first(l).df)).toBe(true)
  })
  it('an echo reply has no DF even if the request had, its own id, TTL 64, the same TOS', () => {
    const w = see('flannel-vxlan', 'ping', { flow: { df: true, tos: 0xb9, ttl: 9 } })
    expect(ips(framesOf(w, 'echo reply')[0]!)[0]).toMatchObject({ df: false, ttl: 64, tos: 0xb9 })
  })
  it('too big for the sender’s own device: refused with DF, cut to a multiple of 8 without', () => {
    expect(told(see('flannel-vxlan', 'ping', { flow: { size: 1472, df: true } }))).toBe(
      'silence: message-size in web-app-frontend-1',
    )
    expect(
      framesOf(see('flannel-vxlan', 'ping', { flow: { size: 1472 } }), 'echo request')
        .filter((f) => f.in === 'web-app-frontend-1')
        .map((f) => hop(f)[5].split('/')[0]),
    ).toEqual(['1444', '76'])
  })
  it.each([
    ['no-route', 'IP_INNOROUTES'],
    ['forwarding-off', 'IP_INADDRERRORS'],
    ['netfilter', 'NETFILTER_DROP'],
    ['rp-filter', 'IP_RPFILTER'],
    ['local-source', 'IP_LOCAL_SOURCE'],
    ['other-host', 'OTHERHOST'],
    ['neigh-failed', 'NEIGH_FAILED'],
    ['too-big', 'PKT_TOO_BIG'],
    ['ttl-exceeded', 'IP_INHDR'],
    ['vxlan-no-remote', 'NO_TX_TARGET'],
    ['vxlan-unknown-vni', 'VXLAN_VNI_NOT_FOUND'],
    ['bridge-no-target', 'NO_TX_TARGET'],
    ['no-socket', 'NO_SOCKET'],
  ] as const)('the kernel’s own name of %s is %s', (reason, kernel) =>
    expect(DROPS[reason].kernel).toBe(kernel),
  )
})

describe('1: docker', () => {
  const PUBLISHED = 'internet-to-host-1'
  it('out: the source becomes the host’s, the echo id stays', () => {
    const w = see('docker-bridge', 'ping', { flow: { to: '203.0.113.10', sport: 77 } })
    expect(taps(w, 'echo request').slice(0, 4)).toEqual([
      'web-app-frontend-1/eth0 out',
      'node-1/veth0 in otherhost',
      'node-1/docker0 in',
      'node-1/eth0 out',
    ])
    const out = framesOf(w, 'echo request')[3]!
    expect([ips(out)[0]!.src, ips(out)[0]!.ttl, find(out.packet, 'icmp')!.rest >>> 16]).toEqual([
      '192.168.0.100',
      63,
      77,
    ])
    expect(w.delivered).toBe(true)
  })
  it('published port: DNAT on the way in, the client’s address is kept, the answer comes from the published one', () => {
    const w = see('docker-bridge', PUBLISHED)
    expect(w.delivered).toBe(true)
    const last = framesOf(w, 'SYN').at(-1)!
    expect([
      last.in,
      ips(last)[0]!.src,
      ips(last)[0]!.dst,
      find(last.packet, 'tcp')!.dport,
    ]).toEqual(['backend-service-1', '203.0.113.10', '172.17.0.3', 80])
    const back = framesOf(w, 'SYN-ACK').at(-1)!
    expect([back.in, find(back.packet, 'tcp')!.sport]).toEqual(['internet', 8080])
  })
  it.each<[string, string, Change, string]>([
    ['ttl1', 'to-node', { flow: { ttl: 1 } }, 'ICMP 11/0 from 172.17.0.1'],
    ['ttl1 on one bridge', 'ping', { flow: { ttl: 1 } }, 'reply, TTL 64'],
    [
      'ttl1 to a published port: the host answers with the published address',
      PUBLISHED,
      { flow: { ttl: 1 } },
      'ICMP 11/0 from 198.51.100.100',
    ],
    [
      'mtu1400-out-df',
      'large',
      { edits: [mtu('node-1', 'eth0', 1400)] },
      'ICMP 3/4 mtu 1400 from 172.17.0.1',
    ],
    [
      'no-route',
      'to-internet',
      { edits: [noRoute('node-1', '0.0.0.0/0')] },
      'ICMP 3/0 from 172.17.0.1',
    ],
    [
      'ip-forward-off',
      'to-internet',
      { edits: [sysctl('node-1', 'net.ipv4.ip_forward', 0)] },
      'silence: forwarding-off in node-1',
    ],
    ['no-such-container', 'ping', { flow: { to: '172.17.0.9' } }, 'ICMP 3/1 from 172.17.0.2'],
    [
      'veth-down',
      'ping',
      {
        later: true,
        edits: [
          { op: 'set', in: 'node-1', table: 'devs', where: { name: 'veth1' }, to: { up: false } },
        ],
      },
      'silence: bridge-no-target in node-1',
    ],
    [
      'docker0-down',
      'ping',
      {
        later: true,
        edits: [
          { op: 'set', in: 'node-1', table: 'devs', where: { name: 'docker0' }, to: { up: false } },
        ],
      },
      'silence: link-down in node-1',
    ],
    [
      'unpublished-port',
      PUBLISHED,
      {
        flow: { dport: 8082 },
        edits: [
          {
            op: 'add',
            in: 'vpc',
            table: 'sgRules',
            row: { group: 'sg-node', direction: 'ingress', proto: 'all', peer: '0.0.0.0/0' },
          },
        ],
      },
      'silence: no-socket in node-1',
    ],
    [
      'published service down: a reset, translated back',
      PUBLISHED,
      { edits: [{ op: 'del', in: 'backend-service-1', table: 'sockets', where: { port: 80 } }] },
      'silence: no-socket in backend-service-1',
    ],
  ])('%s', (_, flow, c, what) => expect(told(see('docker-bridge', flow, c))).toBe(what))
  it('3028 bytes without DF: 1500 + 1500 + 68, one frame of 3042 on docker0, 1500 + 1500 + 68 again', () => {
    const w = see('docker-bridge', 'ping', {
      flow: { to: '192.168.0.200', proto: 'udp', dport: 5010, size: 3000, df: false },
    })
    const at = (tap: string): string[] =>
      framesOf(w, 'datagram')
        .filter((f) => `${f.in}/${f.dev} ${f.dir}` === tap)
        .map((f) => hop(f)[5].split('/')[0]!)
    expect([
      at('web-app-frontend-1/eth0 out'),
      at('node-1/docker0 in'),
      at('node-1/eth0 out'),
    ]).toEqual([['1500', '1500', '68'], ['3028'], ['1500', '1500', '68']])
  })
})

describe.each([
  ['2: vxlan', 'flannel-vxlan', '10.1.20.0', 'flannel.1', 62],
  ['3: udp', 'flannel-udp', '10.1.20.0', 'flannel0', 60],
] as const)('%s', (_, id, far, tunnel, ttl) => {
  it(`arrives with TTL ${ttl}`, () => {
    expect(arrivalTtl(see(id, 'ping'), 'echo request')).toBe(ttl)
    expect(told(see(id, 'ping'))).toBe(`reply, TTL ${ttl}`)
  })
  it('node to pod: the source is the tunnel’s address', () => {
    const w = see(id, 'ping', { flow: { from: 'node-1' } })
    expect(w.delivered).toBe(true)
    expect(ips(framesOf(w, 'echo request').at(-1)!)[0]).toMatchObject({
      src: '10.1.15.0',
      ttl: id === 'flannel-udp' ? 61 : 63,
    })
  })
  it.each(['10.1.20.1', '10.1.20.0'] as const)('pod to %s: answered by node 2', (to) =>
    expect(told(see(id, 'ping', { flow: { to } }))).toBe(
      `reply, TTL ${id === 'flannel-udp' ? 61 : 63}`,
    ),
  )
  it('pod to its own node: answered by the bridge, TTL 64, no NAT', () =>
    expect(told(see(id, 'ping', { flow: { to: '192.168.0.100' } }))).toBe('reply, TTL 64'))
  it('pod to the other node: masqueraded, not tunnelled', () => {
    const w = see(id, 'to-node')
    expect(w.delivered).toBe(true)
    expect(taps(w, 'echo request').filter((x) => x.includes(tunnel))).toEqual([])
    expect(ips(framesOf(w, 'echo request').at(-1)!)[0]).toMatchObject({
      src: '192.168.0.100',
      ttl: 63,
    })
  })
  it('outside: masqueraded to a port drawn anew', () => {
    const w = see(id, 'to-internet', { flow: { sport: 40007 } })
    const out = framesOf(w, 'SYN').at(-1)!
    expect(ips(out)[0]!.ttl).toBe(63)
    expect(find(out.packet, 'tcp')!.sport).not.toBe(40007)
    expect(w.delivered).toBe(true)
  })
  it.each<[string, Change, string]>([
    [
      'no route of flannel’s, but a default: it leaks with its own addresses',
      {
        flow: { to: '10.1.99.5' },
        edits: id === 'flannel-udp' ? [noRoute('node-1', '10.1.0.0/16')] : [],
      },
      'silence: source-dest-check in vpc',
    ],
    [
      'node 2 does not forward',
      { edits: [sysctl('node-2', 'net.ipv4.ip_forward', 0)] },
      'silence: forwarding-off in node-2',
    ],
    [
      'pod absent: node 2 tells, through the tunnel',
      { flow: { to: '10.1.20.99' } },
      `ICMP 3/1 from ${far}`,
    ],
    [
      'the tunnel device of node 2 is down: the sender’s node is told 3/3, the pod nothing',
      {
        edits: [
          { op: 'set', in: 'node-2', table: 'devs', where: { name: tunnel }, to: { up: false } },
        ],
      },
      id === 'flannel-udp' ? 'silence: link-down in node-2' : 'silence: no-socket in node-2',
    ],
    [
      'UDP to a closed port',
      { flow: { proto: 'udp', dport: 5999, size: 9 } },
      'ICMP 3/3 from 10.1.20.3',
    ],
  ])('%s', (_what, c, what) => expect(told(see(id, 'ping', c))).toBe(what))
  it('errors from outside come back translated', () =>
    expect(
      told(
        see(id, 'to-internet', {
          flow: { proto: 'udp', dport: 5999, size: 9 },
          edits: [
            {
              op: 'add',
              in: 'vpc',
              table: 'sgRules',
              row: { group: 'sg-node', direction: 'ingress', proto: 'icmp', peer: '0.0.0.0/0' },
            },
          ],
        }),
      ),
    ).toBe('ICMP 3/3 from 203.0.113.10'))
  it('3/1 quotes the packet after node 2 took its TTL', () =>
    expect(
      find(quoted(see(id, 'ping', { flow: { to: '10.1.20.99' } }), 'host unreachable'), 'ipv4')!
        .ttl,
    ).toBe(ttl))
})

describe('2: vxlan alone', () => {
  it.each([
    [0xb9, 1],
    [0xb8, 0],
    // INET_ECN_encapsulate(): CE goes outside as ECT(0).
    [0x03, 2],
  ])('inner TOS %d, outer %d: only ECN is copied', (tos, outer) =>
    expect(
      ips(
        framesOf(see('flannel-vxlan', 'ping', { flow: { tos } }), 'echo request').find(
          (f) => f.dev === 'eth0' && f.in === 'node-1',
        )!,
      )[0]!.tos,
    ).toBe(outer),
  )
  it('ping and answer have one outer source port; the two directions of TCP have two', () => {
    const port = (w: Walk, label: string, node: string) =>
      find(
        framesOf(w, label).find((f) => f.in === node && f.dev === 'eth0' && f.dir === 'out')!
          .packet,
        'udp',
      )!.sport
    const w = see('flannel-vxlan', 'ping')
    expect(port(w, 'echo request', 'node-1')).toBe(port(w, 'echo reply', 'node-2'))
    const t = see('flannel-vxlan', 'frontend-1-to-backend-2')
    expect(port(t, 'SYN', 'node-1')).toBe(port(t, 'request', 'node-1'))
    expect(port(t, 'SYN', 'node-1')).not.toBe(port(t, 'SYN-ACK', 'node-2'))
  })
  it('VNI differs: silence', () =>
    expect(
      told(
        see('flannel-vxlan', 'ping', {
          edits: [
            {
              op: 'set',
              in: 'node-2',
              table: 'devs',
              where: { name: 'flannel.1' },
              to: { vni: 2 },
            },
          ],
        }),
      ),
    ).toBe('silence: vxlan-unknown-vni in node-2'))
  it('noudpcsum: the outer checksum is zero, and the peer takes it', () => {
    // A device is made with it or without: `ip link` changes it on none.
    const t = world('flannel-vxlan')
    const n = netns(t, 'node-1')!
    const w = walk(
      withSpace(
        t,
        withTable(
          n,
          'devs',
          n.devs.map((d) => (d.kind === 'vxlan' ? { ...d, udpcsum: false } : d)),
        ),
      ),
      SCENARIOS['flannel-vxlan']!.flows['ping']!,
    )
    expect(w.delivered).toBe(true)
    expect(
      find(
        framesOf(w, 'echo request').find((f) => f.in === 'node-1' && f.dev === 'eth0')!.packet,
        'udp',
      )!.nocheck,
    ).toBe(true)
  })
})

describe('4: host-gw', () => {
  const id = 'flannel-host-gw'
  const go = (c: Change = {}, flow = 'ping'): Walk =>
    see(id, flow, { ...c, edits: [...CHECKS_OFF, ...(c.edits ?? [])] })
  it('taps and TTL', () => {
    const w = go()
    expect(taps(w, 'echo request')).toEqual([
      'web-app-frontend-1/eth0 out',
      'node-1/veth0 in otherhost',
      'node-1/docker0 in',
      'node-1/eth0 out',
      'node-2/eth0 in',
      'node-2/docker0 out',
      'node-2/veth1 out',
      'backend-service-2/eth0 in',
    ])
    expect(framesOf(w, 'echo request').map((f) => ips(f)[0]!.ttl)).toEqual([
      64, 64, 64, 63, 63, 62, 62, 62,
    ])
    expect(new Set(framesOf(w, 'echo request').map((f) => hop(f)[5]))).toEqual(new Set(['84/98']))
  })
  it.each<[string, Change, string]>([
    ['ttl1', { flow: { ttl: 1 } }, 'ICMP 11/0 from 10.1.15.1'],
    ['ttl2', { flow: { ttl: 2 } }, 'ICMP 11/0 from 192.168.0.200'],
    ['ttl3', { flow: { ttl: 3 } }, 'reply, TTL 62'],
    [
      'underlay-mtu1400 with DF',
      { flow: { size: 1472, df: true }, edits: [mtu('node-1', 'eth0', 1400)] },
      'ICMP 3/4 mtu 1400 from 10.1.15.1',
    ],
    [
      'no-subnet-route leaks with the pod’s source; in AWS the router knows no such address',
      { flow: { to: '10.1.99.5' } },
      'silence: vpc-no-public-address in vpc',
    ],
    [
      'peer-forward-off',
      { edits: [sysctl('node-2', 'net.ipv4.ip_forward', 0)] },
      'silence: forwarding-off in node-2',
    ],
  ])('%s', (_, c, what) => expect(told(go(c))).toBe(what))
  it('node 1 to pod: source 192.168.0.100, not masqueraded', () =>
    expect(
      ips(framesOf(go({ flow: { from: 'node-1' } }), 'echo request').at(-1)!)[0],
    ).toMatchObject({ src: '192.168.0.100', ttl: 63 }))
  it('underlay-mtu1400 without DF: 1396 + 124, and node 2 re-fragments to 1396 although docker0 takes 1500', () => {
    const w = go({ flow: { size: 1472 }, edits: [mtu('node-1', 'eth0', 1400)] })
    const at = (tap: string): string[] =>
      framesOf(w, 'echo request')
        .filter((f) => `${f.in}/${f.dev} ${f.dir}` === tap)
        .map((f) => hop(f)[5].split('/')[0]!)
    expect([at('node-1/eth0 out'), at('node-2/docker0 out')]).toEqual([
      ['1396', '124'],
      ['1396', '124'],
    ])
  })
  it('peer-down: with nobody to answer ARP the pod itself is told', () => {
    const gone: Edit = {
      op: 'set',
      in: 'vpc',
      table: 'enis',
      where: { id: 'eni-node-2-eth0' },
      to: { ips: [] },
    }
    expect(told(go({ edits: [gone], cold: true }))).toBe('ICMP 3/1 from 10.1.15.1')
  })
  it('stale-next-hop: node 2 masquerades transit that is not for its own range', () => {
    const w = go({
      flow: { to: '10.1.30.5' },
      edits: [
        {
          op: 'add',
          in: 'node-1',
          table: 'routes',
          row: { table: 'main', dst: '10.1.30.0/24', via: '192.168.0.200', dev: 'eth0' },
        },
      ],
    })
    expect(
      framesOf(w, 'echo request')
        .filter((f) => f.in === 'node-2' && f.dev === 'eth0' && f.dir === 'out')
        .map((f) => ips(f)[0]!.src),
    ).toEqual(['192.168.0.200'])
  })
  it('routing-loop, TTL 5: each node masquerades in turn, and the last error dies as its own; the pod sees nothing', () => {
    const to = (n: string, via: `${number}.${number}.${number}.${number}`): Edit => ({
      op: 'add',
      in: n,
      table: 'routes',
      row: { table: 'main', dst: '10.1.30.0/24', via, dev: 'eth0' },
    })
    const w = go({
      flow: { to: '10.1.30.5', ttl: 5 },
      edits: [to('node-1', '192.168.0.200'), to('node-2', '192.168.0.100')],
    })
    expect(told(w)).toMatch(/^silence: /)
    expect(w.steps.map((s) => s.drop?.reason)).toContain('local-source')
  })
  it('no return route on node 2: the request arrives, the reply leaves by its default gateway with the pod’s source', () => {
    const w = go({ edits: [noRoute('node-2', '10.1.15.0/24')] })
    expect(framesOf(w, 'echo request').at(-1)!.in).toBe('backend-service-2')
    expect(
      framesOf(w, 'echo reply')
        .map(hop)
        .filter((h) => h[0] === 'node-2/eth0 out')
        .map((h) => h[2]),
    ).toEqual(['10.1.20.3>10.1.15.2'])
    expect(w.delivered).toBe(false)
  })
})

describe('5: VPC CNI', () => {
  const id = 'vpc-cni'
  const pod = { from: 'metrics-1' } as const
  it('same node: out, in, out, in; TTL 63; from eth1’s pod to eth0’s as well; never at an ENI', () => {
    for (const flow of ['same-node', 'frontend-1-to-metrics-1']) {
      const w = see(id, flow)
      expect(taps(w, 'SYN').map((x) => x.replace(/eni\w+/, 'eni*'))).toEqual([
        'web-app-frontend-1/eth0 out',
        'node-1/eni* in',
        'node-1/eni* out',
        expect.stringMatching(/\/eth0 in$/),
      ])
      expect(arrivalTtl(w, 'SYN')).toBe(63)
      expect(inVpc(w)).toEqual([])
    }
  })
  it('cold: the pod asks nobody; the node asks for the pod with its primary address', () => {
    const w = see(id, 'same-node', { cold: true })
    const asked = w.frames
      .filter((f) => f.dir === 'out' && find(f.packet, 'arp')?.op === 'request')
      .map((f) => [f.in, find(f.packet, 'arp')!.spa, find(f.packet, 'arp')!.tpa])
    expect(asked[0]).toEqual(['node-1', '192.168.0.100', '192.168.0.112'])
    expect(asked.filter(([ns]) => ns === 'web-app-frontend-1')).toEqual([])
  })
  it('from the secondary ENI to a pod of the same subnet: by the router; the answer of a primary ENI’s pod comes to eth1 directly', () => {
    const w = see(id, 'frontend-1-to-metrics-2')
    expect(arrivalTtl(w, 'SYN')).toBe(62)
    expect(framesOf(w, 'SYN').find((f) => f.dev === 'eth1')!.packet.headers[0]).toMatchObject({
      dst:
        see(id, 'ping').frames.find((f) => f.dev === 'eth1' && f.dir === 'out')!.packet.headers[0]!
          .kind === 'ethernet'
          ? (
              see(id, 'ping').frames.find((f) => f.dev === 'eth1' && f.dir === 'out')!.packet
                .headers[0] as { dst: string }
            ).dst
          : '',
    })
    expect(taps(w, 'SYN-ACK')).toContain('node-2/eth0 out')
    expect(taps(w, 'SYN-ACK')).toContain('node-1/eth1 in')
    expect(arrivalTtl(w, 'SYN-ACK')).toBe(62)
  })
  it('to the internet from eth1’s pod: mark 0x80 beats rule 1536, it leaves eth0 with the primary address and a port drawn anew, then one to one', () => {
    const w = see(id, 'to-internet', { flow: { sport: 40006 } })
    expect(w.delivered).toBe(true)
    const out = framesOf(w, 'SYN').find((f) => f.in === 'node-1' && f.dir === 'out')!
    expect([out.dev, ips(out)[0]!.src, ips(out)[0]!.ttl]).toEqual(['eth0', '192.168.0.100', 63])
    expect(find(out.packet, 'tcp')!.sport).not.toBe(40006)
    expect(ips(framesOf(w, 'SYN').at(-1)!)[0]).toMatchObject({ src: '198.51.100.100', ttl: 63 })
    const n = w.after.edited.get('node-1')
    expect(n?.kind === 'netns' && n.conntrack.map((c) => c.mark)).toContain(0x80)
    const back = framesOf(w, 'SYN-ACK')
    expect([back.at(-1)!.in, ips(back.at(-1)!)[0]!.ttl]).toEqual(['web-app-frontend-1', 63])
  })
  it.each<[string, string, Change, string]>([
    [
      'ttl1: the primary address answers, the veth has none',
      'ping',
      { flow: { ttl: 1 } },
      'ICMP 11/0 from 192.168.0.100',
    ],
    [
      'ttl1 on the same node too',
      'same-node',
      { flow: { ttl: 1 } },
      'ICMP 11/0 from 192.168.0.100',
    ],
    [
      'ttl2: the VPC does not count, the next node answers',
      'ping',
      { flow: { ttl: 2 } },
      'ICMP 11/0 from 192.168.0.200',
    ],
    [
      'missing to-rule 512, for a pod of eth0: found in main all the same',
      'frontend-1-to-metrics-1',
      {
        edits: [
          {
            op: 'del',
            in: 'node-1',
            table: 'rules',
            where: { priority: 512, to: '192.168.0.101/32' },
          },
        ],
      },
      'ICMP 11/0 from 192.168.0.100',
    ],
    [
      'missing to-rule 512: podC to podA loops until 11/0',
      'same-node',
      { whatIf: 'delete-rule-512' },
      'ICMP 11/0 from 192.168.0.100',
    ],
    [
      '169.254.1.1 is not the pod’s to ping: SNATed and sent to the VPC, where nobody has it',
      'ping',
      { flow: { to: '169.254.1.1' } },
      'silence: vpc-unknown-address in vpc',
    ],
    [
      'permanent neighbour lost: the pod asks, the host does not answer',
      'ping',
      { whatIf: 'delete-neigh' },
      'ICMP 3/1 from 192.168.0.111',
    ],
  ])('%s', (_, flow, c, what) => expect(told(see(id, flow, c))).toBe(what))
  it('an unassigned address of the subnet, from eth0’s pod: three questions that the VPC does not answer, 3/1 from the primary address', () => {
    const w = see(id, 'ping', { flow: { ...pod, to: '192.168.0.77' }, cold: true })
    expect(w.messages.filter((m) => labelOf(m) === 'who-has 192.168.0.77')).toHaveLength(3)
    expect(told(w)).toBe('ICMP 3/1 from 192.168.0.100')
  })
  it('9001 with DF to the internet: 3/4 mtu 1500 from the router, the quote is the pod’s own packet', () => {
    const eni = 'eni2a1b4577390'
    const w = see(id, 'ping', {
      flow: { to: '203.0.113.10', size: 8000, df: true },
      edits: [
        mtu('web-app-frontend-1', 'eth0', 9001),
        mtu('node-1', eni, 9001),
        mtu('node-1', 'eth0', 9001),
      ],
    })
    expect(told(w)).toBe('ICMP 3/4 mtu 1500 from 192.168.0.1')
    expect(find(quoted(w, 'fragmentation needed'), 'ipv4')).toMatchObject({
      src: '192.168.0.111',
      dst: '203.0.113.10',
    })
  })
  it('strict rp_filter on eth0 loses what a NodePort brought for eth1’s pod; loose does not', () => {
    const nodePort: Edit = {
      op: 'add',
      in: 'node-1',
      table: 'netfilter',
      row: {
        table: 'nat',
        chain: 'PREROUTING',
        proto: 'tcp',
        dport: 30080,
        dstType: 'LOCAL',
        target: { type: 'DNAT', to: '192.168.0.111', port: 8080 },
      },
    }
    const open: Edit = {
      op: 'add',
      in: 'vpc',
      table: 'sgRules',
      row: {
        group: 'sg-node',
        direction: 'ingress',
        proto: 'tcp',
        ports: [30080, 30080],
        peer: '0.0.0.0/0',
      },
    }
    const from = {
      from: 'internet',
      to: '198.51.100.100',
      proto: 'tcp',
      dport: 30080,
      size: 18,
    } as const
    const loose = see(id, 'ping', { flow: from, edits: [nodePort, open] })
    expect(told(loose)).toMatch(/^reply/)
    expect(taps(loose, 'SYN-ACK')).toContain('node-1/eth0 out')
    expect(
      told(
        see(id, 'ping', {
          flow: from,
          edits: [nodePort, open, sysctl('node-1', 'net.ipv4.conf.eth0.rp_filter', 1)],
        }),
      ),
    ).toBe('silence: rp-filter in node-1')
  })
})

it('a pod with an MTU of its own learns 3/4 once and then cuts what it sends', () => {
  const edits = podMtu('web-app-frontend-1', 'veth0', 'node-1', 1500)
  const w = see('flannel-vxlan', 'ping', { edits, flow: { size: 1472, df: true } })
  const pod = w.after.edited.get('web-app-frontend-1')
  expect(pod?.kind === 'netns' && pod.routes.filter((r) => r.table === 'cache')).toEqual([
    { table: 'cache', dst: '10.1.20.3/32', mtu: 1450 },
  ])
})
