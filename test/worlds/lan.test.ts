import { describe, expect, it } from 'vitest'
import { applyAll } from '#lib/topology/apply.ts'
import { routeText } from '#lib/topology/tables/routes/row.ts'
import { netns } from '#lib/topology/topology.ts'
import { walk } from '#lib/walk/walk.ts'
import { parseCluster, SCENARIOS } from '#lib/worlds/all.ts'
import { ClusterError } from '#lib/worlds/cluster/file.ts'
import { resolveFlow } from '#lib/worlds/cluster/resolve.ts'

const { topology, flows, whatIfs } = SCENARIOS['lan']!
const ended = (flow: string, whatIf?: string) =>
  walk(applyAll(topology, whatIf === undefined ? [] : whatIfs[whatIf]!.edits), flows[flow]!)
const routes = (name: string): string[] => netns(topology, name)!.routes.map(routeText)
const NODES =
  'nodes: [{ name: a }, { name: b }]\npods: [{ name: p, node: a }, { name: q, node: b }]'
const file = (more = '', rest = NODES): string => `packet-walk: 1\nnetwork: lan\n${rest}\n${more}`
const refused = (text: string): readonly string[] => {
  try {
    parseCluster(text)
  } catch (error) {
    if (error instanceof ClusterError) return error.message.split('\n')
  }
  return []
}

describe('lan', () => {
  it('has a route to the other node’s pods, and no firewall', () => {
    expect(routes('node-1')).toEqual([
      'default via 192.168.0.1 dev eth0',
      '10.1.20.0/24 via 192.168.0.200 dev eth0',
      '10.1.15.0/24 dev docker0 proto kernel scope link src 10.1.15.1',
      '192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.100',
    ])
    expect(routes('gateway')).toEqual([
      '192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.1',
      '203.0.113.10 dev eth1 scope link',
    ])
    for (const name of topology.source.names)
      expect(netns(topology, name)!.netfilter, name).toEqual([])
  })
  it('floods a question to everybody who is plugged in', () => {
    const heard = ended('ping')
      .steps.filter((s) => s.decision.kind === 'arp' && s.decision.ip === '192.168.0.200')
      .map((s) => s.in)
    expect(new Set(heard)).toEqual(new Set(['node-1', 'node-2', 'gateway', 'switch']))
  })
  it('loses silently what the default route takes instead', () => {
    expect(ended('ping', 'drop-route').loss).toMatchObject({
      in: 'gateway',
      drop: { reason: 'no-route' },
      icmp: null,
    })
  })
  it('arrives by the detour with one less of its TTL', () => {
    const ttl = (whatIf?: string): number | undefined =>
      ended('ping', whatIf)
        .frames.filter((f) => f.in === 'backend-service-2')
        .flatMap((f) => f.packet.headers.flatMap((h) => (h.kind === 'ipv4' ? [h.ttl] : [])))[0]
    expect([ttl(), ttl('detour')]).toEqual([62, 61])
  })
})

describe('a file of it', () => {
  it('has Services, and as many hosts of one network as it lists', () => {
    const s = parseCluster(
      file(
        `services: [{ name: s, port: 80, targetPort: 8080, pods: [q] }]
hosts: [{ name: x, ip: 203.0.113.10 }, { name: y, ip: 203.0.113.11 }]`,
      ),
    )
    for (const [from, to] of [
      ['p', 's:80'],
      ['a', 'x:443'],
      ['x', 'b'],
      ['y', 'a'],
    ] as const)
      expect(
        walk(s.topology, resolveFlow(s.topology, { from, to })).delivered,
        `${from} ${to}`,
      ).toBe(true)
  })
  it('is counted too', () => {
    const { topology: t } = parseCluster('packet-walk: 1\nnetwork: lan\ncount: 20')
    const flow = resolveFlow(t, { from: 'node-1-pod-1', to: 'node-20-pod-2:8080' })
    expect(walk(t, flow).delivered).toBe(true)
  })
  it.each([
    ['vpc: { cidr: 10.0.0.0/16 }', 'vpc: lan has a switch between its nodes, and no VPC;'],
    ['securityGroups: [{ id: sg-a }]', 'securityGroups: lan has a switch'],
    ['bridge: cni0', 'bridge: lan has no cni0'],
  ])('%s is refused', (more, said) => {
    const all = refused(file(more))
    expect(all).toHaveLength(1)
    expect(all[0]!.slice(0, said.length)).toBe(said)
  })
  it('has no subnet and no check of a node, and keeps two names for itself', () => {
    const said = refused(
      file(
        '',
        'nodes: [{ name: switch, subnet: a }, { name: gateway, sourceDestCheck: false }]\npods: []',
      ),
    )
    expect(said.map((x) => x.split(':')[0])).toEqual([
      'nodes[0].subnet',
      'nodes[1].sourceDestCheck',
      'nodes[0].name',
      'nodes[1].name',
    ])
  })
})
