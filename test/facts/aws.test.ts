import { describe, expect, it } from 'vitest'
import { find } from '#lib/wire/packet.ts'
import { cluster } from '#lib/worlds/cluster/cluster.ts'
import { NODE_GROUP } from '#lib/worlds/cluster/spec.ts'
import { vpcCni } from '#lib/worlds/vpc-cni/cni.ts'
import { ping, SEED } from '#lib/worlds/cluster/seed.ts'
import { walk } from '#lib/walk/walk.ts'
import type { Rule } from '#lib/topology/rows.ts'
import { netns, rowAt, spaces } from '#lib/topology/topology.ts'
import type { Edit } from '#lib/topology/edit.ts'
import type { Walk } from '#lib/trace/walk.ts'
import {
  arrivalTtl,
  framesOf,
  hop,
  inVpc,
  ips,
  see,
  told,
  world,
  type Change,
  type Hop,
} from './see.ts'
import { labelOf } from '#lib/words/index.ts'

/* Section 9 of the AWS facts: the seed's walk under the VPC CNI, A (node 1, eth1) to B (node 2, eth1), SYN to 8080. MTU 1500, as at the launch of EKS. */

const VETH_A = 'eni2a1b4577390',
  VETH_B = 'eni368555a5b52'
const A = '56:00:00:00:01:aa',
  HOST_A = '2a:00:00:00:01:aa',
  N1 = '0a:00:00:00:01:01',
  N2 = '0a:00:00:00:02:01',
  HOST_B = '2a:00:00:00:02:bb',
  B = '56:00:00:00:02:bb'
const PAIR = '192.168.0.111>192.168.0.211',
  PORTS = '41000>8080'
const A_TO_B = 'frontend-1-to-backend-2'
const syn = (c: Change = {}): Walk =>
  see('vpc-cni', A_TO_B, { ...c, flow: { sport: 41000, ...c.flow } })
const router = (): string => {
  const v = spaces(world('vpc-cni')).find((s) => s.kind === 'vpc')
  return v?.kind === 'vpc' ? v.subnets[0]!.router.mac : ''
}
/** How the namespace decided, by stage, for the first message. */
function steps(w: Walk, ns: string): string[] {
  return w.steps.filter((s) => s.in === ns && s.message === 0).map((s) => s.stage)
}

