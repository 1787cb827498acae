import { describe, expect, it } from 'vitest'
import { applyAll } from '#lib/topology/apply.ts'
import type { Edit } from '#lib/topology/edit.ts'
import { command } from '#lib/topology/command.ts'
import { validate } from '#lib/topology/validate.ts'
import { netns, vpc } from '#lib/topology/topology.ts'
import { walk } from '#lib/walk/walk.ts'
import { resolveFlow } from '#lib/worlds/cluster/resolve.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { changing } from './made.ts'

/* Pods with security groups of their own, in a cluster file and as rows. */

const OPEN = { proto: 'all', peer: '0.0.0.0/0' }
const FILE = {
  'packet-walk': 1,
  network: 'sg-per-pod',
  securityGroups: [
    { id: 'sg-node', ingress: [{ proto: 'all', peer: 'sg-node' }], egress: [OPEN] },
    {
      id: 'sg-db',
      ingress: [{ proto: 'tcp', peer: 'sg-node', ports: 8080 }],
      egress: [OPEN],
    },
  ],
  nodes: [{ name: 'n1', instanceType: 'm5.large' }, { name: 'n2' }],
  pods: [
    { name: 'web', node: 'n1' },
    { name: 'db', node: 'n1', securityGroups: ['sg-db'] },
    { name: 'db-2', node: 'n1', securityGroups: ['sg-db'] },
    { name: 'far', node: 'n2', securityGroups: ['sg-db'] },
  ],
}
const { made, problems } = changing(FILE)
const typed = (instanceType: string, pods: readonly object[] = FILE.pods): string[] =>
  problems({ nodes: [{ name: 'n1', instanceType }, { name: 'n2' }], pods })

describe('a file of sg-per-pod', () => {
  const t = made()
  it('gives each such pod a branch of its node’s trunk, the VLANs counted', () =>
    expect(
      vpc(t, 'vpc')!.enis.map((e) => [e.id, e.groups.join(), e.branch?.trunk, e.branch?.vlan]),
    ).toEqual([
      ['eni-n1-eth0', 'sg-node', undefined, undefined],
      ['eni-n1-eth1', 'sg-node', undefined, undefined],
      ['eni-n2-eth0', 'sg-node', undefined, undefined],
      ['eni-n2-eth1', 'sg-node', undefined, undefined],
      ['eni-db', 'sg-db', 'eni-n1-eth1', 1],
      ['eni-db-2', 'sg-db', 'eni-n1-eth1', 2],
      ['eni-far', 'sg-db', 'eni-n2-eth1', 1],
    ]))
  it('each with a table of its own', () =>
    expect(
      netns(t, 'n1')!
        .rules.filter((r) => r.priority === 10)
        .map((r) => r.table),
    ).toEqual(['101', '101', '102', '102']))
  it.each([
    ['strict', true],
    ['standard', false],
  ] as const)('%s: between pods of one node the VPC is asked: %s', (mode, asked) => {
    const t = made({ 'vpc-cni': { securityGroupsForPods: mode } })
    const w = walk(t, resolveFlow(t, { from: 'web', to: 'db:8080' }))
    expect([w.delivered, w.steps.some((s) => s.in === 'vpc')]).toEqual([true, asked])
  })
  it('db may not call db-2: nothing lets its group in', () => {
    const w = walk(t, resolveFlow(t, { from: 'db', to: 'db-2:8080' }))
    expect(w.loss?.drop).toMatchObject({ reason: 'security-group', eni: 'eni-db-2' })
  })
  it('is valid', () => expect(validate(t)).toEqual([]))
})

