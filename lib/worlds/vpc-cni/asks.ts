import { COMMON, DENY, lowerMtu, NO_ENDPOINTS } from '#lib/worlds/titles.ts'
import type { Asks } from '#lib/worlds/entry.ts'
import type { entry } from './entry.ts'

export const asks = {
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
    'plugin-1-0':
      'The plugin of June 2018, v1.0: no marks, and all that is not for the VPC leaves by eth0',
    'plugin-1-3':
      'The plugin of November 2018, v1.3: rule 1536 is for the VPC only, and the rest leaves by eth0',
    'exclude-peer':
      'The plugin leaves the peered VPC out of its SNAT: EXCLUDE_SNAT_CIDRS=172.16.0.0/16',
    'external-snat': 'The plugin translates nothing: EXTERNALSNAT=true, without a NAT gateway',
    'mtu-9001': 'MTU 9001 on ENIs and pods, the plugin’s own default since v1.3',
    'eth0-strict': 'Strict rp_filter on eth0 of node-1, which the plugin had made loose',
    'no-endpoints': NO_ENDPOINTS,
    ...COMMON,
  },
  leavesOut: [
    'Where the VPC carries a packet between hosts, and in what wrapping, AWS does not publish: it is one step here.',
    'ipamd, which assigns addresses to ENIs, NetworkPolicy and the cluster’s DNS are not in this world.',
    'kube-proxy’s random choice of an endpoint follows from the connection and a number of the flow: the same flow always ends at the same pod.',
    'MTU 1500 as at the launch of EKS; 9001 is the default since v1.3.0 of the plugin.',
    'The rows are those of v1.23 of the plugin with its marks in iptables; on nodes whose iptables are nftables it writes them there. Of the versions between v1.3 and v1.23 none is here.',
    'The peered VPC has one machine, and lets everything pass: its own groups, lists and routes are not here. There is no NAT gateway.',
  ],
} as const satisfies Asks<typeof entry>