describe('9: the SYN, hop by hop', () => {
  it('steps 1 to 15: the same addresses everywhere, 60 bytes, TTL 64, 63, 62', () => {
    const expected: readonly Hop[] = [
      ['web-app-frontend-1/eth0 out', `${A}>${HOST_A}`, PAIR, PORTS, '64', '60/74'],
      [`node-1/${VETH_A} in`, `${A}>${HOST_A}`, PAIR, PORTS, '64', '60/74'],
      ['node-1/eth1 out', `${N1}>${router()}`, PAIR, PORTS, '63', '60/74'],
      ['node-2/eth1 in', `${router()}>${N2}`, PAIR, PORTS, '63', '60/74'],
      [`node-2/${VETH_B} out`, `${HOST_B}>${B}`, PAIR, PORTS, '62', '60/74'],
      ['backend-service-2/eth0 in', `${HOST_B}>${B}`, PAIR, PORTS, '62', '60/74'],
    ]
    expect(framesOf(syn(), 'SYN').map(hop)).toEqual(expected)
  })
  it('step 1: the pod’s gateway is in its neighbour table, and it never asks', () => {
    expect(
      syn({ cold: true }).frames.filter(
        (f) =>
          f.in === 'web-app-frontend-1' &&
          f.dir === 'out' &&
          find(f.packet, 'arp')?.op === 'request',
      ),
    ).toEqual([])
  })
  it('step 2: the mark is restored and is 0; the connmark chain returns inside the VPC', () => {
    expect(
      syn().steps.filter(
        (s) => s.in === 'node-1' && s.decision.kind === 'hook' && s.decision.mark !== undefined,
      ),
    ).toEqual([])
  })
  it('step 3: rule 1536 sends it to table 2 and out by eth1 to the router', () => {
    const d = syn().steps.find(
      (s) => s.in === 'node-1' && s.stage === 'route' && s.message === 0,
    )!.decision
    expect(d).toMatchObject({ kind: 'route', dev: 'eth1', via: '192.168.0.1' })
    const n = spaces(world('vpc-cni')).find((s) => s.name === 'node-1')
    expect(
      n?.kind === 'netns' && d.kind === 'route' && d.rule !== null && n.rules[d.rule.row],
    ).toMatchObject({ priority: 1536, from: '192.168.0.111/32', table: '2' })
  })
  it('step 4: no SNAT inside the VPC', () =>
    expect(
      syn().steps.filter(
        (s) =>
          s.decision.kind === 'hook' &&
          (s.decision.verdict === 'SNAT' || s.decision.verdict === 'MASQUERADE'),
      ),
    ).toEqual([]))
  it('step 5: with a cold cache eth1 asks who-has 192.168.0.1 tell 192.168.0.110, 42 bytes, and the VPC answers with the router’s MAC', () => {
    const arps = syn({ cold: true }).frames.filter(
      (f) => f.in === 'node-1' && f.dev === 'eth1' && find(f.packet, 'arp') !== undefined,
    )
    expect(
      arps.slice(0, 2).map((f) => {
        const a = find(f.packet, 'arp')!
        return [f.dir, a.op, a.spa, a.tpa, a.sha, hop(f)[5].split('/')[1]]
      }),
    ).toEqual([
      ['out', 'request', '192.168.0.110', '192.168.0.1', N1, '42'],
      ['in', 'reply', '192.168.0.1', '192.168.0.110', router(), '42'],
    ])
  })
  it('steps 7 to 11: security group and source check on the way out, route, mapping, security group on the way in; one subnet, so no ACL', () => {
    expect(steps(syn(), 'vpc')).toEqual([
      'sg-egress',
      'src-check',
      'vpc-route',
      'vpc-encap',
      'sg-ingress',
      'dst-check',
    ])
    expect(syn().steps.find((s) => s.stage === 'vpc-encap')!.decision).toMatchObject({
      eni: { in: 'vpc', table: 'enis', row: 3 },
    })
  })
  it('step 13: rule 512 to .211 looks in main, and TTL falls to 62', () => {
    const d = syn().steps.find(
      (s) => s.in === 'node-2' && s.stage === 'route' && s.message === 0,
    )!.decision
    expect(d).toMatchObject({ dev: VETH_B, via: null })
    const n = spaces(world('vpc-cni')).find((s) => s.name === 'node-2')
    expect(
      n?.kind === 'netns' && d.kind === 'route' && d.rule !== null && n.rules[d.rule.row],
    ).toMatchObject({ priority: 512, to: '192.168.0.211/32', table: 'main' })
  })
  it('step 14: the node asks for the pod with its primary address, since the veth has none', () => {
    const arps = syn({ cold: true }).frames.filter(
      (f) => f.in === 'node-2' && f.dev === VETH_B && find(f.packet, 'arp') !== undefined,
    )
    expect(
      arps.slice(0, 2).map((f) => {
        const a = find(f.packet, 'arp')!
        return [f.dir, a.op, a.spa, a.tpa, hop(f)[5].split('/')[1]]
      }),
    ).toEqual([
      ['out', 'request', '192.168.0.200', '192.168.0.211', '42'],
      ['in', 'reply', '192.168.0.211', '192.168.0.200', '42'],
    ])
  })
  it('the answers: SYN-ACK 60/74, ACK 52/66, request of 33 bytes 85/99; the client sees TTL 62', () => {
    const w = syn()
    const size = (label: string): string => hop(framesOf(w, label)[0]!)[5]
    expect([size('SYN-ACK'), size('ACK'), size('request')]).toEqual(['60/74', '52/66', '85/99'])
    expect(arrivalTtl(w, 'SYN-ACK')).toBe(62)
    expect(w.delivered).toBe(true)
  })
  it('the reply leaves node 2 by eth1 too', () =>
    expect(framesOf(syn(), 'SYN-ACK').map((f) => `${f.in}/${f.dev} ${f.dir}`)).toContain(
      'node-2/eth1 out',
    ))
  it('the largest segment: MSS 1460, or 8961 with jumbo frames', () => {
    const mss = (w: Walk): unknown =>
      find(framesOf(w, 'SYN')[0]!.packet, 'tcp')!.options.find((o) => o.kind === 'mss')
    expect(mss(syn())).toMatchObject({ value: 1460 })
    const devs: Edit[] = [
      ['web-app-frontend-1', 'eth0'],
      ['node-1', VETH_A],
      ['node-1', 'eth1'],
      ['node-2', 'eth1'],
      ['node-2', VETH_B],
      ['backend-service-2', 'eth0'],
    ].map(([ns = '', dev = '']) => ({
      op: 'set',
      in: ns,
      table: 'devs',
      where: { name: dev },
      to: { mtu: 9001 },
    }))
    const jumbo = syn({ edits: devs, flow: { size: 8949 } })
    expect(mss(jumbo)).toMatchObject({ value: 8961 })
    expect(
      framesOf(jumbo, 'request')
        .filter((f) => f.in === 'node-1' && f.dev === 'eth1')
        .map((f) => hop(f)[5]),
    ).toEqual(['9001/9015'])
  })
})

