import { describe, expect, it } from 'vitest'
import { lookupFdb, lookupVxlanFdb } from '#lib/lookup/fdb.ts'
import { lookupNeigh } from '#lib/lookup/neigh.ts'
import { lookupSocket } from '#lib/lookup/socket.ts'
import { sysctl, sysctlRow } from '#lib/lookup/sysctl.ts'
import { ns } from './spaces.ts'

const n = ns({
  neigh: [
    { ip: '10.0.0.2', dev: 'eth0', lladdr: '02:00:00:00:00:02', state: 'REACHABLE' },
    { ip: '10.0.0.2', dev: 'eth1', lladdr: null, state: 'FAILED' },
  ],
  fdb: [
    { mac: '02:00:00:00:00:0a', dev: 'veth1', master: 'cni0', state: 'learned' },
    { mac: '02:00:00:00:00:0a', dev: 'flannel.1', dst: '192.168.0.200', state: 'permanent' },
    { mac: '02:00:00:00:00:0b', dev: 'vxlan1', master: 'br1', state: 'learned' },
    { mac: '02:00:00:00:00:0b', dev: 'vxlan1', dst: '192.168.0.201', state: 'permanent' },
    { mac: '00:00:00:00:00:00', dev: 'vxlan1', dst: '192.168.0.202', state: 'permanent' },
  ],
  sysctls: [{ key: 'net.ipv4.ip_forward', value: 0 }],
  sockets: [
    { proto: 'tcp', port: 80, program: 'any' },
    { proto: 'tcp', port: 80, addr: '10.0.0.1', program: 'one' },
    { proto: 'udp', port: 53, addr: '0.0.0.0', program: 'dns' },
    { proto: 'udp', port: 54, addr: '10.0.0.1', program: 'dns' },
  ],
})

describe('neighbours', () => {
  it.each([
    ['eth0', '10.0.0.2', 0],
    ['eth1', '10.0.0.2', 1],
    ['eth2', '10.0.0.2', -1],
    ['eth0', '10.0.0.3', -1],
  ])('%s %s is row %i', (dev, ip, row) => expect(lookupNeigh(n, dev, ip)).toBe(row))
  it('serves no stale row', () => {
    const after = { ...n, neigh: n.neigh.slice(1) }
    expect(lookupNeigh(after, 'eth0', '10.0.0.2')).toBe(-1)
    expect(lookupNeigh(after, 'eth1', '10.0.0.2')).toBe(0)
  })
})

describe('forwarding entries', () => {
  it.each([
    ['cni0', '02:00:00:00:00:0a', 0],
    ['br1', '02:00:00:00:00:0b', 2],
    ['flannel.1', '02:00:00:00:00:0a', -1],
    ['cni0', '00:00:00:00:00:00', -1],
  ])('bridge %s %s is row %i', (dev, mac, row) => expect(lookupFdb(n, dev, mac)).toBe(row))
  it.each([
    ['flannel.1', '02:00:00:00:00:0a', 1],
    ['vxlan1', '02:00:00:00:00:0b', 3],
    ['flannel.1', '02:00:00:00:00:0c', -1],
    ['vxlan1', 'ff:ff:ff:ff:ff:ff', 4],
    ['veth1', '02:00:00:00:00:0a', -1],
  ])('vxlan %s %s is row %i', (dev, mac, row) => expect(lookupVxlanFdb(n, dev, mac)).toBe(row))
})

describe('sysctls', () => {
  it('are the row or the default', () => {
    expect(sysctl(n, 'net.ipv4.ip_forward', 1)).toBe(0)
    expect(sysctlRow(n, 'net.ipv4.ip_forward')).toBe(0)
    expect(sysctl(n, 'net.ipv4.conf.all.rp_filter', 2)).toBe(2)
    expect(sysctlRow(n, 'net.ipv4.conf.all.rp_filter')).toBe(-1)
  })
})

describe('sockets', () => {
  it.each([
    ['tcp', '10.0.0.1', 80, 1],
    ['tcp', '10.0.0.9', 80, 0],
    ['udp', '10.0.0.1', 80, -1],
    ['udp', '10.0.0.1', 53, 2],
    ['udp', '10.0.0.2', 54, -1],
    ['tcp', '10.0.0.1', 81, -1],
  ] as const)('%s %s:%i is row %i', (proto, ip, port, row) =>
    expect(lookupSocket(n, proto, { ip, port })).toBe(row),
  )
})
