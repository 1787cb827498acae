import { describe, expect, it } from 'vitest'
import { applyAll } from '#lib/topology/apply.ts'
import type { Edit } from '#lib/topology/edit.ts'
import { netns, type Netns } from '#lib/topology/topology.ts'
import { walk } from '#lib/walk/walk.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { ping, tcp } from '#lib/worlds/cluster/seed.ts'
import { CHECK_OFF, setDev, setSysctl } from '#lib/worlds/what-ifs.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { labelOf } from '#lib/words/index.ts'

/* What Linux does on the way and a walk's end does not show; each was seen on a kernel (test/verify). */

const [CLIENT, NEAR] = ['web-app-frontend-1', 'backend-service-1'] as const
const through = (world: string, edits: readonly Edit[], flow: Flow): Walk =>
  walk(applyAll(SCENARIOS[world]!.topology, edits), flow)
const after = (w: Walk, name: string): Netns => netns(w.after, name)!
const udp = (from: string, to: Flow['to'], dport: number, size = 32): Flow => ({
  from,
  to,
  proto: 'udp',
  dport,
  size,
  ttl: 64,
})

describe('icmp', () => {
  it('no error is sent about an error', () => {
    const back: Edit[] = [
      { op: 'del', in: 'node-1', table: 'routes', where: { table: 'main', dst: '10.1.15.0/24' } },
      {
        op: 'add',
        in: 'node-1',
        table: 'routes',
        row: { table: 'main', dst: '10.1.15.0/24', type: 'unreachable' },
      },
    ]
    expect(
      through('flannel-vxlan', back, udp(CLIENT, '10.1.20.3', 9))
        .messages.filter((m) => m.kind === 'error')
        .map((m) => labelOf(m)),
    ).toEqual(['port unreachable'])
  })
  it('an error comes from the address that was asked, if that is the machine’s', () => {
    expect(through('flannel-vxlan', [], udp(CLIENT, '192.168.0.100', 9)).loss?.icmp?.from).toBe(
      '192.168.0.100',
    )
  })
  it('only the first fragment brings one', () => {
    const bare: Edit[] = netns(SCENARIOS['flannel-host-gw']!.topology, 'node-1')!
      .netfilter.toSorted((a, b) => Object.keys(b).length - Object.keys(a).length)
      .map((row): Edit => ({ op: 'del', in: 'node-1', table: 'netfilter', where: { ...row } }))
    const nowhere: Edit = {
      op: 'add',
      in: 'node-1',
      table: 'routes',
      row: { table: 'main', dst: '10.99.0.0/16', type: 'unreachable' },
    }
    const w = through(
      'flannel-host-gw',
      [...bare, nowhere, setSysctl('node-1', 'net.bridge.bridge-nf-call-iptables', 0)],
      ping(CLIENT, '10.99.0.1', 3000),
    )
    expect(w.steps.filter((s) => s.drop?.reason === 'unreachable-route').length).toBe(3)
    expect(w.messages.filter((m) => m.kind === 'error').map((m) => labelOf(m))).toEqual([
      'host unreachable',
    ])
  })
  it('a path MTU is learned by who sent what was too large, and by nobody else', () => {
    const as = (src: `${number}.${number}.${number}.${number}`): Edit => ({
      op: 'add',
      in: CLIENT,
      table: 'netfilter',
      row: { table: 'nat', chain: 'POSTROUTING', oif: 'eth0', target: { type: 'SNAT', to: src } },
    })
    const tooLarge = [setDev('node-1', 'flannel.1', { mtu: 1400 })]
    const cached = (w: Walk, name: string): unknown =>
      after(w, name).routes.filter((r) => r.table === 'cache')
    const flow = udp(CLIENT, '10.1.20.3', 9, 1400)
    expect(cached(through('flannel-vxlan', tooLarge, flow), CLIENT)).toMatchObject([
      { dst: '10.1.20.3/32', mtu: 1400 },
    ])
    const w = through('flannel-vxlan', [...tooLarge, as('10.1.15.3')], flow)
    expect(w.steps.some((s) => s.in === NEAR && s.stage === 'icmp')).toBe(true)
    expect(cached(w, NEAR)).toEqual([])
  })
})

