import { cluster, GROUP, NODE_GROUP, VPC_NAME, type PodSpec } from './cluster.ts'
import { docker } from './cni/docker.ts'
import { whenAsked, type Scenario, type WhatIf } from './scenario.ts'
import { NODES, ping, PODS, SEED, tcp } from './seed.ts'
import { brNetfilterOff, common, DENY, lowerMtu, setDev } from './what-ifs.ts'

/** Docker gives the same addresses on every host: .2 to the first container, .3 to the second. Each publishes its port 80. */
const CONTAINERS: readonly PodSpec[] = PODS.map((p) => ({
  name: p.name, node: p.node, listen: [{ proto: 'tcp', port: 80 }],
  ...(p.name.startsWith('backend') ? { ip: '172.17.0.3', publish: [{ host: 8080, port: 80 }] } : { ip: '172.17.0.2', publish: [{ host: 8081, port: 80 }] }),
}))
// docker run -p is meant for everybody, so the group lets the published ports in from anywhere.
const PUBLIC = { group: GROUP, direction: 'ingress', proto: 'tcp', ports: [8080, 8081], peer: '0.0.0.0/0' } as const

const WHAT_IFS: Readonly<Record<string, WhatIf>> = {
  'delete-dnat': {
    title: 'Delete the DNAT rule of the published port on node-2', expect: 'no-socket',
    edits: [{ op: 'del', in: 'node-2', table: 'netfilter', where: { table: 'nat', chain: 'DOCKER', dport: 8080 } }],
  },
  'delete-masquerade': {
    title: 'Delete Docker’s MASQUERADE rule on node-1', expect: 'source-dest-check',
    edits: [{ op: 'del', in: 'node-1', table: 'netfilter', where: { table: 'nat', chain: 'POSTROUTING', target: { type: 'MASQUERADE' } } }],
  },
  'delete-accept': {
    title: 'Delete the rule that lets the published port through FORWARD on node-2', expect: 'netfilter',
    edits: [{ op: 'del', in: 'node-2', table: 'netfilter', where: { table: 'filter', chain: 'DOCKER', dst: '172.17.0.3/32' } }],
  },
  'drop-route': {
    title: 'Delete the route to the containers on node-2: the default route leads out, FORWARD does not let it', expect: 'netfilter',
    edits: [{ op: 'del', in: 'node-2', table: 'routes', where: { dst: '172.17.0.0/16' } }],
  },
  'bridge-down': { title: 'Set docker0 down on node-1', edits: [setDev('node-1', 'docker0', { up: false })], expect: 'neigh-failed' },
  'deny-security-group': { ...DENY, title: 'The security group lets nobody in', edits: [...DENY.edits, { op: 'del', in: VPC_NAME, table: 'sgRules', where: { direction: 'ingress', peer: '0.0.0.0/0' } }] },
  'lower-mtu': lowerMtu('eth0'),
  'br-netfilter-off': brNetfilterOff('delivered'),
}

const rows = whenAsked(() => cluster({ ...SEED, role: 'container', groups: [...NODE_GROUP, PUBLIC], nodes: NODES.map((n) => ({ ...n, podCidr: '172.17.0.0/16' })), pods: CONTAINERS }, docker))

/** Two Docker hosts with docker0 and published ports; nothing else joins them. */
export const dockerBridge: Scenario = {
  id: 'docker-bridge', title: 'Docker: a bridge per host, ports published',
  sources: ['https://github.com/moby/moby/tree/docker-v29.7.2/daemon/libnetwork/drivers/bridge', 'https://github.com/moby/moby/tree/docker-v29.7.2/integration/network/bridge/iptablesdoc/generated'],
  get topology() { return rows() },
  flows: {
    'frontend-1-to-host-2': tcp('web-app-frontend-1', '192.168.0.200', 8080),
    'same-host': tcp('web-app-frontend-1', '172.17.0.3', 80),
    ping: ping('web-app-frontend-1', '172.17.0.3'),
    large: { ...ping('web-app-frontend-1', '192.168.0.200', 1472), df: true },
    'to-node': ping('web-app-frontend-1', '192.168.0.200'),
    'to-internet': tcp('web-app-frontend-1', '203.0.113.10', 443),
    'internet-to-host-1': tcp('internet', '198.51.100.100', 8080),
  },
  whatIfs: { ...WHAT_IFS, ...common('delivered') },
  leavesOut: [
    'docker-proxy, the program that takes what the DNAT rule leaves out (127.0.0.1, and containers that call their own host), is not in this world.',
    'Containers have the addresses’ own MACs, as up to Docker 27; from 28 on they are random.',
  ],
}