describe('9: variants', () => {
  it('primary ENI: a connected route, asked for the pod’s own address, and the frame goes to the owning ENI’s MAC', () => {
    const w = see('vpc-cni', 'metrics-1-to-metrics-2', { cold: true })
    const ask = w.frames.find(
      (f) => f.in === 'node-1' && f.dev === 'eth0' && find(f.packet, 'arp') !== undefined,
    )!
    expect(find(ask.packet, 'arp')).toMatchObject({
      op: 'request',
      tpa: '192.168.0.201',
      spa: '192.168.0.100',
    })
    const out = framesOf(w, 'SYN').find((f) => f.in === 'node-1' && f.dev === 'eth0')!
    expect(out.packet.headers[0]).toMatchObject({
      src: '0a:00:00:00:00:64',
      dst: '0a:00:00:00:00:c8',
    })
    expect(arrivalTtl(w, 'SYN')).toBe(62)
  })
  it('same node: TTL 63, and no ENI, no security group, no ACL', () => {
    const w = see('vpc-cni', 'same-node')
    expect(arrivalTtl(w, 'SYN')).toBe(63)
    expect(inVpc(w)).toEqual([])
    expect(framesOf(w, 'SYN').map((f) => `${f.in}/${f.dev} ${f.dir}`)).toEqual([
      'web-app-frontend-1/eth0 out',
      `node-1/${VETH_A} in`,
      expect.stringMatching(/^node-1\/eni\w+ out$/),
      'backend-service-1/eth0 in',
    ])
  })
  it('another subnet: the ACLs of both are asked, once each per direction; TTL and addresses stay', () => {
    const t = cluster(
      {
        ...SEED,
        groups: NODE_GROUP,
        subnets: [
          { name: 'a', cidr: '192.168.0.0/24' },
          { name: 'b', cidr: '192.168.1.0/24' },
        ],
        nodes: [
          { name: 'node-1', ip: '192.168.0.100', subnet: 'a', eth1: { ip: '192.168.0.110' } },
          { name: 'node-2', ip: '192.168.1.200', subnet: 'b', eth1: { ip: '192.168.1.210' } },
        ],
        pods: [
          { name: 'a', node: 'node-1', ip: '192.168.0.111', listen: [] },
          { name: 'b', node: 'node-2', ip: '192.168.1.211', listen: [] },
        ],
      },
      vpcCni(),
    )
    const w = walk(t, ping('a', '192.168.1.211'), { warm: true })
    expect(w.delivered).toBe(true)
    expect(arrivalTtl(w, 'echo request')).toBe(62)
    expect(steps(w, 'vpc')).toEqual([
      'sg-egress',
      'src-check',
      'acl-egress',
      'vpc-route',
      'vpc-encap',
      'acl-ingress',
      'sg-ingress',
      'dst-check',
    ])
    expect(
      w.steps.filter((s) => s.stage === 'acl-egress' || s.stage === 'acl-ingress'),
    ).toHaveLength(4)
    expect(framesOf(w, 'echo request').map((f) => ips(f)[0]!.src)).toEqual(
      Array.from({ length: 6 }, () => '192.168.0.111'),
    )
  })
  it.each(['egress', 'ingress'] as const)(
    'a security group without %s rules drops in silence, at the right ENI',
    (direction) => {
      const rules = spaces(world('vpc-cni'))
        .flatMap((s) => (s.kind === 'vpc' ? s.sgRules : []))
        .filter((r) => r.direction === direction)
      const w = syn({
        edits: rules.map((r): Edit => ({
          op: 'del',
          in: 'vpc',
          table: 'sgRules',
          where: { ...r },
        })),
        cold: true,
      })
      expect(w.loss).toMatchObject({
        drop: {
          reason: 'security-group',
          direction,
          eni: direction === 'egress' ? 'eni-node-1-eth1' : 'eni-node-2-eth1',
        },
        icmp: null,
      })
      expect(told(w)).toBe('silence: security-group in vpc')
    },
  )
})

