import { expect, it } from 'vitest'
import { explain, resolveFlow, walk } from '#lib/index.ts'
import { parseCluster } from '#lib/worlds/all.ts'

const file = (action: string): string =>
  `{ packet-walk: 1, network: docker-bridge, nodes: [{ name: n1 }], pods: [{ name: a, node: n1 }], edits: [{ op: add, in: n1, table: rules, row: { priority: 90, from: 172.17.0.0/16, ipproto: tcp, action: ${action} } }] }`

it.each([
  ['prohibit', 'is refused'],
  ['unreachable', 'is refused'],
  ['blackhole', 'ends here, and nobody is told'],
])('a rule that says %s is named where the packet ends', (action, ends) => {
  const { topology } = parseCluster(file(action))
  const w = walk(topology, resolveFlow(topology, { from: 'a', to: '203.0.113.10:443' }))
  const last = w.steps.find((s) => s.drop !== null)!
  expect(explain(last, w.before)).toBe(
    `Rule 90 (from 172.17.0.0/16 ipproto tcp ${action}) asks no table: the packet ${ends}.`,
  )
})
