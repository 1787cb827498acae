import { DOCUMENTS, NO_ENDPOINTS } from '#lib/worlds/titles.ts'
import type { Asks } from '#lib/worlds/entry.ts'
import type { entry } from './entry.ts'

export const asks = {
  whatIfs: {
    'deny-security-group': 'The cluster’s security group no longer lets itself in',
    'probe-unseen': 'The same, and what kubelet asks its own pod does not notice',
    'own-group':
      'A SecurityGroupPolicy gives backend-service-2 a group of its own, which lets tcp 8080 in and nothing else',
    'no-kube-proxy':
      'Delete kube-proxy’s jump from OUTPUT in web-app-frontend-1: the Service’s address goes out as it is',
    'no-default-route': 'Delete the default route of web-app-frontend-1',
    'lower-mtu': 'Lower the MTU of eth0 on web-app-frontend-1 to 1400',
    'no-endpoints': NO_ENDPOINTS,
    'nacl-deny': 'The network ACL denies everything out: only what leaves the subnet notices',
  },
  leavesOut: [
    DOCUMENTS,
    'What AWS has in the machine beside kubelet, kube-proxy and containerd is not published: here the pod’s namespace is the machine’s only one.',
    'There are no DaemonSets, privileged pods, hostPort or hostNetwork, and load balancers know pods by their addresses alone; none of that has a row.',
    'Pods run in private subnets and have no public addresses; there is no NAT gateway here, so nothing reaches the internet.',
    'The cluster’s group is on the interfaces of the control plane too, which is not in this world.',
    'MTU 1500; AWS does not say what a machine of Fargate has.',
  ],
} as const satisfies Asks<typeof entry>
