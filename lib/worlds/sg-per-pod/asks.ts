import { COMMON, lowerMtu, NO_ENDPOINTS } from '#lib/worlds/titles.ts'
import type { Asks } from '#lib/worlds/entry.ts'
import type { entry } from './entry.ts'

export const asks = {
  whatIfs: {
    standard: 'Standard mode: POD_SECURITY_GROUP_ENFORCING_MODE=standard',
    'early-demux-off': 'DISABLE_TCP_EARLY_DEMUX=true: tcp_early_demux is 0',
    'deny-nodes': 'The pods’ group no longer lets the nodes’ group in',
    'delete-branch': 'Delete the branch ENI of backend-service-1',
    'delete-rule-10': 'Delete rule 10 of what comes in for backend-service-1',
    'vlan-strict': 'Strict rp_filter on vlan.eth.1 of node-1 too',
    'lower-mtu': lowerMtu('eth1'),
    'no-endpoints': NO_ENDPOINTS,
    ...COMMON,
  },
  leavesOut: [
    'Where the VPC carries a packet between hosts, and in what wrapping, AWS does not publish: it is one step here; so is the Nitro card, which knows a branch by its tag.',
    'The trunk is eth1; the controller takes the last slot an instance has.',
    'There is no NAT gateway, which a branch needs to reach the internet.',
    'Pods that were there before a mode is changed keep their rules; here all have the new ones.',
  ],
} as const satisfies Asks<typeof entry>