describe('arp', () => {
  it('a machine answers for each of its addresses, whatever the device', () => {
    const onLink: Edit = {
      op: 'add',
      in: CLIENT,
      table: 'routes',
      row: { table: 'main', dst: '192.168.0.100/32', dev: 'eth0', scope: 'link' },
    }
    expect(through('flannel-vxlan', [onLink], ping(CLIENT, '192.168.0.100')).delivered).toBe(true)
  })
})

describe('connections', () => {
  it('a reset closes what it belongs to', () => {
    const original = { src: '10.1.15.2', dst: '10.1.20.3', sport: 40_000, dport: 9 } as const
    const known: Edit = {
      op: 'add',
      in: 'node-2',
      table: 'conntrack',
      row: {
        proto: 'tcp',
        original,
        reply: { src: '10.1.20.3', dst: '10.1.15.2', sport: 9, dport: 40_000 },
        mark: 0,
        replied: true,
        state: 'ESTABLISHED',
      },
    }
    expect(
      after(
        through('flannel-vxlan', [known], { ...tcp(CLIENT, '10.1.20.3', 9), sport: 40_000 }),
        'node-2',
      ).conntrack.filter((c) => c.original.sport === 40_000),
    ).toMatchObject([{ state: 'CLOSE' }])
  })
  it('a reset is not answered, whoever gets it', () => {
    const as: Edit = {
      op: 'add',
      in: CLIENT,
      table: 'netfilter',
      row: {
        table: 'nat',
        chain: 'POSTROUTING',
        oif: 'eth0',
        target: { type: 'SNAT', to: '10.1.15.3' },
      },
    }
    const w = through('flannel-vxlan', [as], tcp(CLIENT, '10.1.20.3', 9))
    expect(
      w.steps.some((s) => s.in === NEAR && s.packet.headers.some((h) => h.kind === 'tcp')),
    ).toBe(true)
    expect(w.messages.filter((m) => labelOf(m) === 'RST').length).toBe(1)
  })
})

describe('translation', () => {
  it('MASQUERADE takes the address that is near the next hop, not the first', () => {
    const two: Edit = {
      op: 'set',
      in: 'node-1',
      table: 'devs',
      where: { name: 'eth0' },
      to: { addrs: ['10.50.0.1/24', '192.168.0.100/24'] },
    }
    const w = through('flannel-vxlan', [two], ping(CLIENT, '192.168.0.200'))
    const left = w.frames.find(
      (f) =>
        f.in === 'node-1' &&
        f.dev === 'eth0' &&
        f.dir === 'out' &&
        f.packet.headers.some((h) => h.kind === 'icmp'),
    )
    expect(left?.packet.headers.find((h) => h.kind === 'ipv4')).toMatchObject({
      src: '192.168.0.100',
    })
  })
})

describe('bridges', () => {
  it('one that is deleted takes its forwarding entries with it', () => {
    const { after: done } = through('flannel-vxlan', [], ping(CLIENT, '10.1.15.3'))
    expect(netns(done, 'node-1')!.fdb.some((f) => f.master === 'docker0')).toBe(true)
    expect(
      netns(
        applyAll(done, [{ op: 'del', in: 'node-1', table: 'devs', where: { name: 'docker0' } }]),
        'node-1',
      )!.fdb.filter((f) => f.master === 'docker0'),
    ).toEqual([])
  })
  it.each([
    ['veth0', 'where the frame comes in', 'xmit'],
    ['veth1', 'where it leaves', 'bridge'],
  ])(
    'a port takes four bytes more than its MTU, the room of a VLAN tag: %s, %s',
    (port, _, stage) => {
      const end = (mtu: number): unknown => {
        const w = through(
          'flannel-vxlan',
          [
            setSysctl('node-1', 'net.bridge.bridge-nf-call-iptables', 0),
            setDev('node-1', port, { mtu }),
          ],
          { ...ping(CLIENT, '10.1.15.3', 1422), df: true },
        )
        return w.loss === null ? null : [w.loss.drop.reason, w.steps[w.loss.step]!.stage]
      }
      expect([end(1446), end(1445)]).toEqual([null, ['over-mtu-link', stage]])
    },
  )
})

