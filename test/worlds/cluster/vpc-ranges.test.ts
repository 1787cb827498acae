import { describe, expect, it } from 'vitest'
import { ruleText } from '#lib/topology/tables/netfilter/row.ts'
import { netns, vpc } from '#lib/topology/topology.ts'
import { validate } from '#lib/topology/validate.ts'
import { walk } from '#lib/walk/walk.ts'
import { resolveFlow } from '#lib/worlds/cluster/resolve.ts'
import { changing, type Change } from './made.ts'

/* A VPC with several ranges (AssociateVpcCidrBlock), and what a plugin writes of each: a RETURN of its SNAT, or a rung of the ladder (aws.md 1.5, 1.9). */

const FILE = {
  'packet-walk': 1,
  network: 'vpc-cni',
  vpc: {
    cidr: '192.168.0.0/16',
    secondaryCidrs: ['100.64.0.0/16', '10.7.0.0/16'],
    subnets: [
      { name: 'a', cidr: '192.168.0.0/24' },
      { name: 'b', cidr: '100.64.0.0/20' },
    ],
  },
  nodes: [
    { name: 'n1', subnet: 'a' },
    { name: 'n2', subnet: 'b' },
  ],
  pods: [
    { name: 'a', node: 'n1' },
    { name: 'b', node: 'n2' },
  ],
}
const { made, problems } = changing(FILE)
const t = made()
const snat = (change: Change): readonly string[] =>
  netns(made(change), 'n1')!
    .netfilter.filter((r) => r.chain.startsWith('AWS-'))
    .map((r) => ruleText(r).replace(/ -m comment --comment "[^"]*"/, ''))

describe('several ranges of a VPC', () => {
  it('are local in every route table', () =>
    expect(vpc(t, 'vpc')!.vpcRoutes.flatMap((r) => (r.target === 'local' ? [r.dst] : []))).toEqual([
      '192.168.0.0/16',
      '100.64.0.0/16',
      '10.7.0.0/16',
    ]))
  it('are left as they are by the plugin, the last one first', () =>
    expect(snat({})).toEqual([
      '-A AWS-CONNMARK-CHAIN-0 -d 10.7.0.0/16 -j RETURN',
      '-A AWS-CONNMARK-CHAIN-0 -d 100.64.0.0/16 -j RETURN',
      '-A AWS-CONNMARK-CHAIN-0 -d 192.168.0.0/16 -j RETURN',
      '-A AWS-CONNMARK-CHAIN-0 -j CONNMARK --set-xmark 0x80/0x80',
      '-A AWS-SNAT-CHAIN-0 -d 10.7.0.0/16 -j RETURN',
      '-A AWS-SNAT-CHAIN-0 -d 100.64.0.0/16 -j RETURN',
      '-A AWS-SNAT-CHAIN-0 -d 192.168.0.0/16 -j RETURN',
      '-A AWS-SNAT-CHAIN-0 ! -o vlan+ -m addrtype ! --dst-type LOCAL -j SNAT --to-source 192.168.0.10 --random-fully',
    ]))
  it('v1.3 has a chain and a rule 1536 for each', () => {
    const v1 = { 'vpc-cni': { version: 'v1.3' } }
    expect(snat(v1)).toEqual([
      '-A AWS-SNAT-CHAIN-0 ! -d 192.168.0.0/16 -j AWS-SNAT-CHAIN-1',
      '-A AWS-SNAT-CHAIN-1 ! -d 100.64.0.0/16 -j AWS-SNAT-CHAIN-2',
      '-A AWS-SNAT-CHAIN-2 ! -d 10.7.0.0/16 -j AWS-SNAT-CHAIN-3',
      '-A AWS-SNAT-CHAIN-3 -m addrtype ! --dst-type LOCAL -j SNAT --to-source 192.168.0.10',
    ])
    expect(
      netns(made(v1), 'n1')!
        .rules.filter((r) => r.priority === 1536)
        .map((r) => r.to),
    ).toEqual(['192.168.0.0/16', '100.64.0.0/16', '10.7.0.0/16'])
  })
  it('is valid', () => expect(validate(t)).toEqual([]))
  it.each([
    ['v1.23', '192.168.0.11'],
    ['v1.3', '192.168.0.11'],
    // It knows the first range only: each node takes what is for another to be outside, and the pod’s own translates too.
    ['v1.0', '100.64.0.10'],
  ])('%s: from one into another, the pod is seen as %s', (version, seen) => {
    const t = made({ 'vpc-cni': { version } })
    const w = walk(t, resolveFlow(t, { from: 'a', to: 'b:8080' }))
    const there = w.frames.filter((f) => f.in === 'b' && f.dir === 'in')
    expect([
      w.delivered,
      ...new Set(
        there.flatMap((f) => f.packet.headers.flatMap((h) => (h.kind === 'ipv4' ? h.src : []))),
      ),
    ]).toEqual([true, seen])
  })
  it.each(['lyft-ipvlan', 'flannel-vxlan'])('%s too', (network) => {
    const other = made({ network })
    expect(walk(other, resolveFlow(other, { from: 'n1', to: 'n2' })).delivered).toBe(true)
  })
  it('Lyft’s pods have a route to each', () =>
    expect(
      netns(made({ network: 'lyft-ipvlan' }), 'a')!
        .routes.filter((r) => r.via === '192.168.0.1')
        .map((r) => r.dst),
    ).toEqual(['192.168.0.0/16', '100.64.0.0/16', '10.7.0.0/16']))
})

describe('what cannot be', () => {
  it.each<[string, object, string]>([
    [
      'ranges that overlap',
      { secondaryCidrs: ['192.168.128.0/17'], subnets: [] },
      'vpc.secondaryCidrs[0]: 192.168.128.0/17 overlaps vpc.cidr; give it a range of its own',
    ],
    [
      'a range that nobody has',
      { secondaryCidrs: ['127.0.0.0/8'], subnets: [] },
      'vpc.secondaryCidrs[0]: no machine has an address of 127.0.0.0/8; choose a private range, such as 10.1.0.0/16',
    ],
    [
      'a peered VPC with one of them',
      {
        secondaryCidrs: ['100.64.0.0/16'],
        subnets: [],
        peerings: [{ id: 'pcx-1', cidr: '100.64.0.0/20' }],
      },
      'vpc.peerings[0].cidr: 100.64.0.0/20 overlaps 100.64.0.0/16',
    ],
  ])('%s', (_, more, said) =>
    expect(
      problems({ vpc: { cidr: '192.168.0.0/16', ...more }, nodes: [{ name: 'n1' }], pods: [] })[0],
    ).toContain(said),
  )
  it('a Service or a host in one of them', () => {
    const of = { services: [{ name: 's', port: 80, ip: '100.64.9.9', pods: ['a'] }] }
    expect(problems(of)[0]).toContain('100.64.9.9 is inside the VPC 100.64.0.0/16')
    expect(problems({ hosts: [{ name: 'h', ip: '10.7.0.9' }] })[0]).toContain('10.7.0.0/16')
  })
})
