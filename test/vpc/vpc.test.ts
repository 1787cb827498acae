import { describe, expect, it } from 'vitest'
import type { Cidr, Address, Mac } from '#lib/wire/addr.ts'
import type { NfRule, Route, Eni } from '#lib/topology/rows.ts'
import { emptyNetns, emptyVpc, fromSpaces, type Netns, type Vpc } from '#lib/topology/topology.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { walk } from '#lib/walk/walk.ts'

const mac = (n: string) => `0a:00:00:00:00:${n}` as Mac
/** A host with one NIC on eth0 and a default route to the router of its subnet. */
function host(
  name: string,
  addr: Cidr,
  router: Address,
  n: string,
  wire: { vpc: string; eni: string } | { vpc: string; gateway: string },
): Netns {
  const routes: Route[] = [
    { table: 'main', dst: '0.0.0.0/0', via: router, dev: 'eth0', onlink: true },
    {
      table: 'main',
      dst: `${addr.split('/')[0]!.replace(/\.\d+$/, '.0') as Address}/24`,
      dev: 'eth0',
      scope: 'link',
    },
  ]
  return {
    ...emptyNetns(name, name, 'host'),
    routes,
    devs: [
      {
        kind: 'loopback',
        name: 'lo',
        mac: '00:00:00:00:00:00',
        mtu: 65536,
        up: true,
        addrs: ['127.0.0.1/8'],
      },
      { kind: 'nic', name: 'eth0', mac: mac(n), mtu: 9001, up: true, addrs: [addr], wire },
    ],
    sockets: [
      { proto: 'udp', port: 5000, program: 'server' },
      { proto: 'tcp', port: 8080, program: 'server' },
    ],
  }
}
const eni = (
  id: string,
  subnet: string,
  n: string,
  ip: Address,
  group: string,
  netns: string,
  more: Partial<Eni> = {},
): Eni => ({
  id,
  subnet,
  mac: mac(n),
  ips: [ip],
  groups: [group],
  sourceDestCheck: true,
  attached: { netns, dev: 'eth0' },
  ...more,
})

const A = host('a', '192.168.0.10/24', '192.168.0.1', '0a', { vpc: 'vpc', eni: 'eni-a' })
const B = host('b', '192.168.0.11/24', '192.168.0.1', '0b', { vpc: 'vpc', eni: 'eni-b' })
const C = host('c', '192.168.1.10/24', '192.168.1.1', '0c', { vpc: 'vpc', eni: 'eni-c' })
const W: Netns = {
  ...host('www', '203.0.113.5/24', '203.0.113.1', '0d', { vpc: 'vpc', gateway: 'igw-1' }),
  neigh: [{ ip: '203.0.113.1', dev: 'eth0', lladdr: mac('f1'), state: 'PERMANENT' }],
}
const V: Vpc = {
  ...emptyVpc('vpc', ['192.168.0.0/16']),
  enis: [
    eni('eni-a', 'subnet-0', '0a', '192.168.0.10', 'sg-a', 'a', { publicIp: '198.51.100.10' }),
    eni('eni-b', 'subnet-0', '0b', '192.168.0.11', 'sg-b', 'b'),
    eni('eni-c', 'subnet-1', '0c', '192.168.1.10', 'sg-b', 'c'),
  ],
  subnets: [
    {
      id: 'subnet-0',
      cidr: '192.168.0.0/24',
      routeTable: 'rtb-0',
      router: { ip: '192.168.0.1', mac: mac('f1') },
    },
    {
      id: 'subnet-1',
      cidr: '192.168.1.0/24',
      routeTable: 'rtb-0',
      router: { ip: '192.168.1.1', mac: mac('f2') },
    },
  ],
  vpcRoutes: [
    { routeTable: 'rtb-0', dst: '192.168.0.0/16', target: 'local' },
    { routeTable: 'rtb-0', dst: '0.0.0.0/0', target: 'igw-1' },
  ],
  sgRules: [
    { group: 'sg-a', direction: 'egress', proto: 'all', peer: '0.0.0.0/0' },
    { group: 'sg-b', direction: 'ingress', proto: 'all', peer: 'sg-a' },
  ],
  gateways: [{ id: 'igw-1', kind: 'igw', mtu: 1500 }],
  outside: [
    {
      gateway: 'igw-1',
      ip: '203.0.113.5',
      mac: mac('0d'),
      attached: { netns: 'www', dev: 'eth0' },
    },
  ],
}
const flow = (change: Partial<Flow>): Flow => ({
  from: 'a',
  to: '192.168.0.11',
  proto: 'udp',
  dport: 5000,
  size: 32,
  ttl: 64,
  ...change,
})
const go = (f: Partial<Flow>, v: Vpc = V, hosts: Netns[] = [A, B, C, W]) =>
  walk(fromSpaces([...hosts, v]), flow(f))
