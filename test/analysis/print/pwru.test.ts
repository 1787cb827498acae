import { expect, it } from 'vitest'
import { pwru, walk } from '#lib/index.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

it('names the kernel function of a stage, and none where no kernel is', () => {
  expect([pwru('route'), pwru('neigh'), pwru('xmit')]).toEqual([
    'ip_route_input_noref',
    'neigh_resolve_output',
    '__dev_queue_xmit',
  ])
  expect([pwru('app'), pwru('daemon'), pwru('sg-ingress')]).toEqual([null, null, null])
})
it('tells a tunnel that puts on from one that takes off', () => {
  expect([pwru('tunnel'), pwru('tunnel', 'decapsulate')]).toEqual(['vxlan_xmit', 'vxlan_rcv'])
})
it('has a name for every step inside a namespace that no program takes', () => {
  const s = SCENARIOS['flannel-vxlan']!
  const silent = walk(s.topology, s.flows['service']!).steps.filter((x) => pwru(x.stage) === null)
  expect(silent.filter((x) => x.in !== 'vpc').map((x) => x.stage)).toEqual(
    silent.filter((x) => x.stage === 'app').map((x) => x.stage),
  )
})
