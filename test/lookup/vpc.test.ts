import { describe, expect, it } from 'vitest'
import type { AclRule, Eni, SgRule } from '#lib/topology/rows.ts'
import { emptyVpc, type Vpc } from '#lib/topology/topology.ts'
import { aclVerdict } from '#lib/lookup/acl.ts'
import { sgAllows, type VpcQuestion } from '#lib/lookup/security-group.ts'
import {
  eniById,
  eniByMac,
  eniByPublicIp,
  eniOf,
  outsideHost,
  subnetById,
  subnetOf,
  vpcRoute,
} from '#lib/lookup/vpc-route.ts'
import { ip } from './spaces.ts'

const eni = (id: string, n: number, ips: string[], groups: string[]): Eni => ({
  id,
  subnet: 'subnet-a',
  mac: `0a:00:00:00:00:0${n}` as Eni['mac'],
  ips: ips.map(ip),
  groups,
  sourceDestCheck: true,
  attached: { netns: id, dev: 'eth0' },
})
const WEB = eni('eni-web', 1, ['192.168.0.100', '192.168.0.111'], ['sg-node'])
const DB: Eni = {
  ...eni('eni-db', 2, ['192.168.1.10'], ['sg-db', 'sg-icmp']),
  publicIp: '198.51.100.7',
}
const sg = (group: string, change: Partial<SgRule>): SgRule => ({
  group,
  direction: 'ingress',
  proto: 'tcp',
  peer: '0.0.0.0/0',
  ...change,
})
const acl = (number: number, change: Partial<AclRule>): AclRule => ({
  subnet: 'subnet-a',
  direction: 'ingress',
  number,
  proto: 'all',
  cidr: '0.0.0.0/0',
  action: 'allow',
  ...change,
})
const v: Vpc = {
  ...emptyVpc('vpc-1', ['192.168.0.0/16']),
  enis: [WEB, DB],
  subnets: [
    {
      id: 'subnet-a',
      cidr: '192.168.0.0/24',
      routeTable: 'rtb-1',
      router: { ip: '192.168.0.1', mac: '0a:00:00:00:ff:01' },
    },
    {
      id: 'subnet-b',
      cidr: '192.168.1.0/24',
      routeTable: 'rtb-2',
      router: { ip: '192.168.1.1', mac: '0a:00:00:00:ff:02' },
    },
  ],
  vpcRoutes: [
    { routeTable: 'rtb-1', dst: '0.0.0.0/0', target: 'igw-1' },
    { routeTable: 'rtb-1', dst: '192.168.0.0/16', target: 'local' },
    { routeTable: 'rtb-1', dst: '10.1.20.0/24', target: 'eni-db' },
    { routeTable: 'rtb-2', dst: '0.0.0.0/0', target: 'igw-1' },
  ],
  sgRules: [
    sg('sg-db', { ports: [3306, 3306], peer: 'sg-node' }),
    sg('sg-db', { proto: 'udp', ports: [53, 53], peer: '10.0.0.0/8' }),
    sg('sg-icmp', { proto: 'icmp', peer: '192.168.0.0/16' }),
    sg('sg-node', { direction: 'egress', proto: 'all' }),
    sg('sg-node', { ports: [1000, 2000] }),
  ],
  aclRules: [
    acl(200, { action: 'allow' }),
    acl(100, { proto: 'tcp', ports: [22, 22], action: 'deny' }),
    acl(90, { proto: 'tcp', ports: [22, 22], cidr: '10.0.0.0/8', action: 'allow' }),
    acl(100, { direction: 'egress', cidr: '10.0.0.0/8' }),
  ],
  gateways: [{ id: 'igw-1', kind: 'igw', mtu: 1500 }],
  outside: [
    {
      gateway: 'igw-1',
      ip: '203.0.113.5',
      mac: '0a:00:00:00:ee:01',
      attached: { netns: 'www', dev: 'eth0' },
    },
  ],
}
const q = (change: Partial<VpcQuestion>): VpcQuestion => ({
  proto: 6,
  sport: 40000,
  dport: 3306,
  src: '192.168.0.111',
  dst: '192.168.1.10',
  ...change,
})

