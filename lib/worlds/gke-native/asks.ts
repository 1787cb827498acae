import { COMMON, DOCUMENTS, lowerMtu, NO_ENDPOINTS } from '#lib/worlds/titles.ts'
import type { Asks } from '#lib/worlds/entry.ts'
import type { entry } from './entry.ts'

export const asks = {
  whatIfs: {
    'drop-alias': 'Take node-2’s alias range off its interface',
    'drop-pod-route': 'Delete the route to backend-service-2 on node-2',
    'deny-pod-range': 'Delete the firewall rule that lets the pods’ range in',
    'forward-tcp': 'Delete the rule that accepts TCP in FORWARD of node-2: its policy is DROP',
    intranode:
      'Intranode visibility: netd’s rules send what a pod says to its neighbour out to the VPC too',
    'default-ranges':
      'ip-masq-agent without a ConfigMap: of the ranges that it then leaves alone one has the host outside',
    'no-masquerade': 'Delete the MASQUERADE of ip-masq-agent on node-1',
    'ip-forward-off': COMMON['ip-forward-off'],
    'no-internet-route': COMMON['no-internet-route'],
    'lower-mtu': lowerMtu('eth0'),
    'no-endpoints': NO_ENDPOINTS,
  },
  leavesOut: [
    DOCUMENTS,
    'Google’s VPC stands here in the tables of AWS’s: a firewall rule as a rule of the nodes’ security group, an alias range as a prefix of the interface, the check of what an instance sends as the source/destination check. Google has no network ACL: its rows let all pass.',
    'How the VPC carries a packet between hosts is not published: it is one step here.',
    'Dataplane V1, with kube-proxy in iptables mode; Dataplane V2 is Cilium’s, and not in this world.',
    'Of a node’s own firewall there is what Kubernetes’ start script relies on and adds; SCTP is left out.',
    'MAC addresses, which Google makes of the addresses, are those of the other worlds.',
  ],
} as const satisfies Asks<typeof entry>