describe('fragments', () => {
  it('are forgotten once they were put together, and gathered anew when the packet comes round again', () => {
    const loop: Edit[] = [
      ...CHECK_OFF,
      { op: 'del', in: 'node-2', table: 'routes', where: { table: 'main', dst: '10.1.20.0/24' } },
      {
        op: 'add',
        in: 'node-2',
        table: 'routes',
        row: { table: 'main', dst: '10.1.20.0/24', dev: 'eth0', via: '192.168.0.100' },
      },
    ]
    const w = through('flannel-host-gw', loop, { ...ping(CLIENT, '10.1.20.3', 3000), ttl: 5 })
    const joined = w.steps.flatMap((s) =>
      s.in === 'node-1' && s.decision.kind === 'fragments' && s.decision.did === 'reassemble'
        ? [s.decision.sizes.length]
        : [],
    )
    expect(joined.length).toBeGreaterThan(1)
    expect(new Set(joined)).toEqual(new Set([3]))
  })
})

describe('routes', () => {
  it('one’s own mtu counts, not the device’s', () => {
    const w = through(
      'flannel-vxlan',
      [
        {
          op: 'add',
          in: 'node-1',
          table: 'routes',
          row: { table: 'main', dst: '192.168.0.200/32', dev: 'eth0', scope: 'link', mtu: 1300 },
        },
      ],
      { ...ping(CLIENT, '192.168.0.200', 1300), df: true },
    )
    expect(w.loss).toMatchObject({
      drop: { reason: 'too-big', mtu: 1300 },
      icmp: { type: 3, code: 4 },
    })
  })
})

describe('sources', () => {
  const spoofed: Edit = {
    op: 'add',
    in: CLIENT,
    table: 'netfilter',
    row: {
      table: 'nat',
      chain: 'POSTROUTING',
      oif: 'eth0',
      target: { type: 'SNAT', to: '10.1.15.1' },
    },
  }
  it.each([0, 1, 2])('one’s own address is refused whatever rp_filter says: %d', (mode) => {
    const strict: Edit = {
      op: 'add',
      in: 'node-1',
      table: 'sysctls',
      row: { key: 'net.ipv4.conf.docker0.rp_filter', value: mode },
    }
    expect(
      through('flannel-vxlan', [spoofed, strict], ping(CLIENT, '192.168.0.200')).loss,
    ).toMatchObject({ in: 'node-1', drop: { reason: 'local-source' } })
  })
  it('the way back to one is looked up without the packet’s mark (src_valid_mark is 0)', () => {
    const edits: Edit[] = [
      {
        op: 'add',
        in: 'node-1',
        table: 'sysctls',
        row: { key: 'net.ipv4.conf.docker0.rp_filter', value: 1 },
      },
      {
        op: 'add',
        in: 'node-1',
        table: 'netfilter',
        row: {
          table: 'mangle',
          chain: 'PREROUTING',
          iif: 'docker0',
          target: { type: 'MARK', op: 'set', value: 1, mask: 0xffffffff },
        },
      },
      {
        op: 'add',
        in: 'node-1',
        table: 'routes',
        row: { table: '100', dst: '0.0.0.0/0', via: '192.168.0.1', dev: 'eth0' },
      },
      {
        op: 'add',
        in: 'node-1',
        table: 'rules',
        row: {
          priority: 100,
          fwmark: { value: 1, mask: 0xffffffff },
          to: '10.1.15.0/24',
          table: '100',
        },
      },
    ]
    expect(
      through('flannel-vxlan', edits, ping(CLIENT, '192.168.0.200')).loss?.drop.reason,
    ).not.toBe('rp-filter')
  })
})

