import { describe, expect, it } from 'vitest'
import type { Route, Rule } from '#lib/topology/rows.ts'
import { lookupRoute, type RouteBy } from '#lib/lookup/route.ts'
import { link, LO, ns } from './spaces.ts'

const eth0 = link('eth0', ['192.168.0.100/24'])
const eth1 = link('eth1', ['192.168.0.110/24'])
const pod = link('eni1', [])
const down = link('down0', ['10.7.0.1/24'], { up: false })

describe('one table', () => {
  const routes: Route[] = [
    { table: 'main', dst: '0.0.0.0/0', via: '192.168.0.1', dev: 'eth0' },
    {
      table: 'main',
      dst: '192.168.0.0/24',
      dev: 'eth0',
      src: '192.168.0.100',
      proto: 'kernel',
      scope: 'link',
    },
    { table: 'main', dst: '10.1.0.0/16', via: '192.168.0.200', dev: 'eth0', metric: 100 },
    { table: 'main', dst: '10.1.0.0/16', via: '192.168.0.201', dev: 'eth0', metric: 50, mtu: 1450 },
    { table: 'main', dst: '10.1.15.0/24', dev: 'eni1' },
    { table: 'main', dst: '10.1.20.0/24', type: 'blackhole' },
    { table: 'main', dst: '10.1.21.0/24', type: 'unreachable' },
    { table: 'main', dst: '10.1.22.0/24', type: 'prohibit' },
    { table: 'main', dst: '10.1.23.0/24', dev: 'down0' },
    { table: 'main', dst: '10.1.24.0/24', dev: 'nowhere' },
    { table: 'main', dst: '10.1.25.0/24', via: '192.168.0.9' },
    { table: 'main', dst: '10.1.26.0/24', via: '10.200.0.9' },
    { table: 'cache', dst: '10.1.15.9/32', dev: 'eth0', mtu: 1400 },
  ]
  const n = ns({ devs: [LO, eth0, eth1, pod, down], routes })

  it.each([
    ['192.168.0.100', 'local', null, 'lo', null, '192.168.0.100', []],
    ['127.0.0.53', 'local', null, 'lo', null, '127.0.0.1', []],
    ['10.7.0.1', 'local', null, 'lo', null, '10.7.0.1', []],
    ['192.168.0.255', 'broadcast', null, 'eth0', null, '192.168.0.100', []],
    ['127.255.255.255', 'broadcast', null, 'lo', null, '127.0.0.1', []],
    ['192.168.0.7', 'unicast', 1, 'eth0', null, '192.168.0.100', [0]],
    ['8.8.8.8', 'unicast', 0, 'eth0', '192.168.0.1', '192.168.0.100', []],
    ['10.1.3.4', 'unicast', 3, 'eth0', '192.168.0.201', '192.168.0.100', [2, 0]],
    ['10.1.15.9', 'unicast', 4, 'eni1', null, '192.168.0.100', [3, 2, 0]],
    ['10.1.20.1', 'blackhole', 5, null, null, null, [3, 2, 0]],
    ['10.1.21.1', 'unreachable', 6, null, null, null, [3, 2, 0]],
    ['10.1.22.1', 'prohibit', 7, null, null, null, [3, 2, 0]],
    ['10.1.23.1', 'unicast', 3, 'eth0', '192.168.0.201', '192.168.0.100', [2, 0]],
    ['10.1.24.1', 'unicast', 3, 'eth0', '192.168.0.201', '192.168.0.100', [2, 0]],
    ['10.1.25.1', 'unicast', 10, 'eth0', '192.168.0.9', '192.168.0.100', [3, 2, 0]],
    ['10.1.26.1', 'unicast', 3, 'eth0', '192.168.0.201', '192.168.0.100', [2, 0]],
  ])('%s is %s by row %s', (dst, type, matched, dev, via, src, rejected) => {
    expect(lookupRoute(n, dst, {})).toMatchObject({
      type,
      matched,
      dev,
      via,
      src,
      rejected,
      rule: matched === null ? 0 : 1,
    })
  })

  it('carries the mtu of the route and the row of the owner', () => {
    expect(lookupRoute(n, '10.1.3.4', {}).mtu).toBe(1450)
    expect(lookupRoute(n, '8.8.8.8', {}).mtu).toBeNull()
    expect(lookupRoute(n, '192.168.0.110', {}).localDev).toBe(2)
    expect(lookupRoute(n, '8.8.8.8', {}).localDev).toBeNull()
  })

  it('has no route where no row contains the address', () => {
    expect(
      lookupRoute(ns({ devs: [LO, eth0], routes: routes.slice(1) }), '8.8.8.8', {}),
    ).toMatchObject({ type: 'none', matched: null, dev: null })
  })

  it('sees a device go down though the routes did not change', () => {
    expect(
      lookupRoute({ ...n, devs: [LO, { ...eth0, up: false }, eth1, pod] }, '8.8.8.8', {}).type,
    ).toBe('none')
    expect(lookupRoute(n, '8.8.8.8', {}).type).toBe('unicast')
  })
})