/** The stages in the VPC that messages of the flow itself met, in order. */
const stages = (w: Walk) =>
  w.steps
    .filter((s) => s.in === 'vpc' && w.messages[s.message]?.kind === 'flow')
    .map((s) => s.stage)

describe('between two interfaces', () => {
  it('of a subnet no network ACL is asked', () => {
    const w = go({})
    expect(w.loss).toBeNull()
    expect(w.delivered).toBe(true)
    // B is found by ARP, so the frame goes to its MAC and the router's table is not asked either.
    const way = ['sg-egress', 'src-check', 'vpc-encap', 'sg-ingress', 'dst-check']
    expect(stages(w)).toEqual([...way, ...way])
  })
  it('of two subnets the ACLs stand between the checks and the routes', () => {
    const w = go({ to: '192.168.1.10' })
    expect(w.delivered).toBe(true)
    const way = [
      'sg-egress',
      'src-check',
      'acl-egress',
      'vpc-route',
      'vpc-encap',
      'acl-ingress',
      'sg-ingress',
      'dst-check',
    ]
    expect(stages(w)).toEqual([...way, ...way])
  })
  it('the answer passes because the question was tracked, not because a rule says so', () => {
    const w = go({ to: '192.168.1.10' })
    const tracked = w.steps.flatMap((s) =>
      s.decision.kind === 'security-group' ? [s.decision.tracked] : [],
    )
    expect(tracked).toEqual([false, false, true, true])
    const after = w.after.edited.get('vpc') as Vpc
    expect(after.sgFlows.map((f) => [f.eni, f.src, f.dst, f.dport])).toEqual([
      ['eni-a', '192.168.0.10', '192.168.1.10', 5000],
      ['eni-c', '192.168.0.10', '192.168.1.10', 5000],
    ])
    const reply = w.steps.filter((s) => s.decision.kind === 'security-group').at(-1)!
    expect(reply.decision).toMatchObject({ matched: { in: 'vpc', table: 'sgFlows', row: 0 } })
  })
  it('a TCP connection opens and closes', () => {
    expect(go({ proto: 'tcp', dport: 8080, to: '192.168.1.10' }).delivered).toBe(true)
  })
  it('the IP header and its TTL stay as they are', () => {
    const w = go({ to: '192.168.1.10', ttl: 7 })
    const last = w.frames.filter(
      (f) => f.in === 'c' && f.dir === 'in' && w.messages[f.message]?.kind === 'flow',
    )[0]!
    expect(last.packet.headers[0]).toMatchObject({ dst: mac('0c'), src: mac('f2') })
    expect(last.packet.headers[1]).toMatchObject({ ttl: 7, src: '192.168.0.10' })
  })
})

