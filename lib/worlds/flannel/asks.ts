import { COMMON, NO_ENDPOINTS } from '#lib/worlds/titles.ts'

/* What is asked of all of flannel's worlds, and what they leave out. */

/** What every backend can be asked, behind its own questions. */
export const WHAT_IFS = {
  'forward-drop': 'FORWARD policy DROP on node-2: flannel’s own rules still accept',
  'forward-drop-alone': 'FORWARD policy DROP on node-1, flannel’s rules gone',
  'br-netfilter-off':
    'Turn off br_netfilter on both nodes: a Service’s pod on the client’s node answers from an address nobody asked',
  'docker-masquerade': 'Docker’s own masquerading on node-1 too',
  'pod-link-down': 'Set backend-service-2’s eth0 down',
  'no-endpoints': NO_ENDPOINTS,
  'hairpin-on':
    'Hairpin mode on for backend-service-1’s port: a pod reaches itself through its Service',
  ...COMMON,
} as const

export const LEAVES_OUT = [
  'MAC addresses that are random on real machines are fixed here, so that they can be read.',
  'The cluster’s DNS is not in this world: a Service is asked for by its address.',
  'kube-proxy’s random choice of an endpoint follows from the connection and a number of the flow: the same flow always ends at the same pod.',
  'Node ports on 127.0.0.1, session affinity and load balancers are not in this world.',
] as const