describe('policy rules of a VPC CNI node', () => {
  const rules: Rule[] = [
    { priority: 32767, table: 'default' },
    { priority: 32766, table: 'main' },
    { priority: 0, table: 'local' },
    { priority: 512, table: 'main', to: '192.168.0.111/32' },
    { priority: 1024, table: 'main', fwmark: { value: 0x80, mask: 0x80 } },
    { priority: 1536, table: '2', from: '192.168.0.111/32' },
    { priority: 1537, table: '3', iif: 'eth1' },
    { priority: 1538, table: '4', iif: 'lo' },
  ]
  const routes: Route[] = [
    { table: '2', dst: '0.0.0.0/0', via: '192.168.0.1', dev: 'eth1' },
    { table: '2', dst: '192.168.0.1/32', dev: 'eth1', scope: 'link' },
    { table: 'main', dst: '0.0.0.0/0', via: '192.168.0.1', dev: 'eth0' },
    { table: 'main', dst: '192.168.0.111/32', dev: 'eni1', scope: 'link' },
    { table: '3', dst: '10.3.0.0/16', dev: 'eth0' },
    { table: '4', dst: '10.4.0.0/16', dev: 'eth1' },
  ]
  const n = ns({ devs: [LO, eth0, eth1, pod], rules, routes })
  const cases: [string, RouteBy, number | null, number | null][] = [
    ['192.168.0.110', { src: '192.168.0.111', iif: 'eni1' }, 2, null],
    ['192.168.0.111', { src: '8.8.8.8', iif: 'eth0' }, 3, 3],
    ['8.8.8.8', { src: '192.168.0.111', iif: 'eni1' }, 5, 0],
    ['8.8.8.8', { src: '192.168.0.111', iif: 'eni1', mark: 0x80 }, 4, 2],
    ['8.8.8.8', { src: '192.168.0.111', iif: 'eni1', mark: 0x4080 }, 4, 2],
    ['8.8.8.8', { src: '192.168.0.111', iif: 'eni1', mark: 0x4000 }, 5, 0],
    ['8.8.8.8', { src: '192.168.0.112', iif: 'eni1' }, 1, 2],
    ['8.8.8.8', {}, 1, 2],
    ['10.3.0.1', { iif: 'eth1' }, 6, 4],
    ['10.3.0.1', { iif: 'eth0' }, 1, 2],
    ['10.4.0.1', {}, 7, 5],
    ['10.4.0.1', { iif: 'eth0' }, 1, 2],
  ]
  it.each(cases)('%s asked with %o: rule row %s, route row %s', (dst, by, rule, matched) => {
    expect(lookupRoute(n, dst, by)).toMatchObject({ rule, matched })
  })

  it('asks local where its rule stands, as in strict mode of security groups for pods', () => {
    const strict: Rule[] = [
      { priority: 10, table: '3', iif: 'eth1' },
      { priority: 20, table: 'local' },
    ]
    const m = ns({
      devs: [LO, eth0, eth1],
      rules: strict,
      routes: [{ table: '3', dst: '0.0.0.0/0', dev: 'eth0' }],
    })
    expect(lookupRoute(m, '192.168.0.100', { iif: 'eth1' })).toMatchObject({
      type: 'unicast',
      rule: 0,
    })
    expect(lookupRoute(m, '192.168.0.100', {})).toMatchObject({ type: 'local', rule: 1 })
  })
})
