import { describe, expect, it } from 'vitest'
import { apply, applyAll } from '#lib/topology/apply.ts'
import { EditError, type Edit } from '#lib/topology/edit.ts'
import { netns, type Topology } from '#lib/topology/topology.ts'
import { routeText } from '#lib/topology/tables/routes/row.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const world = (id: string): Topology => SCENARIOS[id]!.topology
const node = (t: Topology, name = 'node-1') => netns(t, name)!
const routes = (t: Topology, name = 'node-1'): string[] => node(t, name).routes.map(routeText)
const dev = (name: string, to: Record<string, unknown>, at = 'node-1'): Edit => ({
  op: 'set',
  in: at,
  table: 'devs',
  where: { name },
  to,
})

describe('apply', () => {
  it('changes one row and shares the rest', () => {
    const before = world('flannel-vxlan')
    const after = apply(before, dev('flannel.1', { mtu: 1400 }))
    expect(node(after).devs.find((d) => d.name === 'flannel.1')?.mtu).toBe(1400)
    expect(node(before).devs.find((d) => d.name === 'flannel.1')?.mtu).toBe(1450)
    expect(node(after).routes).toBe(node(before).routes)
    expect(node(after).devs[0]).toBe(node(before).devs[0])
    expect(netns(after, 'node-2')).toBe(netns(before, 'node-2'))
  })
  it.each<[string, Edit, RegExp]>([
    [
      'no such space',
      { op: 'del', in: 'node-9', table: 'routes', where: {} },
      /^node-9\.routes: there is no namespace or VPC called node-9; there are vpc, node-1/,
    ],
    [
      'a table of the other kind',
      { op: 'del', in: 'vpc', table: 'routes', where: {} },
      /^vpc\.routes: a VPC has no such table; it has enis/,
    ],
    [
      'no row',
      { op: 'del', in: 'node-1', table: 'routes', where: { dst: '10.1.99.0/24' } },
      /^node-1\.routes: no row matches \{"dst":"10\.1\.99\.0\/24"\} \(4 rows\); closest: /,
    ],
    [
      'several rows',
      { op: 'del', in: 'node-1', table: 'routes', where: { table: 'main' } },
      /^node-1\.routes: 4 rows match \{"table":"main"\}, an edit changes one/,
    ],
  ])('refuses: %s', (_, edit, message) => {
    expect(() => apply(world('flannel-vxlan'), edit)).toThrow(EditError)
    expect(() => apply(world('flannel-vxlan'), edit)).toThrow(message)
  })
  it('names the closest row first', () => {
    expect(() =>
      apply(world('flannel-vxlan'), {
        op: 'del',
        in: 'node-1',
        table: 'routes',
        where: { dst: '10.1.20.0/24', dev: 'eth0' },
      }),
    ).toThrow(/closest: \{"table":"main","dst":"(0\.0\.0\.0\/0|10\.1\.20\.0\/24)"/)
  })
  it('compares where in depth', () => {
    const t = apply(world('flannel-vxlan'), {
      op: 'del',
      in: 'node-1',
      table: 'netfilter',
      where: { chain: 'FORWARD', target: { type: 'JUMP', chain: 'FLANNEL-FWD' } },
    })
    expect(node(t).netfilter.length).toBe(node(world('flannel-vxlan')).netfilter.length - 1)
  })
})

describe('what the kernel does with an edit', () => {
  it('takes the TUN and its route with flanneld (facts: overlay 3.10)', () => {
    const t = apply(world('flannel-udp'), {
      op: 'del',
      in: 'node-1',
      table: 'daemons',
      where: { name: 'flanneld' },
    })
    expect(node(t).devs.map((d) => d.name)).not.toContain('flannel0')
    expect(routes(t)).toEqual([
      'default via 192.168.0.1 dev eth0',
      '10.1.15.0/24 dev docker0 proto kernel scope link src 10.1.15.1',
      '192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.100',
    ])
  })
  it('takes routes and permanent neighbours when a device goes down, and leaves the FDB', () => {
    const t = apply(world('flannel-vxlan'), dev('flannel.1', { up: false }))
    expect(routes(t)).not.toContain('10.1.20.0/24 via 10.1.20.0 dev flannel.1 onlink')
    expect(node(t).neigh).toEqual([])
    expect(node(t).fdb).toHaveLength(1)
  })
  it('brings back connected routes only', () => {
    const t = applyAll(world('flannel-host-gw'), [
      dev('eth0', { up: false }),
      dev('eth0', { up: true }),
    ])
    expect(routes(t)).toEqual([
      '10.1.15.0/24 dev docker0 proto kernel scope link src 10.1.15.1',
      '192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.100',
    ])
  })
  it('takes the FDB too when the device is deleted', () => {
    const t = apply(world('flannel-vxlan'), {
      op: 'del',
      in: 'node-1',
      table: 'devs',
      where: { name: 'flannel.1' },
    })
    expect(node(t).fdb).toEqual([])
    expect(node(t).neigh).toEqual([])
  })
  it('deletes the peer of a veth, and its routes', () => {
    const t = apply(world('flannel-vxlan'), {
      op: 'del',
      in: 'node-1',
      table: 'devs',
      where: { name: 'veth0' },
    })
    expect(netns(t, 'web-app-frontend-1')!.devs.map((d) => d.name)).toEqual(['lo'])
    expect(netns(t, 'web-app-frontend-1')!.routes).toEqual([])
  })
  it('moves the connected route with the address', () => {
    const t = apply(world('flannel-vxlan'), dev('docker0', { addrs: ['10.1.16.1/24'] }))
    expect(routes(t)).toContain('10.1.16.0/24 dev docker0 proto kernel scope link src 10.1.16.1')
    expect(routes(t).join()).not.toContain('10.1.15.0/24')
  })
  it('frees the ports of a deleted bridge', () => {
    const t = apply(world('flannel-vxlan'), {
      op: 'del',
      in: 'node-1',
      table: 'devs',
      where: { name: 'docker0' },
    })
    expect(node(t).devs.find((d) => d.name === 'veth0')).not.toHaveProperty('master')
  })
})
