import { describe, expect, it } from 'vitest'
import { netns } from '#lib/topology/topology.ts'
import { routeText } from '#lib/topology/tables/routes/row.ts'
import { walk } from '#lib/walk/walk.ts'
import { caliName } from '#lib/worlds/calico/cni.ts'
import { clusterOf } from '#lib/worlds/all.ts'
import { ClusterError } from '#lib/worlds/cluster/file.ts'
import { resolveFlow } from '#lib/worlds/cluster/resolve.ts'

/* Cluster files with Calico in them. */

type Change = Readonly<Record<string, unknown>>
const FILE = {
  'packet-walk': 1,
  vpc: {
    subnets: [
      { name: 'a', cidr: '192.168.0.0/24' },
      { name: 'b', cidr: '192.168.1.0/24' },
    ],
  },
  nodes: [
    { name: 'one', ip: '192.168.0.10', sourceDestCheck: false },
    { name: 'two', ip: '192.168.0.20', sourceDestCheck: false },
    { name: 'far', ip: '192.168.1.30', podCidr: '10.1.99.128/25' },
  ],
  pods: [
    { name: 'p', node: 'one' },
    { name: 'q', node: 'two', ip: '10.1.0.127' },
    { name: 'r', node: 'far', listen: ['tcp/8080', 'udp/53'] },
  ],
  securityGroups: [
    {
      id: 'sg-node',
      ingress: [
        { proto: 'all', peer: 'sg-node' },
        { proto: 'all', peer: '10.1.0.0/16' },
      ],
      egress: [{ proto: 'all', peer: '0.0.0.0/0' }],
    },
  ],
}
const file = (network: string, change: Change = {}) => clusterOf({ ...FILE, network, ...change })
const problems = (network: string, change: Change): string[] => {
  try {
    file(network, change)
  } catch (error) {
    if (error instanceof ClusterError) return error.problems.map((p) => `${p.path}: ${p.message}`)
    throw error
  }
  return []
}
const NETWORKS = ['calico-ipip', 'calico-cross-subnet', 'calico-vxlan', 'calico-bgp'] as const

describe('a cluster file with Calico', () => {
  it.each(NETWORKS)('%s: nodes have the next free blocks of 64 addresses', (network) => {
    const { topology } = file(network)
    const own = (name: string): string[] =>
      netns(topology, name)!
        .routes.filter((r) => r.type === 'blackhole')
        .map((r) => r.dst)
    expect([own('one'), own('two'), own('far')]).toEqual([
      ['10.1.0.0/26'],
      ['10.1.0.64/26'],
      ['10.1.99.128/25'],
    ])
    expect(netns(topology, 'one')!.routes.map(routeText)).toContain(
      `10.1.0.2 dev ${caliName('p')} scope link`,
    )
  })
  it.each([
    ['calico-ipip', 'q', true],
    ['calico-ipip', 'r:8080', true],
    ['calico-cross-subnet', 'q', true],
    ['calico-cross-subnet', 'r', true],
    ['calico-vxlan', 'r:8080', true],
    ['calico-bgp', 'q', true],
    ['calico-bgp', 'r', false],
  ] as const)('%s: p reaches %s: %s', (network, to, reaches) => {
    const { topology } = file(network)
    expect(walk(topology, resolveFlow(topology, { from: 'p', to })).delivered).toBe(reaches)
  })
  it.each(NETWORKS)('%s: that only counts gives each node a block', (network) => {
    const { topology } = clusterOf({ 'packet-walk': 1, network, count: 3, podsPerNode: 62 })
    const { routes } = netns(topology, 'node-3')!
    expect(routes.filter((r) => r.type === 'blackhole').map((r) => r.dst)).toEqual(['10.0.2.0/26'])
    const flow = resolveFlow(topology, { from: 'node-1-pod-1', to: 'node-3-pod-62' })
    expect(flow.to).toBe('10.0.2.63')
  })
  it.each<[Change, string]>([
    [
      { bridge: 'cni0' },
      'bridge: calico-ipip has no bridge: pods are routed to; leave it out, or choose a flannel network',
    ],
    [
      { bridge: 'docker0' },
      'bridge: calico-ipip has no bridge: pods are routed to; leave it out, or choose a flannel network',
    ],
    [
      { hairpin: true },
      'hairpin: calico-ipip has no bridge: pods are routed to; leave it out, or choose a flannel network',
    ],
    [
      { pods: [{ name: 'p', node: 'one', publish: ['8080:80'] }] },
      'pods[0].publish: calico-ipip publishes no ports; leave it out, or choose docker-bridge, or a flannel network with bridge: cni0',
    ],
    [
      { 'vpc-cni': { externalSnat: true } },
      'vpc-cni: calico-ipip is not the VPC CNI; leave it out, or choose vpc-cni',
    ],
    [
      { pods: [{ name: 'p', node: 'one', ip: '10.1.0.0' }] },
      'pods[0].ip: 10.1.0.0 is the network’s in 10.1.0.0/26; choose 10.1.0.1 or a later one',
    ],
    [
      { pods: [{ name: 'p', node: 'one', ip: '10.1.0.64' }] },
      'pods[0].ip: 10.1.0.64 is outside one’s range 10.1.0.0/26; choose an address of it',
    ],
  ])('%j is refused', (change, message) =>
    expect(problems('calico-ipip', change)).toEqual([message]),
  )
  it('more pods on a node than a block has addresses are refused', () =>
    expect(() =>
      clusterOf({ 'packet-walk': 1, network: 'calico-bgp', count: 2, podsPerNode: 63 }),
    ).toThrow('podsPerNode: 63 '))
  it('the first address behind it and the last one are pods’', () =>
    expect(
      problems('calico-ipip', {
        pods: [
          { name: 'p', node: 'one', ip: '10.1.0.1' },
          { name: 'q', node: 'one', ip: '10.1.0.63' },
        ],
      }),
    ).toEqual([]))
})
