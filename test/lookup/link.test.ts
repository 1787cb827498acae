import { describe, expect, it } from 'vitest'
import type { Dev } from '#lib/topology/devs.ts'
import { lookupLease } from '#lib/lookup/lease.ts'
import { isPortMac, portsOf } from '#lib/lookup/link.ts'
import { vxlansOn } from '#lib/link/vxlan.ts'
import { cachedMtu } from '#lib/lookup/route.ts'
import { link, LO, ns } from './spaces.ts'

const vxlan = (name: string, port: number, up: boolean): Dev => ({
  kind: 'vxlan',
  name,
  mac: '0a:00:00:00:00:01',
  mtu: 1450,
  up,
  addrs: [],
  vni: 1,
  port,
  local: '192.168.0.100',
  learning: false,
  udpcsum: false,
})
const port = (name: string, master: string, mac: Dev['mac']): Dev => ({
  ...link(name, []),
  master,
  mac,
})
const n = ns({
  devs: [
    LO,
    port('veth1', 'cni0', '0a:00:00:00:01:01'),
    port('veth2', 'br1', '0a:00:00:00:01:02'),
    port('veth3', 'cni0', '0a:00:00:00:01:03'),
    vxlan('flannel.1', 8472, true),
    vxlan('off', 8472, false),
    vxlan('iana', 4789, true),
  ],
  routes: [
    { table: 'cache', dst: '10.1.20.3/32', dev: 'eth0', mtu: 1400 },
    { table: 'main', dst: '10.1.20.4/32', dev: 'eth0', mtu: 1300 },
    { table: 'cache', dst: '10.2.0.0/16', dev: 'eth0', mtu: 1200 },
  ],
  leases: [
    { daemon: 'flanneld', subnet: '10.1.15.0/24', publicIp: '192.168.0.100', backendType: 'udp' },
    { daemon: 'flanneld', subnet: '10.1.20.0/24', publicIp: '192.168.0.200', backendType: 'udp' },
    { daemon: 'other', subnet: '10.1.30.0/24', publicIp: '192.168.0.201', backendType: 'udp' },
  ],
})

describe('links', () => {
  it('list the ports of a bridge and know their MACs', () => {
    expect(portsOf(n, 'cni0').map((d) => d.name)).toEqual(['veth1', 'veth3'])
    expect(portsOf(n, 'br9')).toEqual([])
    expect([
      isPortMac(n, 'cni0', '0a:00:00:00:01:03'),
      isPortMac(n, 'cni0', '0a:00:00:00:01:02'),
      isPortMac(n, 'br9', '0a:00:00:00:01:02'),
    ]).toEqual([true, false, false])
  })
  it('find the tunnels that receive on a port', () => {
    expect([8472, 4789, 1].map((p) => vxlansOn(n, p).map((d) => d.name))).toEqual([
      ['flannel.1'],
      ['iana'],
      [],
    ])
  })
})

describe('leases', () => {
  it.each([
    ['flanneld', '10.1.20.3', 1],
    ['flanneld', '10.1.15.2', -1],
    ['flanneld', '10.1.30.1', -1],
    ['other', '10.1.30.1', 2],
    ['none', '10.1.20.3', -1],
  ])('%s has for %s row %i', (daemon, dst, row) => {
    expect(lookupLease(n, { name: daemon, local: '192.168.0.100' }, dst)).toBe(row)
  })
})

describe('a learned path MTU', () => {
  it.each([
    ['10.1.20.3', 1400],
    ['10.1.20.4', null],
    ['10.2.0.1', null],
  ])('for %s is %s', (dst, mtu) => expect(cachedMtu(n, dst)).toBe(mtu))
  it('is null where nothing was learned', () => expect(cachedMtu(ns({}), '10.1.20.3')).toBeNull())
})
