import { expect, it } from 'vitest'
import { countersDiffer, countersOf } from '#lib/analysis/read/counters.ts'
import { see } from '../../facts/see.ts'

const counts = (w: ReturnType<typeof see>): object =>
  Object.fromEntries([...countersOf(w)].map(([ns, of]) => [ns, Object.fromEntries(of)]))

it('a drop moves the counter that Linux has for it, where it happened', () => {
  expect(counts(see('flannel-vxlan', 'ping', { flow: { ttl: 1 } }))).toEqual({
    'node-1': { IpInHdrErrors: 1 },
  })
  expect(
    counts(see('flannel-vxlan', 'ping', { flow: { proto: 'udp', dport: 9, size: 1 } })),
  ).toEqual({ 'backend-service-2': { UdpNoPorts: 1 } })
  expect(
    counts(see('flannel-vxlan', 'ping', { flow: { proto: 'tcp', dport: 9, size: 1 } })),
  ).toEqual({ 'backend-service-2': { TcpOutRsts: 1 } })
})
it('what arrives moves none', () => {
  expect(counts(see('flannel-vxlan', 'ping'))).toEqual({})
})
it('another count of a kernel is told, a counter that nobody watches is not', () => {
  const ours = countersOf(see('flannel-vxlan', 'ping', { flow: { ttl: 1 } }))
  expect(countersDiffer(ours, { 'node-1': { IpInHdrErrors: 1, IpInReceives: 9 } })).toEqual([])
  expect(countersDiffer(ours, { 'node-1': { IpFragFails: 1 } })).toEqual([
    'node-1: counter IpInHdrErrors: kernel +0, ours +1',
    'node-1: counter IpFragFails: kernel +1, ours +0',
  ])
})
