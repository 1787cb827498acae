import { describe, expect, it } from 'vitest'
import { netns, vpc } from '#lib/topology/topology.ts'
import { walk } from '#lib/walk/walk.ts'
import { clusterOf } from '#lib/worlds/all.ts'
import { ClusterError } from '#lib/worlds/cluster/file.ts'
import { resolveFlow } from '#lib/worlds/cluster/resolve.ts'

/* Cluster files with Fargate, and with a VPC-native GKE cluster. */

type Change = Readonly<Record<string, unknown>>
const problems = (file: Change): string[] => {
  try {
    clusterOf(file)
  } catch (error) {
    if (error instanceof ClusterError) return error.problems.map((p) => `${p.path}: ${p.message}`)
    throw error
  }
  return []
}
const FARGATE = {
  'packet-walk': 1,
  network: 'fargate',
  securityGroups: [
    { id: 'sg-node', ingress: [{ proto: 'all', peer: 'sg-node' }], egress: [] },
    { id: 'sg-db', ingress: [{ proto: 'tcp', ports: 5432, peer: 'sg-node' }], egress: [] },
  ],
  nodes: [{ name: 'vm-1', ip: '192.168.0.20' }, { name: 'vm-2' }],
  pods: [
    { name: 'web', node: 'vm-1' },
    { name: 'db', node: 'vm-2', listen: ['tcp/5432'], securityGroups: ['sg-db'] },
  ],
}

describe('a cluster file with Fargate', () => {
  it('has a machine for each pod, with its address and its groups', () => {
    const { topology: t } = clusterOf(FARGATE)
    expect(t.source.names).toEqual(['vpc', 'web', 'db', 'internet'])
    expect(netns(t, 'web')).toMatchObject({ node: 'vm-1', role: 'pod' })
    expect(
      vpc(t, 'vpc')!.enis.map((e) => [e.id, e.ips, e.groups, e.publicIp, e.attached.netns]),
    ).toEqual([
      ['eni-web-eth0', ['192.168.0.20'], ['sg-node'], undefined, 'web'],
      ['eni-db-eth0', ['192.168.0.10'], ['sg-db'], undefined, 'db'],
    ])
  })
  it.each<[Change, string]>([
    [
      { pods: [...FARGATE.pods, { name: 'more', node: 'vm-1' }] },
      'pods[2].node: vm-1 has web, and on fargate a machine has one pod; give it a node of its own',
    ],
    [
      { pods: [{ ...FARGATE.pods[0], ip: '192.168.0.21' }, FARGATE.pods[1]] },
      'pods[0].ip: 192.168.0.21 is not the address of vm-1, 192.168.0.20; leave it out: the pod has the address of its machine',
    ],
    [
      { nodes: [...FARGATE.nodes, { name: 'vm-3' }] },
      'nodes[2].name: vm-3 has no pod, and on fargate there is a machine where there is a pod; leave it out, or add a pod',
    ],
    [
      { 'vpc-cni': { externalSnat: true } },
      'vpc-cni: on fargate AWS sets it; leave it out, or choose vpc-cni',
    ],
    [
      { nodes: [{ name: 'vm-1', instanceType: 'm5.large' }, { name: 'vm-2' }] },
      'nodes[0].instanceType: on fargate AWS sets it; leave it out, or choose vpc-cni',
    ],
  ])('%j is refused', (change, message) =>
    expect(problems({ ...FARGATE, ...change })).toEqual([message]),
  )
  it('that only counts has one pod on each machine', () => {
    const file = { 'packet-walk': 1, network: 'fargate', count: 3 }
    const { topology: t } = clusterOf(file)
    expect(t.source.names).toContain('node-3-pod-1')
    const flow = resolveFlow(t, { from: 'node-1-pod-1', to: 'node-3-pod-1' })
    expect(walk(t, flow).delivered).toBe(true)
    for (const podsPerNode of [0, 2])
      expect(problems({ ...file, podsPerNode })[0]).toMatch(/^podsPerNode: /)
  })
})

const GKE = {
  'packet-walk': 1,
  network: 'gke-native',
  podCidr: '10.64.0.0/14',
  nodes: [{ name: 'one' }, { name: 'two', podCidr: '10.65.0.0/26' }],
  pods: [
    { name: 'p', node: 'one' },
    { name: 'q', node: 'two', ip: '10.65.0.9' },
  ],
}

describe('a cluster file with a VPC-native GKE cluster', () => {
  it('has each node’s range on its interface, and their network in the VPC', () => {
    const { topology: t } = clusterOf(GKE)
    const v = vpc(t, 'vpc')!
    expect(v.cidrs).toEqual(['192.168.0.0/16', '10.64.0.0/14'])
    expect(v.enis.map((e) => e.prefixes)).toEqual([['10.64.1.0/24'], ['10.65.0.0/26']])
    expect(walk(t, resolveFlow(t, { from: 'p', to: 'q' })).delivered).toBe(true)
  })
  it('has its gateway’s address for no pod', () =>
    expect(problems({ ...GKE, pods: [{ name: 'q', node: 'two', ip: '10.65.0.1' }] })).toEqual([
      'pods[0].ip: 10.65.0.1 is the gateway’s in 10.65.0.0/26; choose 10.65.0.2 or a later one',
    ]))
  it('may be counted', () => {
    const { topology: t } = clusterOf({ 'packet-walk': 1, network: 'gke-native', count: 3 })
    const flow = resolveFlow(t, { from: 'node-1-pod-1', to: 'node-3-pod-2' })
    expect(walk(t, flow).delivered).toBe(true)
  })
  it.each([
    [['10.1.0.0/24'], '10.1.0.0/24 is outside the VPC 192.168.0.0/16 and 10.64.0.0/14'],
    [['10.65.0.0/27'], '10.65.0.0/26 belongs to eni-one-eth0 already'],
  ])('an edit to ranges %j is refused', (prefixes, message) =>
    expect(
      problems({
        ...GKE,
        edits: [
          { op: 'set', in: 'vpc', table: 'enis', where: { id: 'eni-one-eth0' }, to: { prefixes } },
        ],
      }).join('\n'),
    ).toContain(message),
  )
})
