import { expect, it } from 'vitest'
import { tunnelFor } from '#lib/link/ip-tunnel.ts'
import type { IpipDev } from '#lib/topology/devs.ts'

/* ip_tunnel_lookup(): who names most of both ends takes the packet. */

const dev = (name: string, ends: Partial<IpipDev> = {}): IpipDev => ({
  kind: 'ipip',
  name,
  mac: '00:00:00:00:00:00',
  mtu: 1480,
  up: true,
  addrs: [],
  ...ends,
})
const local = '192.168.9.1'
const remote = '192.168.10.2'
const ALL = [
  dev('tunl0'),
  dev('local', { local }),
  dev('remote', { remote }),
  dev('both', { local, remote }),
]
const taken = (devs: readonly IpipDev[]): string | undefined =>
  tunnelFor(devs, { local, remote })?.name

it('both ends before the other one, before its own, before the one that the module makes', () => {
  const order = ALL.map((_, i) => taken(ALL.slice(0, ALL.length - i)))
  expect(order).toEqual(['both', 'remote', 'local', 'tunl0'])
  expect(taken(ALL.toReversed())).toBe('both')
})
it('nobody whose end is another, or who is down', () => {
  expect(taken([dev('a', { local: '192.168.9.2' }), dev('b', { remote: '192.168.10.3' })])).toBe(
    undefined,
  )
  expect(taken(ALL.map((d) => ({ ...d, up: false })))).toBe(undefined)
})
