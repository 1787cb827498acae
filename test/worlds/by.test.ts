import { describe, expect, it } from 'vitest'
import { provenance, type By } from '#lib/topology/by.ts'
import { LINUX_TABLES, space, spaces, VPC_TABLES, type Ref } from '#lib/topology/topology.ts'
import { parseCluster, SCENARIOS } from '#lib/worlds/all.ts'
import { WORLD_IDS } from '#lib/worlds/index.ts'
import type { Scenario } from '#lib/worlds/scenario.ts'

/** Every row of every space, with who wrote it. */
function rowsOf(s: Scenario) {
  return spaces(s.topology).flatMap((x) => {
    const tables = x.kind === 'vpc' ? VPC_TABLES : LINUX_TABLES
    return tables.flatMap((table) => {
      const rows = (x as unknown as Readonly<Record<string, readonly object[]>>)[table]!
      return rows.map((row, i) => {
        const ref: Ref = { in: x.name, table, row: i }
        return { ref, row, by: provenance(s.topology, ref) }
      })
    })
  })
}
const told = (by: By | null): string => `${by?.who}, ${by?.after}`
const PORTMAP = `packet-walk: 1
network: flannel-vxlan
bridge: cni0
nodes: [{ name: a }]
pods: [{ name: p, node: a, publish: ["127.0.0.1:8080:80"] }]
`

describe('who wrote a row', () => {
  it.each([...WORLD_IDS, 'a file'])('somebody did, of each row of %s', (id) => {
    const s = SCENARIOS[id] ?? parseCluster(PORTMAP)
    const rows = rowsOf(s)
    expect(rows.length).toBeGreaterThan(50)
    expect(rows.filter((r) => r.by === null).map((r) => r.ref)).toEqual([])
  })
  /** Authors of the rows of one table that have these fields. */
  const authorsOf = (id: string, at: string, fields: object): readonly string[] => {
    const [name = '', table] = at.split(' ')
    const s = SCENARIOS[id] ?? parseCluster(id)
    expect(space(s.topology, name)).toBeDefined()
    return [
      ...new Set(
        rowsOf(s)
          .filter((r) => r.ref.in === name && r.ref.table === table)
          .filter((r) => Object.entries(fields).every(([k, x]) => Reflect.get(r.row, k) === x))
          .map((r) => told(r.by)),
      ),
    ]
  }
  it.each([
    ['flannel-vxlan', 'node-1 rules', {}, ['kernel, namespace-created']],
    ['flannel-vxlan', 'node-1 fdb', {}, ['flanneld, lease-added']],
    ['flannel-vxlan', 'node-1 devs', { kind: 'vxlan' }, ['flanneld, node-joined']],
    ['flannel-vxlan', 'node-1 devs', { kind: 'bridge' }, ['dockerd, daemon-started']],
    ['flannel-vxlan', 'node-1 devs', { kind: 'veth' }, ['bridge, pod-created']],
    ['flannel-vxlan', 'node-1 devs', { kind: 'nic' }, ['aws, instance-launched']],
    [
      'flannel-vxlan',
      'node-1 netfilter',
      { chain: 'KUBE-SERVICES' },
      ['kube-proxy, service-changed'],
    ],
    ['flannel-vxlan', 'node-1 netfilter', { chain: 'FLANNEL-FWD' }, ['flanneld, daemon-started']],
    ['flannel-vxlan', 'web-app-frontend-1 routes', { proto: 'kernel' }, ['kernel, address-added']],
    ['flannel-vxlan', 'web-app-frontend-1 sockets', {}, ['program, container-started']],
    ['docker-bridge', 'node-1 sockets', {}, ['docker-proxy, container-started']],
    [
      'docker-bridge',
      'node-1 netfilter',
      { chain: 'DOCKER' },
      ['dockerd, container-started', 'dockerd, daemon-started'],
    ],
    ['docker-bridge', 'node-1 netfilter', { chain: 'FORWARD' }, ['dockerd, daemon-started']],
    ['vpc-cni', 'node-1 rules', { priority: 512 }, ['aws-cni, pod-created']],
    ['vpc-cni', 'node-1 rules', { priority: 32765 }, ['ipamd, eni-attached']],
    ['vpc-cni', 'node-1 netfilter', { chain: 'AWS-SNAT-CHAIN-0' }, ['ipamd, node-joined']],
    ['vpc-cni', 'vpc enis', {}, ['aws, instance-launched']],
    ['vpc-cni', 'vpc sgRules', {}, ['person, vpc-created']],
    [PORTMAP, 'a netfilter', { chain: 'CNI-HOSTPORT-DNAT' }, ['portmap, pod-created']],
    [PORTMAP, 'a devs', { kind: 'bridge' }, ['bridge, pod-created']],
  ])('%s, %s %j', (id, at, fields, expected) => {
    expect(authorsOf(id, at, fields)).toEqual(expected)
  })
})