describe('security groups', () => {
  const cases: [string, Eni, 'ingress' | 'egress', Partial<VpcQuestion>, number | null][] = [
    ['a group as peer, by a secondary address', DB, 'ingress', {}, 0],
    ['a group as peer does not mean others', DB, 'ingress', { src: '192.168.0.50' }, null],
    ['the port is the destination port', DB, 'ingress', { dport: 3307, sport: 3306 }, null],
    ['a prefix as peer', DB, 'ingress', { proto: 17, dport: 53, src: '10.4.5.6' }, 1],
    [
      'a prefix that does not contain it',
      DB,
      'ingress',
      { proto: 17, dport: 53, src: '11.4.5.6' },
      null,
    ],
    [
      'the second group of an interface counts too',
      DB,
      'ingress',
      { proto: 1, sport: 7, dport: 7 },
      2,
    ],
    ['all protocols out', WEB, 'egress', { proto: 47 }, 3],
    ['nothing out without a rule', DB, 'egress', {}, null],
    ['the first port of a range', WEB, 'ingress', { dport: 1000 }, 4],
    ['the last port of a range', WEB, 'ingress', { dport: 2000 }, 4],
    ['past the range', WEB, 'ingress', { dport: 2001 }, null],
  ]
  it.each(cases)('%s', (_, e, direction, change, row) =>
    expect(sgAllows(v, { eni: e, direction }, q(change)).matched).toBe(row),
  )
  it('tell which rules did not fit', () => {
    expect(sgAllows(v, { eni: DB, direction: 'ingress' }, q({ dport: 1 }))).toEqual({
      matched: null,
      rejected: [0, 1, 2],
    })
    expect(sgAllows(v, { eni: { ...DB, groups: [] }, direction: 'ingress' }, q({}))).toEqual({
      matched: null,
      rejected: [],
    })
  })
  it('follow an interface that changes its groups', () => {
    const after: Vpc = { ...v, enis: [{ ...WEB, groups: ['sg-other'] }, DB] }
    expect(sgAllows(after, { eni: DB, direction: 'ingress' }, q({})).matched).toBeNull()
    expect(sgAllows(v, { eni: DB, direction: 'ingress' }, q({})).matched).toBe(0)
  })
})

describe('network ACLs', () => {
  it.each([
    ['subnet-a', 'ingress', { dport: 80 }, 0, 'allow'],
    ['subnet-a', 'ingress', { dport: 22 }, 1, 'deny'],
    ['subnet-a', 'ingress', { dport: 22, src: '10.1.1.1' }, 2, 'allow'],
    ['subnet-a', 'egress', { dst: '10.1.1.1' }, 3, 'allow'],
    ['subnet-a', 'egress', { dst: '11.1.1.1' }, null, 'deny'],
    ['subnet-b', 'egress', {}, null, 'allow'],
  ] as const)('%s %s %o: row %s, %s', (subnet, direction, change, matched, action) =>
    expect(aclVerdict(v, { subnet, direction }, q(change))).toEqual({ matched, action }),
  )
})

describe('routes and mappings', () => {
  it.each([
    ['rtb-1', '8.8.8.8', 0, [], 'igw-1'],
    ['rtb-1', '192.168.1.10', 1, [0], 'local'],
    ['rtb-1', '10.1.20.3', 2, [0], 'eni-db'],
    ['rtb-2', '192.168.1.10', null, [3], 'local'],
    ['rtb-2', '10.1.20.3', 3, [], 'igw-1'],
    ['rtb-9', '10.1.20.3', null, [], null],
    ['rtb-9', '192.168.3.3', null, [], 'local'],
  ])('%s sends %s by row %s', (table, dst, matched, rejected, target) =>
    expect(vpcRoute(v, table, dst)).toEqual({ matched, rejected, target }),
  )
  it('find interfaces, subnets and hosts beyond', () => {
    expect([
      eniOf(v, '192.168.0.111'),
      eniOf(v, '192.168.1.10'),
      eniOf(v, '192.168.0.112'),
      eniOf(v, '198.51.100.7'),
    ]).toEqual([0, 1, -1, -1])
    expect([
      eniById(v, 'eni-db'),
      eniById(v, 'eni-x'),
      eniByMac(v, '0a:00:00:00:00:02'),
      eniByMac(v, '0a:00:00:00:00:03'),
    ]).toEqual([1, -1, 1, -1])
    expect([eniByPublicIp(v, '198.51.100.7'), eniByPublicIp(v, '192.168.1.10')]).toEqual([1, -1])
    expect([
      subnetOf(v, '192.168.1.77'),
      subnetOf(v, '192.168.2.1'),
      subnetById(v, 'subnet-b'),
      subnetById(v, 'subnet-c'),
    ]).toEqual([1, -1, 1, -1])
    expect([
      outsideHost(v, 'igw-1', '203.0.113.5'),
      outsideHost(v, 'igw-2', '203.0.113.5'),
      outsideHost(v, 'igw-1', '203.0.113.6'),
    ]).toEqual([0, -1, -1])
  })
})