describe('1.9: the way back from a node port', () => {
  const port = (c: Change = {}) => see('vpc-cni', 'node-port', c)
  const by = (w: Walk, label: string) =>
    w.steps.find(
      (s) =>
        s.in === 'node-1' &&
        s.stage === 'route' &&
        labelOf(w.messages[s.message]!) === label &&
        s.decision.kind === 'route' &&
        !s.decision.local,
    )
  const rule = (w: Walk, label: string): number | undefined => {
    const d = by(w, label)?.decision
    return d?.kind === 'route' && d.rule !== null
      ? (rowAt(w.after, d.rule) as Rule | undefined)?.priority
      : undefined
  }
  it('the connection is marked on eth0; its answer gets the mark back, and rule 1024 sends it out where it came in', () => {
    const w = port()
    expect(w.delivered).toBe(true)
    expect(netns(w.after, 'node-1')!.conntrack.map((c) => c.mark)).toContain(0x80)
    expect(rule(w, 'SYN-ACK')).toBe(1024)
    expect(
      framesOf(w, 'SYN-ACK')
        .filter((f) => f.in === 'node-1')
        .map((f) => f.dev)
        .at(-1),
    ).toBe('eth0')
  })
  it('without the mark rule 1536 sends it out of the pod’s own ENI; about half of all connections are lost, those to the other node are not', () => {
    const w = port({ whatIf: 'no-connmark' })
    expect(rule(w, 'SYN-ACK')).toBe(1536)
    expect(told(w)).toBe('silence: source-dest-check in vpc')
    const draws = Array.from(
      { length: 200 },
      (_, draw) => port({ whatIf: 'no-connmark', flow: { draw } }).delivered,
    ).filter(Boolean).length
    expect(draws).toBeGreaterThan(70)
    expect(draws).toBeLessThan(130)
  })
  it('strict rp_filter on eth0 drops it on the way in: the way back of the pod’s address is eth1', () =>
    expect(
      told(
        port({
          edits: [
            {
              op: 'set',
              in: 'node-1',
              table: 'sysctls',
              where: { key: 'net.ipv4.conf.eth0.rp_filter' },
              to: { value: 1 },
            },
          ],
        }),
      ),
    ).toBe('silence: rp-filter in node-1'))
  it('kube-proxy comes before the CNI’s connmark: what it translates is not marked for the way out', () => {
    const w = see('vpc-cni', 'service')
    expect(netns(w.after, 'node-1')!.conntrack.map((c) => c.mark)).toEqual([0])
    expect(rule(w, 'SYN')).toBe(1536)
  })
})
