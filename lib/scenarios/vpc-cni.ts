import { cluster, VPC_NAME, type PodSpec } from './cluster.ts'
import { vethName, vpcCni as plugin } from './cni/vpc.ts'
import { whenAsked, type Scenario, type WhatIf } from './scenario.ts'
import { NODES, ping, SEED, tcp } from './seed.ts'
import { NODE_PORT_OPEN, noEndpoints, serviceFlows, SERVICES } from './services.ts'
import { common, DENY, lowerMtu } from './what-ifs.ts'

const TCP_8080 = [{ proto: 'tcp', port: 8080 }] as const
const TCP_9100 = [{ proto: 'tcp', port: 9100 }] as const
/** Four pods on secondary addresses of eth1, one per node on a secondary address of eth0. */
const PODS: readonly PodSpec[] = [
  { name: 'web-app-frontend-1', node: 'node-1', ip: '192.168.0.111', listen: TCP_8080, mac: '56:00:00:00:01:aa', hostMac: '2a:00:00:00:01:aa' },
  { name: 'backend-service-1', node: 'node-1', ip: '192.168.0.112', listen: TCP_8080, mac: '56:00:00:00:01:ab', hostMac: '2a:00:00:00:01:ab' },
  { name: 'metrics-1', node: 'node-1', ip: '192.168.0.101', listen: TCP_9100, eni: 'eth0', mac: '56:00:00:00:01:ac', hostMac: '2a:00:00:00:01:ac' },
  { name: 'web-app-frontend-2', node: 'node-2', ip: '192.168.0.212', listen: TCP_8080, mac: '56:00:00:00:02:aa', hostMac: '2a:00:00:00:02:aa' },
  { name: 'backend-service-2', node: 'node-2', ip: '192.168.0.211', listen: TCP_8080, mac: '56:00:00:00:02:bb', hostMac: '2a:00:00:00:02:bb' },
  { name: 'metrics-2', node: 'node-2', ip: '192.168.0.201', listen: TCP_9100, eni: 'eth0', mac: '56:00:00:00:02:ac', hostMac: '2a:00:00:00:02:ac' },
]

const WHAT_IFS: Readonly<Record<string, WhatIf>> = {
  'deny-security-group': DENY,
  'drop-route': {
    title: 'Delete the default route of table 2 on node-1', expect: 'source-dest-check',
    edits: [{ op: 'del', in: 'node-1', table: 'routes', where: { table: '2', dst: '0.0.0.0/0' } }],
  },
  'drop-pod-route': {
    title: 'Delete the route to backend-service-2 on node-2', expect: 'source-dest-check',
    edits: [{ op: 'del', in: 'node-2', table: 'routes', where: { dst: '192.168.0.211/32', dev: vethName('backend-service-2') } }],
  },
  'delete-rule-1536': {
    title: 'Delete rule 1536 of web-app-frontend-1: its packets leave by the wrong ENI', expect: 'source-dest-check',
    edits: [{ op: 'del', in: 'node-1', table: 'rules', where: { priority: 1536, from: '192.168.0.111/32', table: '2' } }],
  },
  'delete-rule-512': {
    title: 'Delete rule 512 of backend-service-1: a neighbour is looked for outside', expect: 'ttl-exceeded', flow: 'same-node',
    edits: [{ op: 'del', in: 'node-1', table: 'rules', where: { priority: 512, to: '192.168.0.112/32', table: 'main' } }],
  },
  'delete-neigh': {
    title: 'Delete the permanent neighbour entry in web-app-frontend-1', expect: 'neigh-failed',
    edits: [{ op: 'del', in: 'web-app-frontend-1', table: 'neigh', where: { ip: '169.254.1.1', dev: 'eth0' } }],
  },
  'release-address': {
    title: 'Unassign web-app-frontend-1’s address from its ENI', expect: 'source-dest-check',
    edits: [{ op: 'set', in: VPC_NAME, table: 'enis', where: { id: 'eni-node-1-eth1' }, to: { ips: ['192.168.0.110', '192.168.0.112'] } }],
  },
  'no-snat': {
    title: 'Delete the SNAT rule on node-1', expect: 'source-dest-check', flow: 'to-internet',
    edits: [{ op: 'del', in: 'node-1', table: 'netfilter', where: { table: 'nat', chain: 'AWS-SNAT-CHAIN-0', comment: 'AWS, SNAT' } }],
  },
  'forward-drop': {
    title: 'FORWARD policy DROP on node-2', expect: 'netfilter',
    edits: [{ op: 'add', in: 'node-2', table: 'chains', row: { table: 'filter', chain: 'FORWARD', policy: 'DROP' } }],
  },
  'lower-mtu': lowerMtu('eth1'),
  'no-connmark': {
    title: 'Delete the rule that marks what comes in on eth0 for the node: the answer to a node port leaves by the pod’s own ENI', expect: 'source-dest-check', flow: 'node-port',
    edits: [{ op: 'del', in: 'node-1', table: 'netfilter', where: { table: 'mangle', chain: 'PREROUTING', iif: 'eth0', comment: 'AWS, primary ENI' } }],
  },
}

