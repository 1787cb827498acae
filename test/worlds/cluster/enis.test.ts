import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { routeText } from '#lib/topology/tables/routes/row.ts'
import { netns, vpc } from '#lib/topology/topology.ts'
import { validate } from '#lib/topology/validate.ts'
import { walk } from '#lib/walk/walk.ts'
import { layout } from '#components/diagram/layout/index.ts'
import { ClusterError } from '#lib/worlds/cluster/file.ts'
import { INSTANCES } from '#lib/worlds/cluster/instances.ts'
import { resolveFlow } from '#lib/worlds/cluster/resolve.ts'
import { parseCluster } from '#lib/worlds/all.ts'

/* Nodes with as many ENIs as their pods need and their instance type bears: which ENI, which table, which rules (aws.md 1.4, 1.5, 2.3). */

const named = (n: number) => Array.from({ length: n }, (_, i) => ({ name: `p${i}`, node: 'n1' }))
const made = (type: string, pods: readonly object[], more: object = {}) =>
  parseCluster(
    stringify({
      'packet-walk': 1,
      network: 'vpc-cni',
      nodes: [{ name: 'n1', instanceType: type }, { name: 'n2' }],
      pods: [...pods, { name: 'far', node: 'n2' }],
      ...more,
    }),
  ).topology
function problems(type: string, pods: readonly object[], more: object = {}): string[] {
  try {
    made(type, pods, more)
  } catch (error) {
    if (error instanceof ClusterError) return error.problems.map((p) => `${p.path}: ${p.message}`)
    throw error
  }
  return []
}

describe('20 pods on an m5.large', () => {
  const t = made('m5.large', named(20))
  const n = netns(t, 'n1')!
  it('have nine addresses of eth0, nine of eth1 and two of eth2', () =>
    expect(
      vpc(t, 'vpc')!
        .enis.filter((e) => e.attached.netns === 'n1')
        .map((e) => [e.id, e.ips.length - 1]),
    ).toEqual([
      ['eni-n1-eth0', 9],
      ['eni-n1-eth1', 9],
      ['eni-n1-eth2', 2],
    ]))
  it('the table of each but eth0 is its index and one', () =>
    expect(n.routes.filter((r) => r.table !== 'main').map(routeText)).toEqual([
      'default via 192.168.0.1 dev eth1 table 2',
      '192.168.0.1 dev eth1 table 2 scope link',
      'default via 192.168.0.1 dev eth2 table 3',
      '192.168.0.1 dev eth2 table 3 scope link',
    ]))
  it('pods of eth0 have a rule 512, the others one of 1536 too, ENIs one of 32765', () => {
    const of = (priority: number): readonly (string | undefined)[] =>
      n.rules.filter((r) => r.priority === priority).map((r) => r.table)
    expect(of(512)).toHaveLength(20)
    expect(of(1536)).toEqual([...Array.from({ length: 9 }, () => '2'), '3', '3'])
    expect(of(32765)).toEqual(['2', '3'])
  })
  it.each([
    ['p0', 'eth0'],
    ['p9', 'eth1'],
    ['p19', 'eth2'],
  ])('%s leaves by %s, and is answered', (from, dev) => {
    const w = walk(t, resolveFlow(t, { from, to: 'far:8080' }))
    expect(w.delivered).toBe(true)
    expect(
      new Set(
        w.frames.flatMap((f) =>
          f.in === 'n1' && f.dev.startsWith('eth') && f.packet.headers[1]?.kind === 'ipv4'
            ? [f.dev]
            : [],
        ),
      ),
    ).toEqual(new Set([dev]))
  })
  it('what is for outside leaves by eth0, whatever the pod’s ENI', () => {
    const w = walk(t, resolveFlow(t, { from: 'p19', to: 'internet:443' }))
    expect([w.delivered, w.frames.some((f) => f.dev === 'eth2')]).toEqual([true, false])
  })
  it('is valid, and drawn', () => {
    expect(validate(t)).toEqual([])
    const w = walk(t, resolveFlow(t, { from: 'p19', to: 'far:8080' }))
    expect(layout(t, w).boxes.map((b) => b.id)).toContain('n1/eth2')
  })
})

describe('what cannot be', () => {
  it('more pods than all its interfaces bear: 27 are, 28 are not', () => {
    expect(problems('m5.large', named(27))).toEqual([])
    expect(problems('m5.large', named(28))).toEqual([
      'nodes[0].instanceType: its pods need 4 network interfaces, and m5.large has 3; put some on another node, or take a larger type',
    ])
  })
  it('with custom networking one ENI less', () => {
    const more = {
      vpc: {
        subnets: [
          { name: 'a', cidr: '192.168.0.0/24' },
          { name: 'pods', cidr: '192.168.1.0/24' },
        ],
      },
      'vpc-cni': { eniConfig: { subnet: 'pods' } },
    }
    expect(problems('m5.large', named(18), more)).toEqual([])
    expect(problems('m5.large', named(19), more)).toHaveLength(1)
  })
  it('a third ENI where a plugin has two', () =>
    expect(
      problems('m5.large', [{ name: 'a', node: 'n1', eni: 'eth2' }], { network: 'lyft-ipvlan' }),
    ).toEqual(['pods[0].eni: a node of lyft-ipvlan has no eth2; write eth0 or eth1']))
})

it('instance types have 1 to 15 interfaces of 2 to 50 addresses, and trunks up to 120 branches', () => {
  expect(INSTANCES.get('m5.large')).toEqual({ enis: 3, addresses: 10, branches: 9 })
  for (const [name, t] of INSTANCES)
    expect(
      t.enis >= 1 && t.enis <= 15 && t.addresses >= 2 && t.addresses <= 50 && t.branches <= 120,
      name,
    ).toBe(true)
})
