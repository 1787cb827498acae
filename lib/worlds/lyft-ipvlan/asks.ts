import { lowerMtu, NO_ENDPOINTS } from '#lib/worlds/titles.ts'
import type { Asks } from '#lib/worlds/entry.ts'
import type { entry } from './entry.ts'

export const asks = {
  whatIfs: {
    'node-filters':
      'node-1 drops all that it would forward or take in: what is between pods and the VPC does not notice',
    'eni-down': 'Set eth1 of node-1 down: the pods’ way into the VPC',
    'no-way-back-in':
      'Delete rule 1024 of web-app-frontend-1: what it asks of a Service leaves by the node’s own interface',
    'no-snat-in-pod':
      'Delete the SNAT rule in web-app-frontend-1: what it asks of a Service leaves its ENI with the node’s address',
    'no-masquerade': 'Delete the MASQUERADE of web-app-frontend-1 on node-1',
    'lower-mtu': lowerMtu('eth1'),
    'no-endpoints': NO_ENDPOINTS,
  },
  leavesOut: [
    'Where the VPC carries a packet between hosts, and in what wrapping, AWS does not publish: it is one step here.',
    'The plugin that asks EC2 for addresses and ENIs is not in this world; nor are peered VPCs, to which it can write routes.',
    'Names of host interfaces, tables and chains are drawn or hashed from ids; here they follow from the pods’ names.',
    'The gratuitous ARPs with which the plugin announces a pod are over.',
  ],
} as const satisfies Asks<typeof entry>
