import type { Entry } from '#lib/worlds/entry.ts'
import { ROUTED } from '#lib/worlds/limits.ts'
import { COMMON, DENY, lowerMtu, NO_ENDPOINTS, SERVICE_FLOWS } from '#lib/worlds/titles.ts'

export const entry = {
  id: 'vpc-cni',
  title: 'AWS VPC CNI: pods with addresses of the VPC',
  short: 'VPC CNI',
  flows: [
    'frontend-1-to-backend-2',
    'ping',
    'large',
    'large-no-df',
    'same-node',
    'to-node',
    'to-internet',
    'metrics-1-to-metrics-2',
    'frontend-1-to-metrics-2',
    'frontend-1-to-metrics-1',
    ...SERVICE_FLOWS,
  ],
  whatIfs: {
    'deny-security-group': DENY,
    'drop-route': 'Delete the default route of table 2 on node-1',
    'drop-pod-route': 'Delete the route to backend-service-2 on node-2',
    'delete-rule-1536':
      'Delete rule 1536 of web-app-frontend-1: its packets leave by the wrong ENI',
    'delete-rule-512': 'Delete rule 512 of backend-service-1: a neighbour is looked for outside',
    'delete-neigh': 'Delete the permanent neighbour entry in web-app-frontend-1',
    'release-address': 'Unassign web-app-frontend-1’s address from its ENI',
    'no-snat': 'Delete the SNAT rule on node-1',
    'forward-drop': 'FORWARD policy DROP on node-2',
    'lower-mtu': lowerMtu('eth1'),
    'no-connmark':
      'Delete the rule that marks what comes in on eth0 for the node: the answer to a node port leaves by the pod’s own ENI',
    'no-endpoints': NO_ENDPOINTS,
    ...COMMON,
  },
  leavesOut: [
    'Where the VPC carries a packet between hosts, and in what wrapping, AWS does not publish: it is one step here.',
    'ipamd, which assigns addresses to ENIs, NetworkPolicy and the cluster’s DNS are not in this world.',
    'kube-proxy’s random choice of an endpoint follows from the connection and a number of the flow: the same flow always ends at the same pod.',
    'MTU 1500 as at the launch of EKS; 9001 is the default since v1.3.0 of the plugin.',
  ],
  traits: {
    addresses: 'vpc',
    between: 'vpc',
    runtime: 'kubernetes',
    bridges: [],
    enis: 2,
    kubeProxy: true,
  },
  limits: ROUTED,
} as const satisfies Entry