describe('a packet ends', () => {
  it('at the group of the sender', () =>
    expect(go({ from: 'b', to: '192.168.0.10' }).loss).toMatchObject({
      drop: { reason: 'security-group', direction: 'egress', eni: 'eni-b', groups: ['sg-b'] },
      icmp: null,
    }))
  it('at the group of the receiver', () =>
    expect(go({}, { ...V, sgRules: V.sgRules.slice(0, 1) }).loss?.drop).toMatchObject({
      reason: 'security-group',
      direction: 'ingress',
      eni: 'eni-b',
    }))
  it('at the ACL on the way out', () => {
    const v: Vpc = {
      ...V,
      aclRules: [
        {
          subnet: 'subnet-0',
          direction: 'egress',
          number: 100,
          proto: 'udp',
          cidr: '192.168.1.0/24',
          action: 'deny',
        },
      ],
    }
    expect(go({ to: '192.168.1.10' }, v).loss?.drop).toEqual({
      reason: 'network-acl',
      direction: 'egress',
      subnet: 'subnet-0',
      rule: { in: 'vpc', table: 'aclRules', row: 0 },
    })
    expect(go({}, v).delivered).toBe(true)
  })
  it('at the ACL that forgets the answer, because it is stateless', () => {
    const v: Vpc = {
      ...V,
      aclRules: [
        {
          subnet: 'subnet-1',
          direction: 'ingress',
          number: 100,
          proto: 'all',
          cidr: '0.0.0.0/0',
          action: 'allow',
        },
      ],
    }
    const w = go({ to: '192.168.1.10' }, v)
    expect(w.loss?.drop).toEqual({
      reason: 'network-acl',
      direction: 'egress',
      subnet: 'subnet-1',
      rule: null,
    })
    expect(w.messages[w.steps[w.loss!.step]!.message]?.leg).toBe('back')
  })
  it('at the source check, before any route; and not where it is off', () => {
    const src = { src: '10.1.15.2' as Address }
    const own = {
      ...A,
      devs: A.devs.map((d) =>
        d.name === 'lo' ? { ...d, addrs: [...d.addrs, '10.1.15.2/32' as Cidr] } : d,
      ),
    }
    const w = go(src, V, [own, B, C, W])
    expect(w.loss?.drop).toEqual({ reason: 'source-dest-check', eni: 'eni-a', ip: '10.1.15.2' })
    expect(stages(w)).toEqual(['sg-egress', 'src-check'])
    const off: Vpc = {
      ...V,
      enis: V.enis.map((e) => ({ ...e, sourceDestCheck: false })),
      sgRules: [
        V.sgRules[0]!,
        { group: 'sg-b', direction: 'ingress', proto: 'all', peer: '0.0.0.0/0' },
      ],
    }
    expect(stages(go(src, off, [own, B, C, W])).slice(0, 6)).toEqual([
      'sg-egress',
      'src-check',
      'vpc-encap',
      'sg-ingress',
      'dst-check',
      'sg-egress',
    ])
  })
  it('where nobody has the address', () =>
    expect(go({ to: '192.168.1.99' }).loss?.drop).toEqual({
      reason: 'vpc-unknown-address',
      dst: '192.168.1.99',
    }))
  it('where there is no route', () =>
    expect(go({ to: '8.8.8.8' }, { ...V, vpcRoutes: V.vpcRoutes.slice(0, 1) }).loss?.drop).toEqual({
      reason: 'vpc-no-route',
      dst: '8.8.8.8',
    }))
})

describe('the internet gateway', () => {
  it('translates one to one and back', () => {
    const w = go({ to: '203.0.113.5' })
    expect(w.loss).toBeNull()
    expect(w.delivered).toBe(true)
    const seen = w.frames.find(
      (f) => f.in === 'www' && f.dir === 'in' && w.messages[f.message]?.kind === 'flow',
    )!
    expect(seen.packet.headers[1]).toMatchObject({ src: '198.51.100.10', dst: '203.0.113.5' })
  })
  it('has nothing for an address without a public one', () => {
    const v: Vpc = {
      ...V,
      sgRules: [
        ...V.sgRules,
        { group: 'sg-b', direction: 'egress', proto: 'all', peer: '0.0.0.0/0' },
      ],
    }
    expect(go({ from: 'c', to: '203.0.113.5' }, v).loss?.drop).toEqual({
      reason: 'vpc-no-public-address',
      dst: '203.0.113.5',
    })
  })
  it('answers 3/4 from the router when DF is set and 1500 is exceeded', () => {
    const w = go({ to: '203.0.113.5', size: 3000, df: true })
    expect(w.loss).toMatchObject({
      drop: { reason: 'vpc-too-big', mtu: 1500, size: 3028 },
      icmp: { type: 3, code: 4, from: '192.168.0.1', mtu: 1500 },
    })
  })
  it('fragments without DF', () => {
    expect(go({ to: '203.0.113.5', size: 3000, df: false }).delivered).toBe(true)
  })
})

