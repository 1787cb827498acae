import { describe, expect, it } from 'vitest'
import {
  broadcastAddress,
  broadcastDevice,
  deviceByName,
  deviceIndex,
  deviceTowards,
  localAddress,
  loopbackName,
  selectAddress,
  sourceAddress,
} from '#lib/lookup/local.ts'
import { link, LO, ns } from './spaces.ts'

const n = ns({
  devs: [
    LO,
    link('eth0', ['192.168.0.100/24', '192.168.0.101/24', '10.9.0.1/16']),
    link('eth1', ['172.16.0.1/31'], {}),
    link('eth2', ['10.5.0.1/24'], { up: false }),
  ],
})

describe('the local table', () => {
  it.each([
    ['192.168.0.100', 1],
    ['192.168.0.101', 1],
    ['10.9.0.1', 1],
    ['172.16.0.1', 2],
    ['10.5.0.1', 3],
    ['127.0.0.1', 0],
    ['127.200.3.4', 0],
    ['127.255.255.255', -1],
    ['192.168.0.102', -1],
    ['128.0.0.1', -1],
    ['0.0.0.0', -1],
    ['255.255.255.255', -1],
  ])('%s belongs to device row %i', (ip, row) => {
    const hit = localAddress(n, ip)
    expect(hit?.devIndex ?? -1).toBe(row)
    expect(hit?.dev).toBe(row < 0 ? undefined : n.devs[row])
  })

  it('has no 127/8 without a loopback', () => {
    expect(localAddress(ns({ devs: [link('eth0', ['10.0.0.1/24'])] }), '127.0.0.1')).toBeNull()
  })

  it('answers from the new rows after an edit', () => {
    const before = ns({ devs: [link('eth0', ['10.0.0.1/24'])] })
    expect(localAddress(before, '10.0.0.2')).toBeNull()
    const after = { ...before, devs: [link('eth0', ['10.0.0.2/24'])] }
    expect(localAddress(after, '10.0.0.2')?.devIndex).toBe(0)
    expect(localAddress(after, '10.0.0.1')).toBeNull()
    expect(localAddress(before, '10.0.0.1')?.devIndex).toBe(0)
  })
})

describe('broadcast addresses', () => {
  it.each([
    ['255.255.255.255', true],
    ['192.168.0.255', true],
    ['10.9.255.255', true],
    ['127.255.255.255', true],
    ['10.5.0.255', false],
    ['172.16.0.1', false],
    ['192.168.1.255', false],
    ['192.168.0.0', false],
  ])('%s: %s', (ip, is) => expect(broadcastAddress(n, ip)).toBe(is))

  it('names the device', () => {
    expect(broadcastDevice(n, '10.9.255.255')?.dev.name).toBe('eth0')
    expect(broadcastDevice(n, '255.255.255.255')).toBeNull()
  })
})

describe('devices and sources', () => {
  it('are found by name', () => {
    expect(deviceByName(n, 'eth1')).toBe(n.devs[2])
    expect(deviceIndex(n, 'eth2')).toBe(3)
    expect(deviceByName(n, 'eth9')).toBeUndefined()
    expect(deviceIndex(n, 'eth9')).toBe(-1)
    expect(loopbackName(n)).toBe('lo')
  })

  it('finds the device a next hop is on among those that are up', () => {
    expect(deviceTowards(n, '10.9.4.4')?.name).toBe('eth0')
    expect(deviceTowards(n, '10.5.0.9')).toBeNull()
  })

  it('chooses the source as inet_select_addr does', () => {
    const eth0 = n.devs[1]!
    expect(sourceAddress(n, eth0, { via: null })).toBe('192.168.0.100')
    expect(sourceAddress(n, eth0, { via: '10.9.0.254' })).toBe('10.9.0.1')
    expect(sourceAddress(n, eth0, { via: '8.8.8.8' })).toBe('192.168.0.100')
    expect(sourceAddress(n, link('bare', []), { via: null })).toBe('192.168.0.100')
    expect(sourceAddress(ns({ devs: [LO] }), link('bare', []), { via: null })).toBeNull()
  })

  it('asks with an address near the target, and never with one of this host only', () => {
    const eth0 = n.devs[1]!
    expect(selectAddress(n, eth0, '10.9.0.254')).toBe('10.9.0.1')
    expect(selectAddress(n, eth0, '192.168.0.7')).toBe('192.168.0.100')
    expect(selectAddress(n, eth0, '8.8.8.8')).toBe('192.168.0.100')
    expect(selectAddress(n, LO, '127.0.0.1')).toBe('192.168.0.100')
    expect(selectAddress(ns({ devs: [LO] }), LO, '127.0.0.1')).toBeNull()
  })
})