const rows = whenAsked(() => cluster({
  ...SEED, pods: PODS, groups: [...SEED.groups, NODE_PORT_OPEN], services: SERVICES, clusterCidr: null,
  nodes: NODES.map(({ podCidr: _none, ...n }, i) => ({ ...n, eth1: i === 0 ? { ip: '192.168.0.110', mac: '0a:00:00:00:01:01' } : { ip: '192.168.0.210', mac: '0a:00:00:00:02:01' } })),
}, plugin))

/** The same nodes and pods under the AWS VPC CNI: pods have addresses of the VPC. */
export const vpcCni: Scenario = {
  id: 'vpc-cni', title: 'AWS VPC CNI: pods with addresses of the VPC',
  sources: ['https://github.com/aws/amazon-vpc-cni-k8s/blob/master/pkg/networkutils/network.go', 'https://github.com/aws/amazon-vpc-cni-k8s/blob/master/cmd/routed-eni-cni-plugin/driver/driver.go'],
  get topology() { return rows() },
  flows: {
    'frontend-1-to-backend-2': tcp('web-app-frontend-1', '192.168.0.211', 8080),
    ping: ping('web-app-frontend-1', '192.168.0.211'),
    large: { ...ping('web-app-frontend-1', '192.168.0.211', 1472), df: true },
    'same-node': tcp('web-app-frontend-1', '192.168.0.112', 8080),
    'to-node': ping('web-app-frontend-1', '192.168.0.200'),
    'to-internet': tcp('web-app-frontend-1', '203.0.113.10', 443),
    'metrics-1-to-metrics-2': tcp('metrics-1', '192.168.0.201', 9100),
    'frontend-1-to-metrics-2': tcp('web-app-frontend-1', '192.168.0.201', 9100),
    'frontend-1-to-metrics-1': tcp('web-app-frontend-1', '192.168.0.101', 9100),
    // To the pod on node-1: half of all connections, those whose answer needs the connection's mark.
    ...serviceFlows('near'),
  },
  whatIfs: { ...WHAT_IFS, 'no-endpoints': noEndpoints(PODS, null), ...common('delivered') },
  leavesOut: [
    'Where the VPC carries a packet between hosts, and in what wrapping, AWS does not publish: it is one step here.',
    'ipamd, which assigns addresses to ENIs, NetworkPolicy and the cluster’s DNS are not in this world.',
    'kube-proxy’s random choice of an endpoint follows from the connection and a number of the flow: the same flow always ends at the same pod.',
    'MTU 1500 as at the launch of EKS; 9001 is the default since v1.3.0 of the plugin.',
  ],
}