it('SNAT on a host changes what the VPC sees', () => {
  const snat: NfRule = {
    table: 'nat',
    chain: 'POSTROUTING',
    oif: 'eth0',
    target: { type: 'MASQUERADE' },
  }
  const own: Netns = {
    ...A,
    devs: A.devs.map((d) =>
      d.name === 'lo' ? { ...d, addrs: [...d.addrs, '10.1.15.2/32' as Cidr] } : d,
    ),
    netfilter: [snat],
  }
  expect(go({ src: '10.1.15.2' }, V, [own, B, C, W]).delivered).toBe(true)
})

describe('a peered VPC', () => {
  const P: Netns = {
    ...host('peer', '10.99.0.5/24', '10.99.0.1', '0e', { vpc: 'vpc', gateway: 'pcx-1' }),
    neigh: [{ ip: '10.99.0.1', dev: 'eth0', lladdr: mac('f3'), state: 'PERMANENT' }],
  }
  const peered: Vpc = {
    ...V,
    vpcRoutes: [...V.vpcRoutes, { routeTable: 'rtb-0', dst: '10.99.0.0/16', target: 'pcx-1' }],
    sgRules: [
      ...V.sgRules,
      { group: 'sg-a', direction: 'ingress', proto: 'udp', peer: '10.99.0.0/16' },
    ],
    peerings: [{ id: 'pcx-1', cidr: '10.99.0.0/16' }],
    outside: [
      ...V.outside,
      {
        gateway: 'pcx-1',
        ip: '10.99.0.5',
        mac: mac('0e'),
        attached: { netns: 'peer', dev: 'eth0' },
      },
    ],
  }
  const ask = (f: Partial<Flow>, v = peered) => go(f, v, [A, B, C, W, P])

  it('is reached by its route, and nothing of the IP packet changes on the way', () => {
    const w = ask({ to: '10.99.0.5', ttl: 7 })
    expect(w.delivered).toBe(true)
    expect(stages(w).slice(0, 5)).toEqual([
      'sg-egress',
      'src-check',
      'acl-egress',
      'vpc-route',
      'vpc-encap',
    ])
    const [out, into] = w.frames.filter(({ message }) => {
      const m = w.messages[message]!
      return m.kind === 'flow' && m.leg === 'forward'
    })
    expect(into).toMatchObject({ in: 'peer', dir: 'in' })
    expect(into!.packet.headers.slice(1)).toEqual(out!.packet.headers.slice(1))
    const mapped = w.steps.find((s) => s.stage === 'vpc-encap')!
    expect(mapped).toMatchObject({ dev: 'pcx-1', drop: null })
    expect(mapped.decision).toMatchObject({ peer: { table: 'outside', row: 1 } })
  })
  it('reaches private addresses, which need not be public', () => {
    const w = ask({ from: 'peer', to: '192.168.0.10' })
    expect(w.delivered).toBe(true)
    expect(stages(w).slice(0, 4)).toEqual(['vpc-encap', 'acl-ingress', 'sg-ingress', 'dst-check'])
  })
  it('is asked by the group like anybody else', () => {
    expect(ask({ from: 'peer', to: '192.168.0.11' }).loss?.drop.reason).toBe('security-group')
  })
  it('has no host but those that are known', () => {
    expect(ask({ to: '10.99.0.6' }).loss?.drop.reason).toBe('vpc-unknown-address')
    expect(ask({ from: 'peer', to: '192.168.0.77' }).loss?.drop.reason).toBe('vpc-unknown-address')
  })
})