describe('marks', () => {
  const marked = (name: string, chain: 'OUTPUT' | 'POSTROUTING'): Edit => ({
    op: 'add',
    in: name,
    table: 'netfilter',
    row: {
      table: 'mangle',
      chain,
      target: { type: 'MARK', op: 'set', value: 1, mask: 0xffffffff },
    },
  })
  const nowhere: readonly Edit[] = [
    {
      op: 'add',
      in: 'node-1',
      table: 'routes',
      row: { table: '100', dst: '0.0.0.0/0', type: 'blackhole' },
    },
    {
      op: 'add',
      in: 'node-1',
      table: 'rules',
      row: { priority: 100, fwmark: { value: 1, mask: 0xffffffff }, table: '100' },
    },
  ]
  it('a mark that OUTPUT sets has the way looked up again', () => {
    expect(
      through(
        'flannel-vxlan',
        [...nowhere, marked('node-1', 'OUTPUT')],
        ping('node-1', '192.168.0.200'),
      ).loss?.drop.reason,
    ).toBe('blackhole')
  })
  it('end at the veth: the other namespace knows nothing of them', () => {
    expect(
      through(
        'flannel-vxlan',
        [...nowhere, marked(CLIENT, 'POSTROUTING')],
        ping(CLIENT, '192.168.0.200'),
      ).delivered,
    ).toBe(true)
  })
})

describe('tunnels', () => {
  it('a VNI that no device has is not let in', () => {
    const other: Edit[] = [
      { op: 'set', in: 'node-2', table: 'devs', where: { name: 'flannel.1' }, to: { vni: 7 } },
    ]
    expect(through('flannel-vxlan', other, ping(CLIENT, '10.1.20.3')).loss).toMatchObject({
      in: 'node-2',
      drop: { reason: 'vxlan-unknown-vni', vni: 1 },
    })
  })
  it('VXLAN’s outer header may be fragmented, whatever the inner one says, and copies of its TOS only ECN', () => {
    const w = through('flannel-vxlan', [], { ...ping(CLIENT, '10.1.20.3'), df: true, tos: 0xb9 })
    const outer = w.frames.flatMap((f) => {
      const at = f.packet.headers.findIndex((h) => h.kind === 'vxlan')
      const ip = f.packet.headers[at - 2]
      return ip?.kind === 'ipv4' ? [ip] : []
    })
    expect(outer.length).toBeGreaterThan(0)
    expect(new Set(outer.map((ip) => `${ip.df} ${ip.tos}`))).toEqual(new Set(['false 1']))
  })
})

describe('the internet gateway', () => {
  it('knows a public address for the primary private one only', () => {
    const { edits } = SCENARIOS['vpc-cni']!.whatIfs['no-snat']!
    expect(through('vpc-cni', edits, ping('node-1', '203.0.113.10')).delivered).toBe(true)
    expect(through('vpc-cni', edits, ping('metrics-1', '203.0.113.10')).loss?.drop.reason).toBe(
      'vpc-no-public-address',
    )
  })
})

describe('the VPC’s ARP', () => {
  it('answers for the asker’s subnet only', () => {
    const apart: Edit[] = [
      {
        op: 'add',
        in: 'vpc',
        table: 'subnets',
        row: {
          id: 'subnet-z',
          cidr: '192.168.9.0/24',
          routeTable: 'rtb-main',
          router: { ip: '192.168.9.1', mac: '0e:00:c0:a8:09:01' },
        },
      },
      {
        op: 'set',
        in: 'vpc',
        table: 'enis',
        where: { id: 'eni-node-2-eth0' },
        to: { subnet: 'subnet-z' },
      },
    ]
    expect(through('flannel-vxlan', [], ping('node-1', '192.168.0.200')).delivered).toBe(true)
    expect(through('flannel-vxlan', apart, ping('node-1', '192.168.0.200')).loss?.drop.reason).toBe(
      'neigh-failed',
    )
  })
})
