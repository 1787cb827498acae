import { expect, it } from 'vitest'
import { applyAll, fact, walk } from '#lib/index.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const of = (world: string, name: string): string => {
  const s = SCENARIOS[world]!
  return fact(walk(s.topology, s.flows['frontend-1-to-backend-2']!), name)
}

it.each([
  ['flannel-udp', 'overhead', '28'],
  ['flannel-vxlan', 'overhead', '50'],
  ['vpc-cni', 'overhead', '0'],
  ['flannel-vxlan', 'inner-length', '60'],
  ['flannel-vxlan', 'outer-length', '110'],
  ['flannel-vxlan', 'ip-layers', '2'],
  ['flannel-vxlan', 'mtu-pod', '1450'],
  ['vpc-cni', 'ttl-received', '62'],
  ['flannel-udp', 'crossings', '4'],
  ['flannel-vxlan', 'crossings', '0'],
  ['vpc-cni', 'crossings', '0'],
  ['flannel-vxlan', 'packets-sent', '6'],
  ['flannel-vxlan', 'bytes-sent', '353'],
  ['flannel-vxlan', 'bytes-sent-wrapped', '653'],
  ['vpc-cni', 'bytes-sent-wrapped', '353'],
  ['flannel-vxlan', 'ttl-sent', '64'],
  ['flannel-udp', 'ttl-outer', '64'],
  ['flannel-udp', 'bytes-ip', '20'],
  ['flannel-vxlan', 'bytes-vxlan', '8'],
  ['flannel-udp', 'bytes-vxlan', '0'],
  ['lan', 'bytes-tcp', '40'],
  ['flannel-udp', 'mtu-node', '1500'],
  ['flannel-udp', 'mtu-least', '1472'],
] as const)('%s: %s is %s', (world, name, is) => {
  expect(of(world, name)).toBe(is)
})
it.each([
  ['to-peer', 'seen-source', '192.168.0.100'],
  ['from-peer', 'ends', 'delivered'],
  ['large-no-df', 'size', '3000'],
  ['same-node', 'rounds', '1'],
] as const)('%s: %s is %s', (flow, name, is) => {
  const { topology, flows, whatIfs } = SCENARIOS['vpc-cni']!
  expect(fact(walk(topology, flows[flow]!), name)).toBe(is)
  const then = applyAll(topology, whatIfs['plugin-1-0']!.edits)
  expect(fact(walk(then, flows['from-peer']!), 'ends')).toBe('dropped')
})
it('one that nobody counts is refused, with those there are', () => {
  expect(() => of('vpc-cni', 'age')).toThrow(/no fact is called age; there are overhead, /)
})