describe('what cannot be', () => {
  it('a trunk on an instance type that has none', () =>
    expect(typed('t3.large')).toEqual([
      'nodes[0].instanceType: The instance type t3.large is not supported for trunk interface (Security Group for Pods); take one that is, such as m5.large, or take securityGroups from its pods',
    ]))
  it('more branches than it has', () =>
    expect(
      typed(
        'm6g.medium',
        Array.from({ length: 5 }, (_, i) => ({
          name: `p${i}`,
          node: 'n1',
          securityGroups: ['sg-db'],
        })),
      ),
    ).toEqual([
      'nodes[0].instanceType: 5 pods have security groups, and m6g.medium has 4 branch interfaces (vpc.amazonaws.com/pod-eni); put some on another node, or take a larger type',
    ]))
  it('more addresses than an interface bears', () =>
    expect(
      typed(
        'm6g.medium',
        Array.from({ length: 4 }, (_, i) => ({ name: `p${i}`, node: 'n1' })),
      )[0],
    ).toBe(
      'nodes[0].instanceType: 4 pods have addresses of eth0, which bears 3 besides its own on m6g.medium; put some on another ENI or node, or take a larger type',
    ))
  it('a type that nobody knows', () =>
    expect(typed('m5.huge')[0]).toMatch(/^nodes\[0\]\.instanceType: m5\.huge is no instance type/))
  it('a group that does not exist, none, and all of them pods’', () => {
    const pod = (securityGroups: readonly string[]): string[] =>
      problems({ pods: [{ name: 'db', node: 'n1', securityGroups }] })
    expect(pod(['sg-no'])).toEqual([
      'pods[0].securityGroups[0]: no group is called sg-no; there are sg-node, sg-db',
    ])
    expect(pod([])).toEqual([
      'pods[0].securityGroups: an ENI carries at least one; list one, or leave the key out',
    ])
    expect(pod(['sg-node', 'sg-db'])).toEqual([
      'securityGroups: every group is a pod’s, and the nodes’ ENIs carry none; list one that no pod has',
    ])
  })
  it('a plain pod on the trunk', () =>
    expect(problems({ pods: [{ name: 'web', node: 'n1', eni: 'eth1' }] })).toEqual([
      'pods[0].eni: eth1 is a trunk, which carries no pod’s address; write eth0, or give the pod securityGroups',
    ]))
  it('elsewhere', () =>
    expect(
      problems({ network: 'vpc-cni', 'vpc-cni': { securityGroupsForPods: 'strict' } }),
    ).toEqual([
      'vpc-cni.securityGroupsForPods: pods of vpc-cni have no security groups of their own; write network: sg-per-pod',
      ...[1, 2, 3].map(
        (i) =>
          `pods[${i}].securityGroups: pods of vpc-cni have no security groups of their own; write network: sg-per-pod`,
      ),
    ]))
})

describe('the row of a branch', () => {
  const world = SCENARIOS['sg-per-pod']!.topology
  const set = (to: Partial<Extract<Edit, { op: 'set' }>['to']>): Edit =>
    ({
      op: 'set',
      in: 'vpc',
      table: 'enis',
      where: { id: 'eni-backend-service-1' },
      to,
    }) as Edit
  const wrong = (to: object): string[] => validate(applyAll(world, [set(to)])).map((p) => p.message)
  it('names a trunk there is, where it is attached, and a VLAN nobody else has', () => {
    expect(wrong({ branch: { trunk: 'eni-no', vlan: 1 } })[0]).toMatch(
      /^there is no eni-no that can be a trunk; there are eni-node-1-eth0/,
    )
    expect(wrong({ branch: { trunk: 'eni-backend-service-2', vlan: 7 } })[0]).toMatch(
      /^there is no eni-backend-service-2 that can be a trunk/,
    )
    expect(wrong({ branch: { trunk: 'eni-node-1-eth0', vlan: 1 } })).toContain(
      'its trunk eni-node-1-eth0 is attached to eth0 of node-1; write attached: { netns: node-1, dev: eth0 }',
    )
    expect(wrong({ branch: { trunk: 'eni-node-2-eth1', vlan: 1 } })).toContain(
      'VLAN 1 of eni-node-2-eth1 is that of eni-backend-service-1 already; take another; a trunk has 1 to 120 for pods',
    )
  })
  it('is changed by association', () =>
    expect(command(set({ branch: { trunk: 'eni-node-1-eth1', vlan: 9 } }), world)).toBe(
      'aws ec2 disassociate-trunk-interface --association-id trunk-assoc-of-eni-backend-service-1 && aws ec2 associate-trunk-interface --branch-interface-id eni-backend-service-1 --trunk-interface-id eni-node-1-eth1 --vlan-id 9',
    ))
})

describe('a frame with a tag', () => {
  const world = SCENARIOS['sg-per-pod']!
  it('that no branch has is nobody’s', () => {
    const t = applyAll(world.topology, [
      {
        op: 'set',
        in: 'vpc',
        table: 'enis',
        where: { id: 'eni-backend-service-1' },
        to: { branch: { trunk: 'eni-node-1-eth1', vlan: 9 } },
      },
    ])
    const w = walk(t, world.flows['to-other-node']!)
    const lost = w.steps.filter((s) => s.drop?.reason === 'vlan-unknown')
    expect(lost.map((s) => [s.in, s.dev, s.drop])).toContainEqual([
      'vpc',
      'eni-node-1-eth1',
      { reason: 'vlan-unknown', vid: 1, dev: 'eni-node-1-eth1' },
    ])
  })
})
