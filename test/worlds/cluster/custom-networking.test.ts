import { describe, expect, it } from 'vitest'
import { routeText } from '#lib/topology/tables/routes/row.ts'
import { ruleRowText } from '#lib/topology/tables/rules/row.ts'
import { netns, vpc } from '#lib/topology/topology.ts'
import { validate } from '#lib/topology/validate.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { walk } from '#lib/walk/walk.ts'
import { resolveFlow } from '#lib/worlds/cluster/resolve.ts'
import { changing } from './made.ts'

/* Custom networking (AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG, ENIConfig): pods have addresses of another subnet than their nodes, and groups of their own; the primary ENI has no pods (EKS guide, cni-custom-network). */

const OPEN = { proto: 'all', peer: '0.0.0.0/0' }
const CUSTOM = {
  'packet-walk': 1,
  network: 'vpc-cni',
  vpc: {
    subnets: [
      { name: 'a', cidr: '192.168.0.0/24' },
      { name: 'pods', cidr: '192.168.64.0/20' },
    ],
  },
  'vpc-cni': { eniConfig: { subnet: 'pods', securityGroups: ['sg-pods'] } },
  securityGroups: [
    { id: 'sg-node', ingress: [{ proto: 'all', peer: 'sg-node' }], egress: [OPEN] },
    { id: 'sg-pods', ingress: [{ proto: 'all', peer: 'sg-pods' }], egress: [OPEN] },
  ],
  nodes: [
    { name: 'n1', subnet: 'a' },
    { name: 'n2', subnet: 'a' },
  ],
  pods: [
    { name: 'a', node: 'n1' },
    { name: 'b', node: 'n2' },
  ],
}
const { made, problems } = changing(CUSTOM)
const t = made()
const asked = (from: string, to: string): Walk => walk(t, resolveFlow(t, { from, to }))

describe('custom networking', () => {
  it('puts the second ENI into the ENIConfig’s subnet, with its groups, and pods on it', () =>
    expect(vpc(t, 'vpc')!.enis.map((e) => [e.id, e.subnet, e.groups, e.ips.length])).toEqual([
      ['eni-n1-eth0', 'subnet-a', ['sg-node'], 1],
      ['eni-n1-eth1', 'subnet-pods', ['sg-pods'], 2],
      ['eni-n2-eth0', 'subnet-a', ['sg-node'], 1],
      ['eni-n2-eth1', 'subnet-pods', ['sg-pods'], 2],
    ]))
  it('has the router of that subnet in table 2, and the subnet’s mask on eth1', () => {
    const n = netns(t, 'n1')!
    expect(n.routes.filter((r) => r.table === '2').map(routeText)).toEqual([
      'default via 192.168.64.1 dev eth1 table 2',
      '192.168.64.1 dev eth1 table 2 scope link',
    ])
    expect(n.devs.find((d) => d.name === 'eth1')!.addrs).toEqual(['192.168.64.12/20'])
    expect(n.rules.filter((r) => r.priority === 1536).map(ruleRowText)).toEqual([
      '1536:\tfrom 192.168.64.10 lookup 2',
    ])
  })
  it('is valid', () => expect(validate(t)).toEqual([]))
  it('between pods: by eth1, and the pods’ groups are asked', () => {
    const w = asked('a', 'b:8080')
    expect(w.delivered).toBe(true)
    expect([
      ...new Set(
        w.steps.flatMap((s) => (s.decision.kind === 'security-group' ? [s.decision.eni] : [])),
      ),
    ]).toEqual(['eni-n1-eth1', 'eni-n2-eth1'])
  })
  it('to the internet: by eth0, as the node', () => {
    const w = asked('a', 'internet:443')
    expect(w.delivered).toBe(true)
    const out = w.frames.filter((f) => f.in === 'n1' && f.dev === 'eth0' && f.dir === 'out')
    expect(
      new Set(
        out.flatMap((f) => f.packet.headers.flatMap((h) => (h.kind === 'ipv4' ? h.src : []))),
      ),
    ).toEqual(new Set(['192.168.0.10']))
  })
  it('from another node: the pods’ group does not let its group in', () =>
    expect(asked('n2', 'a').loss?.drop).toMatchObject({
      reason: 'security-group',
      eni: 'eni-n1-eth1',
    }))
  it('from its own node: nobody is asked', () => expect(asked('n1', 'a').delivered).toBe(true))
})

describe('what cannot be', () => {
  it('a pod on the primary ENI', () =>
    expect(problems({ pods: [{ name: 'a', node: 'n1', eni: 'eth0' }] })).toEqual([
      'pods[0].eni: with custom networking no pod has an address of the primary ENI; write eth1, or leave the key out',
    ]))
  it('a subnet or a group that does not exist', () =>
    expect(
      problems({ 'vpc-cni': { eniConfig: { subnet: 'no', securityGroups: ['sg-no'] } } }),
    ).toEqual([
      'vpc-cni.eniConfig.securityGroups[0]: no group is called sg-no; there are sg-node, sg-pods',
      'vpc-cni.eniConfig.subnet: no subnet is called no; there are a, pods',
    ]))
  it('an address of the nodes’ subnet', () =>
    expect(problems({ pods: [{ name: 'a', node: 'n1', ip: '192.168.0.50' }] })[0]).toMatch(
      /^pods\[0\]\.ip: 192\.168\.0\.50 is outside subnet pods/,
    ))
  it('a version that came before it', () =>
    expect(problems({ 'vpc-cni': { version: 'v1.0', eniConfig: { subnet: 'pods' } } })).toEqual([
      'vpc-cni.eniConfig: version v1.0 of the plugin reads no ENIConfig, which came with v1.2.1; write v1.3 or a later one',
    ]))
  it('elsewhere', () =>
    expect(problems({ network: 'lyft-ipvlan' })).toEqual([
      'vpc-cni.eniConfig: lyft-ipvlan has no custom networking; write network: vpc-cni',
    ]))
})
